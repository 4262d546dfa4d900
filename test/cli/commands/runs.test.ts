import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { takeLock } from '../../../src/journal/lock-file.js';
import { startSandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { peopleCsv } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

interface PrintedRun {
  readonly runId: string;
  readonly command: string;
  readonly state: string;
  readonly exitCode: number | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly next: readonly { readonly action: string; readonly command: string | null }[];
}

async function office(): Promise<{
  at: Workplace;
  env: Record<string, string>;
  /** Runs a command line, and expects an exit code. */
  readonly run: (line: string, exitCode?: number) => Promise<void>;
  readonly list: () => Promise<Readonly<Record<string, PrintedRun>>>;
}> {
  const okta = await startSandbox({ rateLimits: { limits: 100_000 } });
  onTestFinished(() => okta.close());
  const at = workplace();
  const env = orgSettings(okta);
  return {
    at,
    env,
    async run(line, exitCode = 0) {
      expect(await cli([...line.split(' '), '--quiet'], { at, env })).toMatchObject({ exitCode });
    },
    async list() {
      const { stdout } = await cli(['runs', '--json'], { at });
      const runs = JSON.parse(stdout) as PrintedRun[];
      return Object.fromEntries(runs.map((run) => [run.runId, run]));
    },
  };
}

function actionsOf(run: PrintedRun | undefined): readonly string[] | undefined {
  return run?.next.map(({ action }) => action);
}

it('lists imports, dry runs, syncs, undos and activations, newest first, with what can be done next', async () => {
  const { at, env, run } = await office();
  at.file('people.csv', peopleCsv(4));
  at.file('bad.csv', peopleCsv(3, { city: 'Oslo' }).replace('p2@example.com,p2@', 'p2,p2@'));
  await run('validate people.csv --run-id check');
  await run('import people.csv --no-activate --run-id staged');
  await run('activate staged');
  await run('undo staged --yes');
  await run('import bad.csv --run-id more', 1);
  await run('sync people.csv --dataset staff --dry-run --run-id plan');
  await run('sync people.csv --dataset staff --run-id night');

  const { stdout, stderr, exitCode } = await cli(['runs'], { at, env });

  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  const host = new URL(env['OKTA_CLIENT_ORGURL']!).host;
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  expect(lines[0]).toEqual(['RUN', 'STARTED (UTC)', 'COMMAND', 'FILE', 'ORG', 'RESULT', 'EXIT', 'NEXT']);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  expect(lines.slice(1)).toEqual([
    ['night', time, 'sync (staff)', 'people.csv', host, '2 created, 2 unchanged', '0', 'verify, undo'],
    [
      'plan',
      time,
      'sync --dry-run (staff)',
      'people.csv',
      host,
      '2 would be created, 2 unchanged',
      '0',
      'sync',
    ],
    ['more', time, 'import', 'bad.csv', host, '2 created, 1 invalid', '1', 'import, verify, undo'],
    ['staged-undo', time, 'undo', 'people.csv', host, '4 deleted', '0'],
    ['staged-activate', time, 'activate', 'people.csv', host, '4 activated', '0'],
    ['staged', time, 'import', 'people.csv', host, '4 created; undone', '0'],
    ['check', time, 'validate', 'people.csv', '4 valid', '0', 'import'],
  ]);
});

it('prints commands to copy, with the flags of the run', async () => {
  const { at, run, list } = await office();
  at.file('bad.csv', peopleCsv(3).replace('p2@example.com,p2@', 'p2,p2@'));
  await run('import bad.csv --no-activate --group Sales --create-groups --run-id it --reports=my/runs', 1);
  expect(await list()).toEqual({});

  const { stdout } = await cli(['runs', '--json', '--reports=my/runs'], { at });

  const [printed] = JSON.parse(stdout) as PrintedRun[];
  expect(printed).toMatchObject({ runId: 'it', folder: 'my/runs/it', isDryRun: false, isUndone: false });
  expect(printed!.next).toEqual([
    {
      action: 'import',
      command:
        'okta-csv-import import my/runs/it/failed.csv --no-activate --group Sales --create-groups --reports my/runs',
    },
    { action: 'activate', command: 'okta-csv-import activate my/runs/it' },
    { action: 'verify', command: 'okta-csv-import verify my/runs/it' },
    { action: 'undo', command: 'okta-csv-import undo my/runs/it' },
  ]);
});

it('lists the newest runs up to a limit, and nothing of a folder that does not exist', async () => {
  const { at, run } = await office();
  at.file('people.csv', peopleCsv(1));
  await run('validate people.csv --run-id one');
  await run('validate people.csv --run-id two');

  const limited = await cli(['runs', '--limit', '1', '--json'], { at });
  expect(JSON.parse(limited.stdout)).toMatchObject([{ runId: 'two' }]);
  expect(await cli(['runs', '--reports=none'], { at })).toMatchObject({
    exitCode: 0,
    stdout: '',
    stderr: expect.stringContaining('There is no run in'),
  });
  expect(await cli(['runs', '--reports=none', '--json'], { at })).toMatchObject({ stdout: '[]\n' });
  expect(await cli(['runs', '--reports=people.csv'], { at })).toMatchObject({ exitCode: 2 });
});

it('shows a run that is in progress, one that was interrupted, and one that stopped early, with their counts so far', async () => {
  const { at, run, list } = await office();
  at.file('people.csv', peopleCsv(6));
  at.file('bad.csv', peopleCsv(6).replaceAll('@example.com,Given', ',Given'));
  await run('import people.csv --run-id running');
  await run('import people.csv --if-exists update --run-id interrupted');
  await run('import bad.csv --max-failures 1 --run-id stopped', 3);
  for (const id of ['running', 'interrupted']) dropLastLine(at, id);
  const folder = join(at.folder, 'reports', 'running');
  const startedAt = new Date(0).toISOString();
  const lock = await takeLock(`${folder}/lock`, { subject: 'it', runId: 'running', startedAt });
  onTestFinished(() => lock.release());

  const { running, interrupted, stopped } = await list();

  expect(running).toMatchObject({ state: 'running', exitCode: null, counts: { created: 6 } });
  expect(actionsOf(running)).toEqual(['report']);
  expect(interrupted).toMatchObject({ state: 'interrupted', exitCode: null, counts: { unchanged: 6 } });
  expect(actionsOf(interrupted)).toEqual(['resume']);
  expect(stopped).toMatchObject({
    state: 'ended',
    exitCode: 3,
    stoppedBecause: expect.stringContaining('max-failures'),
  });
  expect(actionsOf(stopped)?.[0]).toBe('resume');
});

it('does not believe the summary of an earlier process of a resumed run', async () => {
  const { at, run, list } = await office();
  at.file('people.csv', peopleCsv(4));
  await run('import people.csv --canary 2 --run-id it');
  const summary = join(at.folder, 'reports/it/summary.json');
  writeFileSync(
    summary,
    readFileSync(summary, 'utf8')
      .replace('"created": 4', '"created": 2')
      .replace(/"finishedAt": ".*"/, '"finishedAt": "2026-01-01T00:00:00.000Z"'),
  );

  expect((await list())['it']).toMatchObject({ counts: { total: 4, created: 4 }, exitCode: 0 });
});

it('shows a run with an unknown outcome as one to be resumed, although it has ended', async () => {
  const okta = await startSandbox({
    rateLimits: { limits: 100_000 },
    faults: [
      { on: 'createUser', nth: 2, then: 'reset-after-commit' },
      { on: 'getUser', then: 'status-503' },
    ],
  });
  onTestFinished(() => okta.close());
  const at = workplace();
  at.file('people.csv', peopleCsv(2));
  const env = orgSettings(okta);
  await cli(['import', 'people.csv', '--run-id=it', '--quiet', '--give-up-after=1'], { at, env });

  const { stdout } = await cli(['runs', '--json'], { at });

  expect(actionsOf((JSON.parse(stdout) as PrintedRun[])[0])).toEqual(['resume', 'verify']);
});

it('lists nothing that no run has left, and names a run that cannot be read', async () => {
  const { at, run } = await office();
  at.file('people.csv', peopleCsv(1));
  await run('import people.csv --run-id good');
  await run('import people.csv --if-exists skip --run-id damaged');
  const reports = join(at.folder, 'reports');
  const journal = join(reports, 'damaged', 'journal.ndjson');
  writeFileSync(journal, readFileSync(journal, 'utf8').replace('"command":"import"', '"command":"imporT"'));
  for (const folder of ['datasets', 'notes', 'not-begun']) mkdirSync(join(reports, folder));
  writeFileSync(join(reports, 'datasets', 'staff.ndjson'), '');
  writeFileSync(join(reports, 'not-begun', 'journal.ndjson'), '{"type":"ru');
  symlinkSync(join(reports, 'good'), join(reports, 'link'));

  const { stdout, exitCode } = await cli(['runs', '--json'], { at });

  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([
    { runId: 'damaged', problem: 'The first line of its journal is damaged.' },
    { runId: 'good' },
  ]);
  expect(await cli(['runs'], { at })).toMatchObject({
    stdout: expect.stringMatching(/^damaged +The first line/m),
  });
});

it('shows a run whose summary was deleted, and a dry run that has none yet', async () => {
  const { at, run, list } = await office();
  at.file('people.csv', peopleCsv(3));
  await run('import people.csv --run-id it');
  await run('validate people.csv --run-id check');
  for (const id of ['it', 'check']) rmSync(join(at.folder, 'reports', id, 'summary.json'));

  const { it: imported, check } = await list();

  expect(imported).toMatchObject({ state: 'ended', exitCode: 0, counts: { created: 3 } });
  expect(check).toMatchObject({
    command: 'validate',
    isDryRun: true,
    state: 'unfinished',
    file: null,
    counts: null,
  });
  expect(actionsOf(check)).toEqual([]);
});

it('takes the beginning of an ID or "last" in every command that names a run', async () => {
  const { at, env, run } = await office();
  at.file('people.csv', peopleCsv(2));
  await run('import people.csv --no-activate --run-id monday-people');

  expect(await cli(['report', 'mon'], { at })).toMatchObject({
    exitCode: 0,
    stdout: 'reports/monday-people/report.html\n',
  });
  for (const line of ['verify mon', 'activate mon']) {
    expect(await cli(line.split(' '), { at, env })).toMatchObject({ exitCode: 0 });
  }
  for (const line of ['verify last', 'resume last', 'undo last --yes']) {
    const { exitCode, stderr } = await cli(line.split(' '), { at, env });
    expect({ line, exitCode }).toEqual({ line, exitCode: 0 });
    expect(stderr).toMatch(/^The last run.* is monday-people\.$/m);
  }
  expect(at.runIds()).toEqual(['monday-people', 'monday-people-activate', 'monday-people-undo']);
});

/** As if the process had died before the end of the run. */
function dropLastLine(at: Workplace, runId: string): void {
  const path = join(at.folder, 'reports', runId, 'journal.ndjson');
  truncateSync(path, readFileSync(path, 'utf8').trimEnd().lastIndexOf('\n') + 1);
}
