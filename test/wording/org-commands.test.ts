import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { fixture, workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

it('the org', async () => {
  const transcript = new Transcript();
  const at = workplace();
  const { env } = await sandboxOrg({ seed: demoSeed });
  const command = (title: string, args: readonly string[], more: object = {}) =>
    transcript.command(title, args, { at, env, ...more });

  await command('whoami', ['whoami']);
  await command('whoami as JSON', ['whoami', '--json']);
  await command('whoami in the sandbox', ['whoami', '--sandbox']);
  await command('whoami without settings', ['whoami'], { env: {} });
  await command('whoami with a wrong token', ['whoami'], { env: { ...env, OKTA_CLIENT_TOKEN: 'wrong' } });
  await command('get', ['get', 'amina.yusuf@example.com', '--format=table']);
  await command('get a user that does not exist', ['get', 'nobody@example.com']);
  await command('list', ['list', '--limit=3']);
  await command('list columns', ['list', '--limit=3', '--columns=login,status,city']);
  await command('list without results', ['list', '--q=nobody']);
  await command('list with a search that the org rejects', ['list', '--search=nonsense']);
  await command('template', ['template']);
  await command('template of the org', ['template', '--org']);
  await command('template explained', ['template', '--org', '--explain']);
  await command('template of a mapping', ['template', '--mapping']);
  const file = at.file('people.csv', 'Mail,Given name,Surname,Badge,Shirt\na@example.com,A,B,1,S\n');
  await command('mapping', ['mapping', file]);
  await command('mapping with the org', ['mapping', file, '--org']);
  await command('mapping into a file', ['mapping', file, '--output=people.yaml']);
  const drafts: readonly (readonly [string, string])[] = [
    ['a known export', readFileSync(fixture('exports/google.csv'), 'utf8')],
    ['another known export', readFileSync(fixture('exports/entra.csv'), 'utf8')],
    ['names only', 'Given name,Surname\nAda,Lovelace\n'],
    ['no useful columns', '2024,2025\n1,2\n'],
  ];
  for (const [title, csv] of drafts) {
    await command(`mapping of ${title}`, ['mapping', at.file('draft.csv', csv)]);
  }
  await command('list with a repeated column', ['list', '--columns=login,login']);
  const noSchema = await sandboxOrg({
    faults: [{ on: 'getUserSchema', then: 'okta-error', errorCode: 'E0000006' }],
  });
  await command(
    'validate without permission to read attributes',
    ['validate', file, '--org', '--ignore-columns=Badge,Shirt'],
    noSchema,
  );
  await command('sandbox', ['sandbox'], { interrupt: Promise.resolve('SIGINT'), env: {} });

  await expect(transcript.text).toMatchFileSnapshot('snapshots/org-commands.txt');
});
