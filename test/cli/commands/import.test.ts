import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import type { Summary } from '../../../src/report/summary.js';
import { demoSeed } from '../../../src/sandbox/demo-seed.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { loginOf, loginsTo, peopleCsv } from '../../helpers/people.js';
import { fixture, workplace } from '../../helpers/workplace.js';

async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const okta = await startSandbox(options);
  onTestFinished(() => okta.close());
  return okta;
}

it('imports the cohort of the README into a sandbox without any settings', async () => {
  const at = workplace();
  const { exitCode, stdout, stderr } = await cli(
    ['import', fixture('cohort.csv'), '--sandbox', '--run-id=it'],
    {
      at,
    },
  );

  expect(exitCode).toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /^cohort\.csv \(http:\/\/127\.0\.0\.1:\d+\): 200 rows, 200 created\.\nReport: \/.*\/reports\/it\n$/,
  );
  const run = at.run('it');
  expect(run.results).toHaveLength(200);
  expect(new Set(run.results.map(({ oktaId }) => oktaId)).size).toBe(200);
  expect(run.failed).toEqual([]);
});

it('prints only the summary with --json, and its counts add up to the rows of the file', async () => {
  const at = workplace();
  const { exitCode, stdout, stderr } = await cli(
    ['import', fixture('cohort-with-mistakes.csv'), '--sandbox', '--json', '--quiet', '--run-id=it'],
    { at },
  );

  expect(exitCode).toBe(1);
  // Even with --quiet, cron has something to email when rows fail.
  expect(stderr).toContain('25 rows, 11 created, 12 invalid, 2 failed.');
  const summary = JSON.parse(stdout) as Summary;
  expect(summary).toEqual(at.run('it').summary);
  const { total, ...others } = summary.counts;
  expect(total).toBe(25);
  expect(Object.values(others).reduce((sum, count) => sum + count)).toBe(25);
  expect(summary).toMatchObject({
    runId: 'it',
    command: 'import',
    file: {
      name: 'cohort-with-mistakes.csv',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      encoding: 'utf-8',
      delimiter: ',',
    },
    org: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    counts: { created: 11, invalid: 12, failed: 2, notAttempted: 0 },
    requests: { retried: 0, rateLimited: 0 },
    exitCode: 1,
    stoppedBecause: null,
  });
});

it('reports the mistakes of a file: row, line, login, what is wrong and what to do', async () => {
  const at = workplace();
  const { exitCode, stderr } = await cli(
    ['import', fixture('cohort-with-mistakes.csv'), '--sandbox', '--run-id=it'],
    { at },
  );

  expect(exitCode).toBe(1);
  expect(stderr).toContain('25 rows, 11 created, 12 invalid, 2 failed.');
  expect(stderr).toContain('1 row without a value (line 21) was ignored.');
  expect(stderr).toContain('row 2 (line 3) sunniva.lund@example.com');
  expect(stderr).toContain('reports/it/failed.csv');
  const bad = at.run('it').results.filter(({ status }) => status !== 'created');
  expect(
    bad.map(({ row, line, status, errorCode }) => [Number(row), Number(line), status, errorCode]),
  ).toEqual([
    [2, 3, 'invalid', 'required-missing'],
    [4, 5, 'invalid', 'login-not-an-email'],
    [6, 7, 'invalid', 'unknown-group'],
    [8, 9, 'invalid', 'login-repeated'],
    [9, 10, 'invalid', 'row-too-short'],
    [11, 12, 'failed', 'E0000001'],
    [12, 13, 'invalid', 'too-long'],
    [14, 15, 'invalid', 'not-a-country-code'],
    [16, 17, 'invalid', 'not-a-timezone'],
    [18, 19, 'invalid', 'unknown-group'],
    [19, 20, 'invalid', 'unsupported-character'],
    [21, 23, 'failed', 'E0000001'],
    [23, 26, 'invalid', 'row-too-long'],
    [24, 27, 'invalid', 'required-missing login-not-an-email not-a-country-code unknown-group'],
  ]);
  const messageOf = (row: number): string => at.run('it').results[row - 1]!.message;
  expect(messageOf(6)).toContain('no group "Enginering"');
  expect(messageOf(8)).toContain('line 6');
  expect(messageOf(11)).toContain('This login (column "Email") already exists in Okta');
  expect(messageOf(14)).toContain('Write DE.');
  expect(messageOf(21)).toContain('Password requirements were not met');
});

