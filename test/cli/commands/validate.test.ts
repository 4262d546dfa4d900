import { expect, it, onTestFinished } from 'vitest';

import { demoSeed } from '../../../src/sandbox/demo-seed.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { peopleCsv } from '../../helpers/people.js';
import { fixture, workplace } from '../../helpers/workplace.js';

async function demoSandbox(): Promise<Sandbox> {
  const okta = await startSandbox({ seed: demoSeed });
  onTestFinished(() => okta.close());
  return okta;
}

const MISTAKES = fixture('cohort-with-mistakes.csv');
/** Offline, what only the org knows; with the org, what only a create shows. */
const NEEDS_ORG = ['unknown-group'];

function isKnownOffline(code: string): boolean {
  return code !== '' && !NEEDS_ORG.includes(code);
}

it('reports the same for every row as import, offline and without settings', async () => {
  const at = workplace();
  const validated = await cli(['validate', MISTAKES, '--run-id=validated'], { at });
  const imported = await cli(['import', MISTAKES, '--sandbox', '--run-id=imported'], { at });

  expect([validated.exitCode, imported.exitCode]).toEqual([1, 1]);
  const { results: verdicts } = at.run('validated');
  const { results: outcomes } = at.run('imported');
  const known = outcomes.map(({ row, line, status, errorCode, message }) => {
    const codes = status === 'invalid' ? errorCode.split(' ').filter(isKnownOffline) : [];
    return { row, line, errorCode: codes.join(' '), message: codes.length === 0 ? '' : message };
  });
  expect(verdicts.map(({ row, line, errorCode }) => ({ row, line, errorCode }))).toEqual(
    known.map(({ row, line, errorCode }) => ({ row, line, errorCode })),
  );
  // Problems that need the org come after the others.
  const offlineWords = 'is empty, but required unless your org made it optional';
  const expected = verdicts.map(({ message }) => message.replaceAll(offlineWords, 'is required but empty'));
  expect(known.filter(({ message }, index) => !message.startsWith(expected[index]!))).toEqual([]);
});

it('also checks groups, types and attributes of the org with --org, and writes nothing', async () => {
  const okta = await demoSandbox();
  const before = okta.users();
  const at = workplace();
  const validated = await cli(['validate', MISTAKES, '--org', '--run-id=validated'], {
    at,
    env: orgSettings(okta),
  });

  expect(validated.exitCode).toBe(1);
  const { results } = at.run('validated');
  expect(results[0]).toMatchObject({ status: 'would-create', attempts: '0', oktaId: '' });
  expect(results[5]).toMatchObject({ status: 'invalid', errorCode: 'unknown-group' });
  expect(okta.users()).toEqual(before);
  expect(okta.ledger.requests({ operation: 'createUser' })).toBe(0);
});

it('is what import --dry-run does', async () => {
  const at = workplace();
  const validated = await cli(['validate', MISTAKES, '--sandbox', '--run-id=validated'], { at });
  const dryRun = await cli(['import', MISTAKES, '--dry-run', '--sandbox', '--run-id=dry-run'], { at });

  expect(dryRun.exitCode).toBe(validated.exitCode);
  expect(at.run('dry-run').results).toEqual(at.run('validated').results);
});

it('finds no problem in the cohort of the README, offline', async () => {
  const at = workplace();
  const { exitCode, stdout, stderr } = await cli(
    ['validate', fixture('cohort.csv'), '--json', '--run-id=it'],
    { at },
  );

  expect(exitCode).toBe(0);
  expect(stderr).toContain('200 rows, 200 valid.');
  expect(JSON.parse(stdout)).toMatchObject({
    command: 'validate',
    org: null,
    counts: { total: 200, valid: 200 },
  });
});

it('reports the rows before an unclosed quote, names its line, and ends with exit code 2', async () => {
  const at = workplace();
  const file = at.file('people.csv', `${peopleCsv(2)}"p3@example.com,p3@example.com,Given,Family\n`);

  const { exitCode, stderr } = await cli(['validate', file, '--run-id=it'], { at });

  expect(exitCode).toBe(2);
  expect(stderr).toContain('The quote opened on line 4');
  expect(at.run('it').results.map(({ status }) => status)).toEqual(['valid', 'valid']);
});

it('accepts custom attributes offline, and checks them against the schema with the org', async () => {
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(1, { 'profile.level': 'eleven', 'profile.shirtSize': 'XXL' }));

  const offline = await cli(['validate', file, '--run-id=offline'], { at });
  const online = await cli(['validate', file, '--sandbox', '--run-id=online'], { at });

  expect([offline.exitCode, online.exitCode]).toEqual([0, 1]);
  const [row] = at.run('online').results;
  expect(row!.errorCode.split(' ').toSorted()).toEqual(['not-an-integer', 'not-one-of']);
});

it('does not report an unreadable file as having no rows', async () => {
  const at = workplace();
  const file = at.file('people.csv', 'login,firstName\na@example.com,"Ada\n');

  const { exitCode, stderr } = await cli(['validate', file], { at });

  expect(exitCode).toBe(2);
  expect(stderr).toContain('The quote opened on line 2');
  expect(stderr).not.toContain('no rows');
});

it('rejects --only that selects no rows, as import does', async () => {
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(2));

  const { exitCode, stderr } = await cli(['validate', file, '--only', '99'], { at });

  expect(exitCode).toBe(2);
  expect(stderr).toContain('--only 99 selects no rows: the file has 2 rows.');
});
