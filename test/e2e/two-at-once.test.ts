import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings, startCli } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { recordedOrg, type RecordedOrg } from '../helpers/recorder.js';
import { workplace } from '../helpers/workplace.js';
import { forbidSecondMail } from '../helpers/mails.js';
import { interceptedOrg } from '../helpers/intercepted-org.js';
import { until } from '../helpers/until.js';

/** Requests that change something. */
function writesTo({ requests }: RecordedOrg): number {
  return requests.filter(({ method }) => method !== 'GET').length;
}

it.each([
  ['undo', ['undo', 'first', '--yes']],
  ['activate', ['activate', 'first']],
])('%s of a run exits with 4 and changes no user while its file is being imported', async (_, command) => {
  const org = await recordedOrg();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(4));
  const env = orgSettings(org);
  await cli(['import', file, '--run-id=first', '--only=1-2', '--no-activate'], { at, env });
  const hold = org.holdCreatesAfter(0);
  const second = startCli(['import', file, '--run-id=second', '--if-exists=skip'], { at, env });
  await hold.waiting(1);
  const before = writesTo(org);

  const refused = await cli(command, { at, env });

  expect(refused.exitCode).toBe(4);
  expect(refused.stderr).toContain(`people.csv for ${org.url} is in use by process ${second.process.pid}`);
  expect(writesTo(org)).toBe(before);
  hold.release();
  expect(await second.finished).toMatchObject({ exitCode: 0 });
});

it('an import of a file exits with 4 and sends nothing while a run of the file is being undone', async () => {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const gate = new AbortController();
  const opened = once(gate.signal, 'abort').then(() => undefined);
  onTestFinished(() => gate.abort());
  let deletes = 0;
  const org = await interceptedOrg(okta, ({ method }) => {
    if (method !== 'DELETE') return undefined;
    deletes += 1;
    return opened;
  });
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(4));
  const env = orgSettings({ url: org.url, token: okta.token });
  await cli(['import', file, '--run-id=first'], { at, env });
  const undo = startCli(['undo', 'first', '--yes', '--concurrency=1'], { at, env });
  await until(() => deletes > 0);

  const refused = await cli(['import', file, '--run-id=second', '--if-exists=update'], { at, env });

  gate.abort();
  expect(refused.exitCode).toBe(4);
  expect(okta.ledger.created).toHaveLength(4);
  expect(await undo.finished).toMatchObject({ exitCode: 0 });
  expect(okta.users()).toEqual([]);
});

it('a process that stood still while another took its run over sends nothing more: exit 3', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(20));
  const hold = org.holdCreatesAfter(2);
  const running = startCli(['import', file, '--run-id=it', '--concurrency=2'], { at, env: orgSettings(org) });
  await hold.waiting(2);
  running.process.kill('SIGSTOP');
  const folder = join(at.folder, 'reports', 'it');
  const lock = JSON.parse(readFileSync(join(folder, 'lock'), 'utf8')) as object;
  const journal = readFileSync(join(folder, 'journal.ndjson'), 'utf8');
  const other = { ...lock, lockId: 'other', host: 'other-machine', pid: 7, runId: 'it' };
  writeFileSync(join(folder, 'lock'), JSON.stringify(other));
  // A lock is checked again after two seconds.
  await new Promise((resolve) => setTimeout(resolve, 2100));
  hold.release();
  running.process.kill('SIGCONT');

  const { exitCode, stderr } = await running.finished;

  expect(exitCode).toBe(3);
  expect(stderr).toContain('Run it was taken over by process 7 on other-machine (run it)');
  expect(org.creates()).toHaveLength(4);
  expect(readFileSync(join(folder, 'journal.ndjson'), 'utf8')).toBe(journal);
  expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toEqual(other);
});

it.each([
  ['run folder', ''],
  ['journal', 'journal.ndjson'],
])('a run whose %s is deleted midway ends with exit 3 and names what is gone', async (_, name) => {
  const org = await recordedOrg();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(6));
  const hold = org.holdCreatesAfter(2);
  const running = startCli(['import', file, '--run-id=it', '--concurrency=1'], { at, env: orgSettings(org) });
  await hold.waiting(1);
  rmSync(join(at.folder, 'reports', 'it', name), { recursive: true });
  hold.release();

  const { exitCode, stderr } = await running.finished;

  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/reports\/it\/(journal\.ndjson|lock).*deleted/);
});

it('a run whose summary cannot be written ends with exit 3 and names the file', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(3));
  const hold = org.holdCreatesAfter(1);
  const running = startCli(['import', file, '--run-id=it', '--concurrency=1'], { at, env: orgSettings(org) });
  await hold.waiting(1);
  // A file cannot be renamed to the name of a folder.
  mkdirSync(join(at.folder, 'reports', 'it', 'summary.json', 'x'), { recursive: true });
  hold.release();

  const { exitCode, stderr } = await running.finished;

  expect(exitCode).toBe(3);
  expect(stderr).toContain('reports/it/summary.json');
  expect(at.run('it').results.map(({ status }) => status)).toEqual(['created', 'created', 'created']);
});
