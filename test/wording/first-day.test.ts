import { expect, it } from 'vitest';

import { systemClock, type Clock } from '../../src/clock.js';
import { loginOf, peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

const DAY_MS = 86_400_000;

/** One request at a time, so that everything happens in file order. */
const IN_ORDER = '--concurrency=1';

it('the first days', async () => {
  const transcript = new Transcript();
  const at = workplace();
  let laterMs = 0;
  const now = (): number => systemClock.now() + laterMs;
  const clock: Clock = { ...systemClock, now };
  const { env, okta } = await sandboxOrg({ now });
  const file = at.file('people.csv', peopleCsv(3));
  const command = (title: string, args: readonly string[], more: object = {}) =>
    transcript.command(title, args, { at, env, clock, ...more });

  await command('import', ['import', file, '--run-id=it', IN_ORDER], { shows: 'nothing' });
  await command('status', ['status', 'it']);
  await command('status by attribute', ['status', 'it', '--by=lastName']);
  await command('status as JSON', ['status', 'it', '--by=lastName', '--format=json']);
  await command('status as CSV', ['status', 'it', '--format=csv']);
  await command('status by nothing', ['status', 'it', '--by=lastname']);
  await command('too early', ['remind', 'it']);
  laterMs = 3 * DAY_MS;
  okta.addFault({ on: 'reactivateUser', login: loginOf(2), then: '504-after-commit' });
  await command('a reminder with an unknown outcome', ['remind', 'it', IN_ORDER]);
  await command('reminded a moment ago', ['remind', 'it']);
  await command('ERR_COHORT: no such data set', ['remind', '--dataset=staff']);
  await command('a run and a data set', ['remind', 'it', '--dataset=staff']);
  await command('neither', ['remind']);
  await command('no time', ['remind', 'it', '--every=often']);
  at.file('reports/it/first-day.jsonl', 'nonsense\n');
  await command('ERR_FIRST_DAY_LOG: a damaged log', ['remind', 'it']);

  await expect(transcript.text).toMatchFileSnapshot('snapshots/first-day.txt');
});

it('passwords and links in a file', async () => {
  const transcript = new Transcript();
  const at = workplace();
  const { env, okta } = await sandboxOrg();
  const file = at.file('people.csv', peopleCsv(3));
  const mapping = at.file(
    'people.yaml',
    `profile: { login: login, email: email, firstName: firstName, lastName: lastName }
credentials:
  password: { generate: 16 }
`,
  );
  const command = (title: string, args: readonly string[], more: object = {}) =>
    transcript.command(title, args, { at, env, ...more });
  const withPasswords = ['import', file, `--mapping=${mapping}`, '--run-id=it', IN_ORDER];

  await command('ERR_GENERATED_PASSWORDS: no file', withPasswords);
  await command('ERR_GENERATED_PASSWORDS: staged users', [...withPasswords, '--no-activate']);
  await command('a dry run', ['validate', file, `--mapping=${mapping}`, '--org', '--run-id=plan']);
  await command('links of staged users', ['import', file, '--links=l.csv', '--no-activate']);
  await command('a dry run of links', ['validate', file, '--links=l.csv', '--org', '--run-id=plan-2']);
  await command('a question', [...withPasswords, '--links=letters.html'], { typed: 'no\n' });
  at.file('notes.csv', 'a,b\n');
  await command('a file of something else', [...withPasswords, '--links=notes.csv']);
  okta.addFault({ on: 'createUser', login: loginOf(2), then: '504-after-commit' });
  okta.addFault({
    on: 'expirePasswordWithTempPassword',
    then: 'okta-error',
    errorCode: 'E0000038',
  });
  await command('a password that nobody knows', [...withPasswords, '--links=letters.html']);
  await command('links only', ['sync', file, '--dataset=staff', '--links=links.csv', '--run-id=night']);
  at.file('short.yaml', 'profile: { login: login }\ncredentials: { password: { generate: 8 } }\n');
  await command('too short', ['validate', file, '--mapping=short.yaml']);

  await expect(transcript.text).toMatchFileSnapshot('snapshots/passwords.txt');
});

it('activating many', async () => {
  const transcript = new Transcript();
  const at = workplace();
  const { env } = await sandboxOrg();
  const lines = Array.from({ length: 25 }, (_, index) => {
    const domain = ['com', 'net', 'org'][index % 3];
    return `p${index}@example.com,p${index}@example.${domain},Given ${index},Family`;
  });
  const file = at.file('people.csv', ['login,email,firstName,lastName', ...lines, ''].join('\n'));
  const command = (title: string, args: readonly string[], more: object = {}) =>
    transcript.command(title, args, { at, env, ...more });

  await command('import at a terminal', ['import', file], { typed: 'no\n' });
  await command('plan', ['validate', file, '--org', '--run-id=plan']);
  const sync = ['sync', file, '--dataset=staff', '--run-id=it', '--no-activate', IN_ORDER];
  await command('a data set', sync, { shows: 'nothing' });
  const activate = ['activate', '--dataset=staff', '--per-minute=10000'];
  await command('at a terminal, answered no', activate, { typed: 'no\n' });
  await command('the run, with links', ['activate', 'it', '--links=links.csv', IN_ORDER]);
  await command('links into another file', ['activate', 'it', '--links=again.csv', IN_ORDER]);
  await command('no one is left', ['activate', '--dataset=staff']);
  await command('--early without start dates', ['activate', 'it', '--early']);

  await expect(transcript.text).toMatchFileSnapshot('snapshots/activating-many.txt');
});
