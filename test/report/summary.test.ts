import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ReportError } from '../../src/report/report-error.js';
import { ResultFiles } from '../../src/report/import-result-files.js';
import { RunReport } from '../../src/report/run-report.js';
import { addsUp, count, noCounts } from '../../src/rows/counts.js';
import { writeSummary, type Summary } from '../../src/report/summary.js';
import { notAttempted, type RowOutcome } from '../../src/rows/outcome.js';
import { createdOutcome, rowOf, tempFolder } from '../engine/build.js';

const base = { login: undefined, attempts: 0, durationMs: 0 };
const outcomesOf: Readonly<Record<string, (row: number) => RowOutcome>> = {
  created: createdOutcome,
  invalid: (row) => ({ ...base, row, line: row, status: 'invalid', problems: [] }),
  failed: (row) => ({
    ...base,
    row,
    line: row,
    status: 'failed',
    error: { errorCode: 'E0000001', message: 'No.', requestId: undefined },
  }),
  'not-attempted': missing,
};

function missing(row: number): RowOutcome {
  return notAttempted(rowOf(row), undefined, 'It ended.');
}

async function openFiles(folder: string): Promise<ResultFiles> {
  const files = await ResultFiles.open({
    folder,
    header: ['login'],
    delimiter: ',',
    secretColumns: new Set(),
  });
  return files;
}

describe('counts', () => {
  it('add up for any outcomes, with every row in exactly one of them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Object.keys(outcomesOf))), (statuses) => {
        const counts = noCounts();
        for (const [index, status] of statuses.entries()) count(counts, outcomesOf[status]!(index + 1));
        expect(addsUp(counts)).toBe(true);
        expect(counts.total).toBe(statuses.length);
        expect(counts.notAttempted).toBe(statuses.filter((status) => status === 'not-attempted').length);
      }),
    );
  });

  it('are checked against the rows read and written', async () => {
    const good = new RunReport(await openFiles(await tempFolder()));
    for (const row of [2, 1]) await good.add({ row: rowOf(row), outcome: createdOutcome(row) });
    await good.close(3, missing);
    expect(good.contradiction(3)).toBeUndefined();
    expect(good.counts).toMatchObject({ total: 3, created: 2, notAttempted: 1 });

    const doubled = new RunReport(await openFiles(await tempFolder()));
    for (const row of [1, 1]) await doubled.add({ row: rowOf(row), outcome: createdOutcome(row) });
    await doubled.close(1, missing);
    expect(doubled.contradiction(1)).toMatch(/1 rows read, 2 counted/);
  });
});

describe('summary.json', () => {
  const summary: Summary = {
    runId: 'run-1',
    command: 'import',
    file: { name: 'people.csv', sha256: 'ab', encoding: 'utf-8', delimiter: ',' },
    org: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:01.000Z',
    durationMs: 1000,
    counts: noCounts(),
    requests: { sent: 0, retried: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 },
    exitCode: 0,
    stoppedBecause: null,
  };

  it('is written atomically, readable by its owner only', async () => {
    const folder = await tempFolder();
    await writeSummary(folder, summary);
    const path = join(folder, 'summary.json');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(summary);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['summary.json']);
  });

  it('that cannot be written throws a report error with its name', async () => {
    const folder = join(await tempFolder(), 'not-there');
    await expect(writeSummary(folder, summary)).rejects.toThrow(ReportError);
    await expect(writeSummary(folder, summary)).rejects.toThrow(/summary\.json/);
  });
});