it('reports every row once and in file order, however the requests finish, and the org has exactly those users', async () => {
  const okta = await sandbox({ latencyMs: { min: 0, max: 20 }, faultSeed: 7 });
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(300));

  const { exitCode } = await cli(['import', file, '--concurrency=20', '--run-id=it'], {
    at,
    env: orgSettings(okta),
  });

  expect(exitCode).toBe(0);
  const { results } = at.run('it');
  expect(results.map(({ row, line, login, status }) => [row, line, login, status])).toEqual(
    loginsTo(300).map((login, index) => [String(index + 1), String(index + 2), login, 'created']),
  );
  const inOrderOfCreation = okta.ledger.created.map(({ login }) => login);
  expect(inOrderOfCreation).not.toEqual(loginsTo(300));
  expect(inOrderOfCreation.toSorted()).toEqual(loginsTo(300).toSorted());
  for (const { login, oktaId } of results) expect(okta.findUser(login)?.id).toBe(oktaId);
  expect(okta.ledger.maxInFlight).toBeGreaterThan(10);
  expect(okta.ledger.maxInFlight).toBeLessThanOrEqual(20);
});

it('journals the run, each attempt before its outcome, and the end', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(3));

  await cli(['import', file, '--run-id=it', '--concurrency=1'], { at, env: orgSettings(okta) });

  const { journal, path } = at.run('it');
  for (const row of [1, 2, 3]) {
    const lines = journal.filter((line) => 'row' in line && line.row === row);
    expect(lines.map(({ type }) => type)).toEqual(['attempt', 'outcome']);
  }
  expect([journal[0]?.type, journal.at(-1)?.type]).toEqual(['run', 'finished']);
  expect(journal[0]).toMatchObject({ runId: 'it', org: okta.url, file: { name: 'people.csv', records: 3 } });
  expect(statSync(path).mode & 0o777).toBe(0o700);
  for (const name of ['journal.ndjson', 'results.csv', 'failed.csv', 'summary.json', 'report.html']) {
    expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
  }
});

it('reports a file with a header and no rows, with exit code 0', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file('people.csv', 'login,email,firstName,lastName\n');

  const { exitCode, stderr } = await cli(['import', file, '--run-id=it'], { at, env: orgSettings(okta) });

  expect(exitCode).toBe(0);
  expect(stderr).toContain('0 rows.\nThe file has a header but no rows.');
  expect(at.run('it').results).toEqual([]);
  expect(at.run('it').summary).toMatchObject({ counts: { total: 0 }, exitCode: 0 });
});

it('writes a failed.csv that can be fixed and imported', async () => {
  const okta = await sandbox({ seed: demoSeed });
  const at = workplace();
  const file = at.file(
    'people.csv',
    `Notes;login;email;firstName;lastName;displayName;groups
"one; two";ada@example.com;ada@example.com;Ada;;=1+1;Engineering
;max@example.com;max@example.com;Max;Roth;'@max;Enginering
"three
lines""";eva@example.com;eva@example.com;Eva;Roth;'quoted';
`,
  );
  const flags = ['--ignore-columns=Notes', '--concurrency=1'];
  const first = await cli(['import', file, ...flags, '--run-id=first'], { at, env: orgSettings(okta) });
  const { failed, failedText } = at.run('first');
  const fixed = failedText
    .replace('ada@example.com;Ada;;', 'ada@example.com;Ada;Byron;')
    .replace(';Enginering;', ';Engineering;');
  const second = await cli(['import', at.file('failed.csv', fixed), ...flags, '--run-id=second'], {
    at,
    env: orgSettings(okta),
  });

  expect([first.exitCode, second.exitCode]).toEqual([1, 0]);
  expect(failedText.split('\r\n')[0]).toBe(
    '\uFEFFNotes;login;email;firstName;lastName;displayName;groups;_line;_error',
  );
  expect(failed.map(({ _error, ...cells }) => Object.values(cells))).toEqual([
    ['one; two', 'ada@example.com', 'ada@example.com', 'Ada', '', "'=1+1", 'Engineering', '2'],
    ['', 'max@example.com', 'max@example.com', 'Max', 'Roth', "''@max", 'Enginering', '3'],
  ]);
  expect(okta.findUser('ada')!.profile).toMatchObject({ lastName: 'Byron', displayName: '=1+1' });
  expect(okta.findUser('max')!.profile).toMatchObject({ displayName: "'@max" });
  expect(okta.findUser('eva')!.profile).toMatchObject({ displayName: "'quoted'" });
  expect(okta.groupsOf('max')).toEqual(['Engineering']);
});

