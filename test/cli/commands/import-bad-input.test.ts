import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { peopleCsv } from '../../helpers/people.js';
import { recordedOrg } from '../../helpers/recorder.js';
import { fixture, workplace } from '../../helpers/workplace.js';

async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const okta = await startSandbox(options);
  onTestFinished(() => okta.close());
  return okta;
}

interface UnusableFile {
  readonly what: string;
  readonly content: string | Uint8Array;
  readonly texts: readonly string[];
}

const UNUSABLE: readonly UnusableFile[] = [
  { what: 'is empty', content: '', texts: ['The file is empty', 'first line names the columns'] },
  { what: 'holds only blank lines', content: '\n\r\n\n', texts: ['The file is empty'] },
  {
    what: 'has a column twice',
    content: 'login,email,firstName,Email,lastName\na@example.com,a@example.com,A,b@example.com,B\n',
    texts: ['The header on line 1', 'columns 2 and 4 are both named "email"', 'a unique name'],
  },
  {
    what: 'has two columns that mean the same',
    content: 'login,email,firstName,Given name,lastName\na@example.com,a@example.com,A,B,C\n',
    texts: ['Columns "firstName" and "Given name" both mean firstName', 'Ignore one of them'],
  },
  {
    what: 'has a column without a name',
    content: 'login,,firstName,lastName\na@example.com,a@example.com,A,B\n',
    texts: ['The header on line 1', 'column 2 has no name'],
  },
  {
    what: 'has a column that Okta does not know',
    content: 'login,email,firstName,lastName,departmnt\na@example.com,a@example.com,A,B,C\n',
    texts: ['Unknown column "departmnt". Did you mean "department"?'],
  },
  {
    what: 'has no login and no email',
    content: 'firstName,lastName\nA,B\n',
    texts: ['No column provides the login'],
  },
  {
    what: 'has a quote that is never closed',
    content: `${peopleCsv(3)}"p4@example.com,p4@example.com,Given 4,Family\np5@example.com,p5@example.com,Given 5,Family\n`,
    texts: ['The quote opened on line 5', 'is never closed'],
  },
  {
    what: 'has text behind a closing quote',
    content: `${peopleCsv(2)}p3@example.com,p3@example.com,"Given"3,Family\n`,
    texts: ['line 4, in column 3', 'text after a closing quote'],
  },
  {
    what: 'is a damaged workbook',
    content: 'PK\u0003\u0004and so on',
    texts: ['zip data is truncated or damaged', 'again'],
  },
  {
    what: 'is a workbook of the old kind',
    content: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0x41]),
    texts: ['.xls', 'save it as .xlsx'],
  },
];

it.each(UNUSABLE.map((file) => [file.what, file] as const))(
  'sends nothing from a file that %s, and reports where and what to do',
  async (_, { content, texts }) => {
    const okta = await sandbox();
    const at = workplace();
    const file = at.file('people.csv', content);

    const { exitCode, stdout, stderr } = await cli(['import', file], { at, env: orgSettings(okta) });

    for (const words of texts) expect(stderr).toContain(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(okta.ledger.requests({ operation: 'createUser' })).toBe(0);
    expect(existsSync(join(at.folder, 'reports'))).toBe(false);
  },
);

it.each([
  ['does not exist', 'none.csv', 'none.csv does not exist'],
  ['is a folder', 'folder', 'folder is a folder, not a file'],
  ['leads through a file', 'people.csv/more.csv', 'people.csv/more.csv'],
])('reports that a path %s', async (_, path, words) => {
  const at = workplace();
  at.file('people.csv', peopleCsv(1));
  mkdirSync(join(at.folder, 'folder'));

  const { exitCode, stderr } = await cli(['import', path, '--sandbox'], { at });

  expect(stderr).toContain(words);
  expect(exitCode).toBe(2);
});

it('reports ragged rows with their lines, ignores empty ones, and imports the valid rows around them', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file(
    'people.csv',
    `login,email,firstName,lastName,title
a@example.com,a@example.com,A,"Two
lines",Pilot
b@example.com,b@example.com,B

,,,,
c@example.com,c@example.com,C,C,Pilot, Chief
d@example.com,d@example.com,D,D,Pilot,,
`,
  );

  const { exitCode, stderr } = await cli(['import', file, '--run-id=it'], { at, env: orgSettings(okta) });

  expect(exitCode).toBe(1);
  expect(at.run('it').results.map(({ line, login, errorCode }) => [line, login, errorCode])).toEqual([
    ['2', 'a@example.com', ''],
    ['4', 'b@example.com', 'row-too-short'],
    ['7', 'c@example.com', 'row-too-long'],
    ['8', 'd@example.com', ''],
  ]);
  expect(stderr).toContain('1 row without a value (line 6) was ignored.');
  expect(at.run('it').results[1]!.message).toContain('"lastName" and "title" are missing');
  expect(okta.ledger.created.map(({ login }) => login)).toEqual(['a@example.com', 'd@example.com']);
});

