import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { toPageLine } from '../../src/report/html/page-columns.js';
import { writePage, type PageOptions } from '../../src/report/html/write-page.js';
import { count, noCounts } from '../../src/rows/counts.js';
import type { Summary } from '../../src/report/summary.js';
import { AccountCounter } from '../../src/report/account-counts.js';
import { FailureGroups } from '../../src/report/failure-groups.js';
import type { RowOutcome } from '../../src/rows/outcome.js';
import type { Sample } from '../../src/journal/progress-samples.js';
import { workplace } from '../helpers/workplace.js';

const BASE = { attempts: 1, durationMs: 120 };

export function created(row: number, more: { login?: string; oktaId?: string } = {}): RowOutcome {
  return {
    ...BASE,
    row,
    line: row + 1,
    login: more.login ?? `p${row}@example.com`,
    status: 'created',
    oktaId: more.oktaId ?? `00u${String(row).padStart(17, '0')}`,
    userStatus: 'STAGED',
    profileDigest: 'digest',
    requestId: `request-${row}`,
  };
}

export function failed(
  row: number,
  message = 'Okta says no.',
  errorCode = 'E0000001',
  login = `p${row}@example.com`,
): RowOutcome {
  const error = { errorCode, message, requestId: `request-${row}` };
  return { ...BASE, row, line: row + 1, login, status: 'failed', error };
}

export function invalid(
  row: number,
  message = 'email has no @.',
  column = 'Email',
  login = `p${row}@example.com`,
): RowOutcome {
  return {
    ...BASE,
    row,
    line: row + 1,
    login,
    attempts: 0,
    durationMs: 0,
    status: 'invalid',
    problems: [{ code: 'login-not-an-email', column, message }],
  };
}

/** `Given7 Family` */
export function nameOf({ row }: Pick<RowOutcome, 'row'>): string {
  return `Given${row} Family`;
}

/** A run of an hour that waits for the rate limit during half of every minute. */
export function samplesOfAnHour(): Sample[] {
  return Array.from({ length: 361 }, (_, index) => {
    const minutes = Math.floor(index / 6);
    const inMinute = index % 6;
    const sent = minutes * 540 + Math.min(inMinute, 3) * 180;
    return {
      atMs: Date.parse('2026-11-24T02:00:00Z') + index * 10_000,
      rows: { created: sent },
      sent,
      retried: 0,
      rateLimited: Math.floor(minutes / 20),
      concurrencyLimited: 0,
      waits: minutes,
      waitedMs: minutes * 30_000 + Math.max(0, inMinute - 3) * 10_000,
      latency: { from: 20, counts: [10, 80, 300, 900, 700, 200, 60, 20, 9, 2] },
    };
  });
}

export interface MadePage {
  readonly path: string;
  readonly url: string;
}

/** Writes a page with these outcomes. */
export async function makePage(
  outcomes: readonly RowOutcome[],
  {
    summary = {},
    run = {},
    values,
    ...options
  }: Partial<Omit<PageOptions, 'run'>> & {
    summary?: Partial<Summary>;
    run?: Partial<PageOptions['run']>;
    /** The values of a row of a dry run. */
    values?: (outcome: RowOutcome) => readonly string[];
  } = {},
): Promise<MadePage> {
  const folder = options.folder ?? workplace().folder;
  const counts = noCounts();
  const failures = new FailureGroups();
  const accounts = new AccountCounter();
  const lines: string[] = [];
  for (const outcome of outcomes) {
    count(counts, outcome);
    accounts.add(outcome);
    const name = nameOf(outcome);
    lines.push(toPageLine(outcome, { name, causes: failures.add(outcome, name), values: values?.(outcome) }));
  }
  await writePage({
    folder,
    run: {
      state: 'ended',
      totalRows: outcomes.length,
      accounts: accounts.counts,
      summary: {
        runId: '2026-11-24T02-00-00Z-people',
        command: 'import',
        file: { name: 'people.csv', sha256: 'ab'.repeat(32), encoding: 'utf-8', delimiter: ',' },
        org: 'https://acme.okta.com',
        startedAt: '2026-11-24T02:00:00.000Z',
        finishedAt: '2026-11-24T03:00:00.000Z',
        durationMs: 3_600_000,
        counts,
        requests: {
          sent: 32_400,
          retried: 3,
          rateLimited: 3,
          concurrencyLimited: 0,
          waits: 60,
          waitedMs: 1_800_000,
        },
        exitCode: counts.failed + counts.invalid > 0 ? 1 : 0,
        stoppedBecause: null,
        ...summary,
      },
      ...run,
    },
    version: '1.2.3',
    createdAt: '2026-11-24T03:00:01.000Z',
    failures,
    sessions: [samplesOfAnHour()],
    lines,
    ...options,
  });
  const path = join(folder, 'report.html');
  return { path, url: pathToFileURL(path).href };
}