it('escapes cells that a spreadsheet would run as a formula in every CSV of the run', async () => {
  const at = workplace();
  const file = at.file(
    'people.csv',
    `login,email,firstName,lastName,title
=HYPERLINK(1)@example.com,ada@example.com,Ada,,+1
-x@,ada@example.com,Ada,Byron,"\t=1"
`,
  );

  await cli(['import', file, '--sandbox', '--run-id=it'], { at });

  const { failed, results, failedText } = at.run('it');
  expect(failed.map(({ login, title }) => [login, title])).toEqual([
    ["'=HYPERLINK(1)@example.com", "'+1"],
    ["'-x@", "'\t'=1"],
  ]);
  expect(results.map(({ login }) => login)).toEqual(["'=HYPERLINK(1)@example.com", "'-x@"]);
  expect(failedText).not.toMatch(/(?:^|,)"?[=+\-@\t]/m);
});

it('writes no secret to the run folder, the terminal or the journal, and shows [redacted] in failed.csv', async () => {
  const okta = await sandbox({ token: '00SecretTokenOfThisTest' });
  const at = workplace();
  const secrets = [
    'hunter2',
    'Xylophone-42',
    'my first dog Rex',
    'c2VjcmV0LXNhbHQ=',
    'S3NlY3JldC1oYXNoLXZhbHVl',
  ];
  const file = at.file(
    'people.csv',
    `login,email,firstName,lastName,password,recoveryQuestion,recoveryAnswer,credentials.password.hash.algorithm,credentials.password.hash.salt,credentials.password.hash.saltOrder,credentials.password.hash.value
a@example.com,a@example.com,Too,Short,${secrets[0]},,,,,,
b@example.com,b@example.com,No,,${secrets[1]},Pet?,${secrets[2]},,,,
c@example.com,c@example.com,Bad,Hash,,,,MD5,${secrets[3]},PREFIX,${secrets[4]}
d@example.com,d@example.com,Good,One,${secrets[1]},Pet?,${secrets[2]},,,,
`,
  );

  const run = await cli(['import', file, '--json', '--run-id=it'], { at, env: orgSettings(okta) });

  expect(run.exitCode).toBe(1);
  const seen = at.everyFileExcept('people.csv') + run.stdout + run.stderr;
  for (const secret of [...secrets, okta.token]) expect(seen).not.toContain(secret);
  const { failed, results } = at.run('it');
  expect(results.map(({ status }) => status)).toEqual(['failed', 'invalid', 'invalid', 'created']);
  expect(failed.map((row) => [row['password'], row['recoveryQuestion'], row['recoveryAnswer']])).toEqual([
    ['[redacted]', '', ''],
    ['[redacted]', 'Pet?', '[redacted]'],
    ['', '', ''],
  ]);
  expect(failed[2]).toMatchObject({
    'credentials.password.hash.salt': '[redacted]',
    'credentials.password.hash.value': '[redacted]',
  });
});

it("keeps Okta's constants in failed.csv, since they are not secret", async () => {
  const at = workplace();
  const file = at.file(
    'people.csv',
    readFileSync(fixture('ways/5-password-hook.csv'), 'utf8').replace('Mansour', ''),
  );

  await cli(['import', file, '--sandbox', '--run-id=it'], { at });

  expect(at.run('it').failed[0]).toMatchObject({ 'credentials.password.hook.type': 'default' });
});

it('rejects a row of the wrong length again when failed.csv is imported without a fix', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file(
    'people.csv',
    `login,email,firstName,lastName,title,city
a@example.com,a@example.com,A,A,Manager, Sales,Leeds
b@example.com,b@example.com,B,B
`,
  );
  await cli(['import', file, '--run-id=first'], { at, env: orgSettings(okta) });

  await cli(['import', 'reports/first/failed.csv'], { at, env: orgSettings(okta) });

  expect(okta.users()).toEqual([]);
});