it('stops when the file changes while it is read, loses no row, and resumes with the original file', async () => {
  const org = await recordedOrg({ rateLimits: false });
  const at = workplace();
  // The file is read in blocks of 256 KiB; this one has four of them.
  const content = peopleCsv(100, { notes: 'x'.repeat(10_000) });
  const file = at.file('people.csv', content);
  const env = orgSettings(org);
  const hold = org.holdCreatesAfter(3);

  const running = cli(['import', file, '--run-id=it', '--ignore-columns=notes', '--concurrency=1'], {
    at,
    env,
  });
  await hold.waiting(1);
  appendFileSync(join(at.folder, file), 'late@example.com,late@example.com,Late,Comer,x\n');
  hold.release();
  const { exitCode, stderr } = await running;

  expect(exitCode).toBe(3);
  expect(stderr).toContain('people.csv');
  expect(stderr).toMatch(/changed/);
  const { results, summary } = at.run('it');
  const created = results.filter(({ status }) => status === 'created');
  expect(results).toHaveLength(100);
  expect(created.map(({ login }) => login)).toEqual(org.okta.ledger.created.map(({ login }) => login));
  expect(created.length).toBeGreaterThan(3);
  expect(summary.counts).toMatchObject({
    total: 100,
    created: created.length,
    notAttempted: 100 - created.length,
  });

  const early = await cli(['resume', 'it'], { at, env });
  expect(early).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('is not the file that the run started with'),
  });

  at.file('people.csv', content);
  const late = await cli(['resume', 'it', '--concurrency=20'], { at, env });
  expect(late).toMatchObject({ exitCode: 0 });
  expect(org.okta.users()).toHaveLength(100);
  expect(org.okta.ledger.createsOfTakenLogins).toEqual([]);
});

it.each<[string, Record<string, string>, readonly string[]]>([
  ['nothing is set', {}, ['Set OKTA_CLIENT_ORGURL', 'Set OKTA_CLIENT_TOKEN', 'add --sandbox']],
  ['the token is missing', { OKTA_CLIENT_ORGURL: 'https://acme.okta.com' }, ['Set OKTA_CLIENT_TOKEN']],
  [
    'the token holds a space',
    { OKTA_CLIENT_ORGURL: 'https://acme.okta.com', OKTA_CLIENT_TOKEN: '00abc 00def' },
    ['OKTA_CLIENT_TOKEN contains characters that no token has'],
  ],
  [
    'the URL is of the Admin Console',
    { OKTA_CLIENT_ORGURL: 'https://acme-admin.okta.com/admin/users', OKTA_CLIENT_TOKEN: '00abc' },
    ['Use the URL of the org: https://acme.okta.com.'],
  ],
  [
    'the token would travel unencrypted',
    { OKTA_CLIENT_ORGURL: 'http://acme.okta.com', OKTA_CLIENT_TOKEN: '00abc' },
    ['Use https'],
  ],
])('names the setting when %s, without showing a token', async (_, env, texts) => {
  const at = workplace();
  const { exitCode, stderr } = await cli(['import', fixture('cohort.csv')], { at, env });

  for (const words of texts) expect(stderr).toContain(words);
  expect(stderr).not.toContain('00abc');
  expect(exitCode).toBe(2);
  expect(existsSync(join(at.folder, 'reports'))).toBe(false);
});

it('reports that the org rejects the token, before anything is sent', async () => {
  const okta = await sandbox();
  const at = workplace();
  const { exitCode, stderr } = await cli(['import', fixture('cohort.csv')], {
    at,
    env: { ...orgSettings(okta), OKTA_CLIENT_TOKEN: '00NotTheToken' },
  });

  expect(stderr).toContain('401 E0000011');
  expect(stderr).not.toContain('00NotTheToken');
  expect(exitCode).toBe(2);
  expect(okta.ledger.requests({ operation: 'createUser' })).toBe(0);
});

