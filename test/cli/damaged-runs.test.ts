import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { fastWaits } from '../helpers/fast-waits.js';
import { cli } from '../helpers/in-process-cli.js';
import { journalDamage } from '../helpers/journal-damage.js';
import { loginsTo, peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly env: Readonly<Record<string, string>>;
  /** Of the run. */
  readonly journal: string;
}

/** A run of six rows that stopped after four, one of which failed. */
async function stoppedRun(): Promise<Scene> {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  const env = orgSettings(okta);
  const csv = peopleCsv(6).replace('p3@example.com,p3@example.com', 'p3@example.com,nobody');
  const file = at.file('people.csv', csv);
  await cli(['import', file, '--run-id=it', '--only=1-4', '--concurrency=1'], { at, env });
  return { okta, at, env, journal: join(at.folder, 'reports', 'it', 'journal.ndjson') };
}

/** Changes one digit of the ID of the user of row 2. */
function damageRow2(journal: string): void {
  const text = readFileSync(journal, 'utf8');
  const at = text.indexOf('"oktaId":"', text.indexOf('"type":"outcome","row":2')) + 14;
  writeFileSync(journal, `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`);
}

function writesTo(okta: Sandbox): number {
  return (
    okta.ledger.requests({ operation: 'createUser' }) + okta.ledger.requests({ operation: 'deleteUser' })
  );
}

it('resume of a damaged journal sends nothing, names the line and the ways that are left: exit 2', async () => {
  const { okta, at, env, journal } = await stoppedRun();
  damageRow2(journal);
  const before = writesTo(okta);

  const { exitCode, stderr } = await cli(['resume', 'it'], { at, env });

  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/reports\/it\/journal\.ndjson is damaged: line \d+ cannot be read\./);
  expect(stderr).toMatch(/backup.*report, verify or undo on \S*reports\/it.*--if-exists skip/);
  expect(writesTo(okta)).toBe(before);
});

it('undo of a damaged journal deletes only the users that it proves, and names what was left out: exit 1', async () => {
  const { okta, at, env, journal } = await stoppedRun();
  damageRow2(journal);

  const { exitCode, stderr } = await cli(['undo', 'it', '--yes'], { at, env });

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /is damaged: line \d+ cannot be read\. Rows whose outcome it does not prove are left out\./,
  );
  expect(okta.users().map(({ profile }) => profile.login)).toEqual(['p2@example.com']);
  expect(at.run('it-undo').results.map(({ status }) => status)).toEqual(['removed', 'removed']);
});

it('report and verify of a damaged journal show what it proves, and exit with 1', async () => {
  const { at, env, journal } = await stoppedRun();
  damageRow2(journal);

  const report = await cli(['report', 'it'], { at, env });
  const verify = await cli(['verify', 'it'], { at, env });

  expect([report.exitCode, verify.exitCode]).toEqual([1, 1]);
  expect(report.stderr).toMatch(/is damaged: line \d+ cannot be read\. Rows .* have an unknown outcome\./);
  expect(verify.stderr).toContain('2 users checked');
  expect(at.run('it').results.map(({ status, errorCode }) => `${status} ${errorCode}`)).toEqual([
    'created ',
    'failed ERR_OUTCOME_UNKNOWN',
    'invalid not-an-email',
    'created ',
    'not-attempted ',
    'not-attempted ',
  ]);
  expect(at.run('it').summary).toMatchObject({ exitCode: 1, counts: { created: 2, failed: 1 } });
});

it.each(['', '{"type":"run",'])(
  'resume and import both name the way on when a journal is %j',
  async (text) => {
    const { at, env, journal } = await stoppedRun();
    writeFileSync(journal, text);

    const resume = await cli(['resume', 'it'], { at, env });
    const again = await cli(['import', 'people.csv', '--run-id=it'], { at, env });

    expect([resume.exitCode, again.exitCode]).toEqual([2, 2]);
    expect(resume.stderr).toContain('Delete the run folder, and import the file again with --if-exists skip');
    expect(again.stderr).toContain(`delete ${at.folder}/reports/it: no run was recorded there.`);
  },
);

it('undo starts again when the journal of an earlier undo is empty', async () => {
  const { okta, at, env } = await stoppedRun();
  await cli(['undo', 'it', '--yes', '--concurrency=1'], { at, env });
  writeFileSync(join(at.folder, 'reports', 'it-undo', 'journal.ndjson'), '');

  // Whoever cannot be read any more is looked for several times.
  const { exitCode } = await cli(['undo', 'it', '--yes'], { at, env, clock: fastWaits });

  expect(exitCode).toBe(0);
  expect(okta.users()).toEqual([]);
});

it('undo refuses to go on when the journal of an earlier undo is damaged, and names the way on', async () => {
  const { at, env } = await stoppedRun();
  await cli(['undo', 'it', '--yes'], { at, env });
  const journal = join(at.folder, 'reports', 'it-undo', 'journal.ndjson');
  writeFileSync(journal, readFileSync(journal, 'utf8').replace('"removed"', '"retoved"'));

  const { exitCode, stderr } = await cli(['undo', 'it', '--yes'], { at, env });

  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/it-undo\/journal\.ndjson is damaged: line \d+ cannot be read/);
  expect(stderr).toContain('Restore the folder from a backup, or rename it');
});

it('whatever happens to a journal, no command reports a row wrongly with exit code 0 or prints a stack trace', async () => {
  const { okta, at, env, journal } = await stoppedRun();
  const whole = readFileSync(journal);
  await cli(['report', 'it'], { at, env });
  const truth = at.run('it').results;
  const users = okta.users().map(({ profile }) => profile.login);
  await fc.assert(
    fc.asyncProperty(journalDamage(), async (damage) => {
      const bytes = damage(whole);
      writeFileSync(journal, bytes);

      // The helper rejects stack traces.
      const report = await cli(['report', 'it'], { at, env });
      const reported = report.exitCode === 0 ? at.run('it').results : [];
      const verify = await cli(['verify', 'it'], { at, env });

      // Complete lines that are missing at the end are those of a process that was killed before.
      const complete = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
      const isCut = whole.subarray(0, complete.length).equals(complete);
      const wrong = reported.filter(({ row, status, oktaId }) => {
        const expected = truth[Number(row) - 1];
        const isLost = isCut && status === 'not-attempted';
        return !isLost && (status !== expected?.status || oktaId !== expected.oktaId) && status !== 'failed';
      });
      expect(wrong).toEqual([]);
      expect([report.exitCode, verify.exitCode].every((code) => code !== null && code <= 2)).toBe(true);
    }),
    { numRuns: 60 },
  );
  expect(okta.users().map(({ profile }) => profile.login)).toEqual(users);
  expect(users).toEqual(loginsTo(4).filter((login) => login !== 'p3@example.com'));
});