it('reports an unknown group together with the other problems of its row', async () => {
  const at = workplace();
  const file = at.file(
    'people.csv',
    'login,email,firstName,lastName,groups\na@example.com,a@example.com,,A,Nobodies\n',
  );

  await cli(['import', file, '--sandbox', '--run-id=it'], { at });

  expect(at.run('it').results[0]!.errorCode).toBe('required-missing unknown-group');
});

it('rejects a row that still has [redacted] in place of its secret', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file(
    'people.csv',
    readFileSync(fixture('ways/3-password.csv'), 'utf8').replace('Abebe', ''),
  );
  await cli(['import', file, '--run-id=first'], { at, env: orgSettings(okta) });
  const fixed = at.file('fixed.csv', at.run('first').failedText.replace('Daniel,', 'Daniel,Abebe'));

  const { exitCode } = await cli(['import', fixed, '--run-id=second'], { at, env: orgSettings(okta) });

  expect(exitCode).toBe(1);
  expect(at.run('second').results[0]).toMatchObject({
    status: 'invalid',
    message: expect.stringContaining('[redacted]'),
  });
  expect(okta.ledger.requests({ operation: 'createUser' })).toBe(0);
});

it('reports an existing login, and does not change that user', async () => {
  const okta = await sandbox({ seed: demoSeed });
  const before = okta.findUser('jose.nunez');
  const at = workplace();
  const file = at.file(
    'people.csv',
    'Login,Email,First name,Last name\nJOSÉ.Núñez@example.com,new@example.com,Another,Person\n',
  );

  const { exitCode } = await cli(['import', file, '--run-id=it'], { at, env: orgSettings(okta) });

  expect(exitCode).toBe(1);
  expect(at.run('it').results).toMatchObject([
    {
      status: 'failed',
      attempts: '1',
      errorCode: 'E0000001',
      message: expect.stringContaining('This login (column "Login") already exists in Okta'),
      requestId: expect.stringMatching(/./),
    },
  ]);
  expect(okta.findUser('jose.nunez')).toEqual(before);
});

it.each(['reset-after-commit', '504-after-commit', 'half-json-body'] as const)(
  'creates no user twice when the response to a create is lost (%s)',
  async (then) => {
    const okta = await sandbox({ faults: [{ on: 'createUser', nth: [2, 4], then }] });
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(5));

    const { exitCode } = await cli(['import', file, '--run-id=it', '--concurrency=1'], {
      at,
      env: orgSettings(okta),
    });

    expect(exitCode).toBe(0);
    expect(at.run('it').results.map(({ status }) => status)).toEqual(
      Array.from({ length: 5 }, () => 'created'),
    );
    expect(okta.ledger.created.map(({ login }) => login)).toEqual(loginsTo(5));
    expect(okta.ledger.createsOfTakenLogins).toEqual([]);
  },
);

it("waits for the org's rate limit instead of exceeding it", async () => {
  const okta = await sandbox({ rateLimits: { windowMs: 1000, limits: { '/api/v1/users': 5 } } });
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(12));

  const { exitCode } = await cli(['import', file, '--run-id=it'], { at, env: orgSettings(okta) });

  expect(exitCode).toBe(0);
  expect(okta.users()).toHaveLength(12);
  expect(okta.ledger.rateLimited.rate).toBe(0);
  expect(at.run('it').summary.requests.waits).toBeGreaterThan(0);
  expect(okta.findUser(loginOf(12))).toBeDefined();
});