it('names the setting of a token that the org rejects', async () => {
  const okta = await sandbox();
  const { stderr } = await cli(['get', 'me'], {
    at: workplace(),
    env: { ...orgSettings(okta), OKTA_CLIENT_TOKEN: '00NotTheToken' },
  });

  expect(stderr).toContain('OKTA_CLIENT_TOKEN');
});

it('stops when the token is revoked during the run, and reports what was done', async () => {
  const okta = await sandbox({ faults: [{ on: 'createUser', nth: 4, then: 'revoke-token' }] });
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(10));

  const { exitCode, stderr } = await cli(['import', file, '--run-id=it', '--concurrency=1'], {
    at,
    env: orgSettings(okta),
  });

  expect(exitCode).toBe(3);
  expect(stderr).toContain('10 rows, 3 created, 7 not attempted.');
  expect(stderr).toContain('401 E0000011');
  expect(stderr).toContain(`okta-csv-import resume ${at.folder}/reports/it`);
  const { results, summary } = at.run('it');
  expect(results.map(({ status }) => status)).toEqual([
    ...Array.from({ length: 3 }, () => 'created'),
    ...Array.from({ length: 7 }, () => 'not-attempted'),
  ]);
  expect(summary).toMatchObject({ exitCode: 3, stoppedBecause: expect.stringContaining('E0000011') });
});

it('reports that nothing is listening at the org URL', async () => {
  const at = workplace();
  const { exitCode, stderr } = await cli(['import', fixture('cohort.csv'), '--give-up-after=1'], {
    at,
    env: { OKTA_CLIENT_ORGURL: `http://127.0.0.1:${await closedPort()}`, OKTA_CLIENT_TOKEN: '00abc' },
  });

  expect(stderr).toMatch(/http:\/\/127\.0\.0\.1:\d+ has not responded/);
  expect(stderr).toContain('nothing is listening at that address (ECONNREFUSED)');
  expect(stderr).toContain('OKTA_CLIENT_ORGURL');
  expect(exitCode).toBe(3);
});

it('reports that something other than an org responds', async () => {
  const okta = await sandbox({ faults: [{ on: 'any', then: 'html-body', status: 404 }] });
  const { exitCode, stderr } = await cli(['import', fixture('cohort.csv')], {
    at: workplace(),
    env: orgSettings(okta),
  });

  expect(stderr).toContain('404');
  expect(stderr).not.toContain('<html>');
  expect(exitCode).toBe(2);
});

it('reports that the reports folder cannot be used, before anything is sent', async () => {
  const okta = await sandbox();
  const at = workplace();
  at.file('reports', 'a file in the way\n');

  const { exitCode, stderr } = await cli(['import', fixture('cohort.csv')], { at, env: orgSettings(okta) });

  expect(stderr).toContain(`Cannot use the reports folder ${at.folder}/reports`);
  expect(stderr).toContain('--reports');
  expect(exitCode).toBe(2);
  expect(okta.ledger.requests({ operation: 'createUser' })).toBe(0);
});

it('does not quote a first line that looks like a user, since it may contain a password', async () => {
  const at = workplace();
  const file = at.file('people.csv', 'ada@example.com,Ada,Byron,Correct-Horse-7\n');

  const refused = await cli(['import', file, '--sandbox'], { at });

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('Add a first row with the names of the columns');
  expect(refused.stderr).not.toContain('Correct-Horse-7');
});

it('imports a failed.csv whose column names start like formulas', async () => {
  const at = workplace();
  const file = at.file(
    'people.csv',
    'login,email,firstName,lastName,=Notes\na@example.com,a@example.com,A,,x\n',
  );
  const flags = ['--sandbox', '--ignore-columns', '=Notes'];
  await cli(['import', file, '--run-id=it', ...flags], { at });

  const again = await cli(['import', 'reports/it/failed.csv', ...flags], { at });

  expect(again).toMatchObject({ exitCode: 1 });
  expect(again.stderr).toContain('lastName is required but empty');
});

/** A port on which nothing is listening: it was just released. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('not a port');
  return address.port;
}
