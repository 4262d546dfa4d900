import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { peopleCsv } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

/** An invalid row among valid ones, and a password that no report may show. */
const FILE = peopleCsv(6, { password: 'Correct-Horse-9' }).replace('p4@example.com,p4@example.com', 'p4,p4');
const RUN = 'reports/it';

async function importedRun(): Promise<{ at: Workplace; env: Record<string, string> }> {
  const okta = await startSandbox({ rateLimits: { limits: 100_000 } });
  onTestFinished(() => okta.close());
  const at = workplace();
  const env = orgSettings(okta);
  at.file('people.csv', FILE);
  expect(await cli(['import', 'people.csv', '--run-id=it', '--quiet'], { at, env })).toMatchObject({
    exitCode: 1,
  });
  return { at, env };
}

function pageOf(at: Workplace, run = 'it'): string {
  return readFileSync(join(at.folder, 'reports', run, 'report.html'), 'utf8');
}

function filesOf(at: Workplace, names = ['results.csv', 'failed.csv', 'summary.json']): string[] {
  return names.map((name) => readFileSync(join(at.folder, RUN, name), 'utf8'));
}

it('every import, dry run and undo writes a page and leaves no temporary file', async () => {
  const { at, env } = await importedRun();
  await cli(['validate', 'people.csv', '--run-id=check'], { at });
  await cli(['undo', 'it', '--yes'], { at, env });

  expect(pageOf(at)).toContain('5 of 6 users are in 127.0.0.1');
  expect(pageOf(at, 'check')).toContain('5 of 6 rows are ready to import.');
  expect(pageOf(at, 'it-undo')).toContain('All 5 users were deleted');
  expect(pageOf(at)).not.toContain('Correct-Horse');
  expect(
    readdirSync(join(at.folder, 'reports'), { recursive: true }).filter((name) =>
      String(name).includes('.part'),
    ),
  ).toEqual([]);
});

it('report rebuilds the page without an org, a token or the file', async () => {
  const { at } = await importedRun();
  const before = filesOf(at);
  rmSync(join(at.folder, RUN, 'report.html'));
  rmSync(join(at.folder, 'people.csv'));

  const made = await cli(['report', 'it'], { at });

  expect(made).toMatchObject({ exitCode: 0, stdout: 'reports/it/report.html\n' });
  expect(made.stderr).toMatch(/^Cannot rebuild failed\.csv: .*people\.csv does not exist\.\n$/);
  expect(pageOf(at)).toContain('5 of 6 users are in 127.0.0.1');
  expect(filesOf(at, ['results.csv', 'failed.csv'])).toEqual(before.slice(0, 2));
});

it('report rebuilds reports that are missing or incomplete', async () => {
  const { at } = await importedRun();
  const [results, failed, summary] = filesOf(at);
  rmSync(join(at.folder, RUN, 'failed.csv'));
  truncateSync(join(at.folder, RUN, 'results.csv'), 150);
  truncateSync(join(at.folder, RUN, 'summary.json'), 20);

  const made = await cli(['report', 'it'], { at });

  expect(made.stderr).toBe('');
  expect(filesOf(at, ['results.csv', 'failed.csv'])).toEqual([results, failed]);
  expect(failed).toContain('[redacted]');
  const again = at.run('it').summary;
  expect(again).toMatchObject({
    exitCode: 1,
    stoppedBecause: null,
    counts: { total: 6, created: 5, invalid: 1 },
  });
  const { requests, counts, file } = JSON.parse(summary!) as typeof again;
  expect({ requests: again.requests, counts: again.counts, file: again.file }).toEqual({
    requests,
    counts,
    file,
  });
});

it('report explains why failed.csv cannot be rebuilt after the file has changed, and rebuilds the rest', async () => {
  const { at } = await importedRun();
  const [results] = filesOf(at);
  rmSync(join(at.folder, RUN, 'failed.csv'));
  rmSync(join(at.folder, RUN, 'results.csv'));
  writeFileSync(join(at.folder, 'people.csv'), `${FILE}more\n`);

  const made = await cli(['report', 'it'], { at });

  expect(made.exitCode).toBe(0);
  expect(made.stderr).toMatch(
    /^Cannot rebuild failed\.csv: .*people\.csv is not the file that the run started with\.\n$/,
  );
  expect(filesOf(at, ['results.csv'])).toEqual([results]);
});

it('report shows why a run stopped, and prints the summary as JSON', async () => {
  const { at, env } = await importedRun();
  at.file('bad.csv', peopleCsv(40).replaceAll('@example.com', ''));
  await cli(['import', 'bad.csv', '--run-id=stopped', '--max-failures=3', '--quiet'], { at, env });
  rmSync(join(at.folder, 'reports/stopped/summary.json'));

  const made = await cli(['report', 'stopped', '--json'], { at });

  const summary = JSON.parse(made.stdout) as { stoppedBecause: string; counts: { total: number } };
  expect(summary).toMatchObject({ exitCode: 3, counts: { total: 40 } });
  expect(summary.stoppedBecause).toContain('--max-failures');
  expect(at.run('stopped').summary).toEqual(summary);
  expect(pageOf(at, 'stopped')).toContain('Stopped early');
});

it('a page that cannot be written is reported and does not end the run', async () => {
  const { at, env } = await importedRun();
  mkdirSync(join(at.folder, 'reports/it-undo/report.html'), { recursive: true });

  const undone = await cli(['undo', 'it', '--yes'], { at, env });

  expect(undone.exitCode).toBe(0);
  expect(undone.stderr).toMatch(/Cannot write the report .*report\.html/);
  expect(at.run('it-undo').results).toHaveLength(5);
});

it('the journal has progress samples without secrets', async () => {
  const { at } = await importedRun();
  const samples = at.run('it').journal.filter((line) => line.type === 'sample');

  expect(samples.length).toBeGreaterThanOrEqual(2);
  expect(samples.at(-1)).toMatchObject({ rows: { created: 5, invalid: 1 }, rateLimited: 0 });
  expect(JSON.stringify(samples)).not.toMatch(/Horse|example\.com/);
});

it('report requires a run', async () => {
  const at = workplace();

  expect(await cli(['report', 'nobody'], { at })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('The run "nobody" does not exist'),
  });
});
