import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings, startCli } from '../helpers/cli.js';
import { fastWaits } from '../helpers/fast-waits.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { recordedOrg } from '../helpers/recorder.js';
import { workplace, type Workplace } from '../helpers/workplace.js';
import { forbidSecondMail } from '../helpers/mails.js';
import { until } from '../helpers/until.js';

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly env: Record<string, string>;
}

/** An org that takes a few milliseconds per request, so that a command can be killed between two requests. */
async function slowOrg(): Promise<Scene> {
  const okta = await startSandbox({ latencyMs: 5, rateLimits: { limits: 100_000 } });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  return { okta, at: workplace(), env: orgSettings(okta) };
}

/** How many outcomes are in the journal of a running import. */
function outcomesIn(at: Workplace): number {
  const journal = readFileSync(join(at.run('it').path, 'journal.ndjson'), 'utf8');
  return journal.split('\n').filter((line) => line.startsWith('{"type":"outcome"')).length;
}

function pageOf(at: Workplace): string {
  return readFileSync(join(at.folder, 'reports', 'it', 'report.html'), 'utf8');
}

it('continues an activation that was killed when the command is run again', async () => {
  const { okta, at, env } = await slowOrg();
  const file = at.file('people.csv', peopleCsv(40));
  await cli(['import', file, '--no-activate', '--run-id=it', '--quiet'], { at, env });
  const running = startCli(['activate', 'it', '--concurrency=2'], { at, env });
  await until(() => okta.ledger.requests({ operation: 'activateUser' }) > 8);
  running.process.kill('SIGKILL');
  await once(running.process, 'close');

  const resumed = await cli(['activate', 'it', '--json'], { at, env });

  expect(JSON.parse(resumed.stdout)).toMatchObject({ exitCode: 0, counts: { activated: 40 } });
  expect(okta.users().every(({ status }) => status === 'PROVISIONED')).toBe(true);
});

it('continues an undo that was killed when the command is run again', async () => {
  const { okta, at, env } = await slowOrg();
  const file = at.file('people.csv', peopleCsv(40));
  await cli(['import', file, '--run-id=it', '--quiet'], { at, env });

  const running = startCli(['undo', 'it', '--yes', '--concurrency=3'], { at, env });
  await until(() => okta.ledger.requests({ operation: 'deleteUser' }) > 10);
  running.process.kill('SIGKILL');
  await running.finished;
  // Whoever cannot be read any more is looked for several times.
  const undone = await cli(['undo', 'it', '--yes'], { at, env, clock: fastWaits });

  expect(undone).toMatchObject({ exitCode: 0 });
  expect(okta.users()).toEqual([]);
  expect(at.run('it-undo').results).toHaveLength(40);
});

it('resumes a run that was killed during its updates, and undo restores every former value', async () => {
  const { okta, at, env } = await slowOrg();
  const first = at.file('first.csv', peopleCsv(60, { title: 'Engineer' }));
  await cli(['import', first, '--run-id=first', '--quiet'], { at, env });
  const before = JSON.stringify(okta.users().map(({ profile }) => profile));
  const file = at.file('people.csv', peopleCsv(60, { title: 'Lead', department: 'Räume' }));
  const running = startCli(['import', file, '--if-exists=update', '--run-id=it', '--concurrency=4'], {
    at,
    env,
  });
  await until(() => okta.ledger.requests({ operation: 'updateUser' }) > 15);
  running.process.kill('SIGKILL');
  await once(running.process, 'close');

  const resumed = await cli(['resume', 'it', '--json'], { at, env });

  expect(JSON.parse(resumed.stdout)).toMatchObject({ exitCode: 0, counts: { total: 60, updated: 60 } });
  expect(okta.users().every(({ profile }) => profile['title'] === 'Lead')).toBe(true);
  const verified = await cli(['verify', 'it', '--json'], { at, env });
  expect(JSON.parse(verified.stdout)).toEqual({ users: 60, differences: [] });

  const undone = await cli(['undo', 'it', '--yes', '--json'], { at, env });
  expect(JSON.parse(undone.stdout)).toMatchObject({ exitCode: 0, counts: { restored: 60 } });
  expect(JSON.stringify(okta.users().map(({ profile }) => profile))).toBe(before);
});

it('reports a run in progress without disturbing it', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const env = orgSettings(org);
  at.file('people.csv', peopleCsv(30));
  const hold = org.holdCreatesAfter(12);
  const running = startCli(['import', 'people.csv', '--run-id=it', '--concurrency=3'], { at, env });
  await hold.waiting(3);

  const made = await cli(['report', 'it'], { at });

  expect(made).toMatchObject({ exitCode: 0, stdout: 'reports/it/report.html\n' });
  expect(made.stderr).toContain('still in progress');
  expect(pageOf(at)).toContain('The run is still in progress.');
  expect(pageOf(at)).toContain('12 of 30 users are in 127.0.0.1');
  expect(pageOf(at)).toContain('18 remaining.');
  hold.release();
  expect(await running.finished).toMatchObject({ exitCode: 0 });
  expect(pageOf(at)).toContain('All 30 users are in 127.0.0.1');
  expect(at.run('it').results).toHaveLength(30);
});

it('reports every row of a run that was killed, and the run can be resumed', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const env = orgSettings(org);
  at.file('people.csv', peopleCsv(30));
  const hold = org.holdCreatesAfter(12);
  const running = startCli(['import', 'people.csv', '--run-id=it', '--concurrency=3'], { at, env });
  await hold.waiting(3);
  // An outcome may wait for others before it is written.
  await until(() => outcomesIn(at) === 12);
  running.process.kill('SIGKILL');
  await running.finished;
  hold.release();

  const made = await cli(['report', 'it'], { at });

  expect(made.stderr).toContain('The run was interrupted. To resume it, run:\n  okta-csv-import resume');
  expect(pageOf(at)).toContain('The process ended before the run was complete.');
  const { results } = at.run('it');
  const rowsWith = (status: string): number => results.filter((line) => line.status === status).length;
  expect([results.length, rowsWith('created')]).toEqual([30, 12]);
  const inDoubt = results.filter(({ errorCode }) => errorCode === 'ERR_OUTCOME_UNKNOWN').length;
  expect([rowsWith('failed'), rowsWith('not-attempted')]).toEqual([inDoubt, 18 - inDoubt]);
  // Three were sent; the attempts of the next few rows were recorded ahead.
  expect(inDoubt).toBeGreaterThanOrEqual(3);
  expect(inDoubt).toBeLessThanOrEqual(3 + 9);
  expect(results.map(({ row, line, login }) => ({ row, line, login }))).toEqual(
    Array.from({ length: 30 }, (_, index) => ({
      row: String(index + 1),
      line: String(index + 2),
      login: expect.stringContaining('@example.com'),
    })),
  );
  expect(await cli(['resume', 'it'], { at, env })).toMatchObject({ exitCode: 0 });
  expect(pageOf(at)).toContain('All 30 users are in 127.0.0.1');
});
