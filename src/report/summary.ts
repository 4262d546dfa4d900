import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { PlanEstimate } from '../engine/plan-estimate.js';
import type { RowOutcome, OutcomeStatus } from '../rows/outcome.js';

import { ReportError } from './report-error.js';

/** How many records ended how; they add up to `total`. */
export interface Counts {
  total: number;
  created: number;
  updated: number;
  unchanged: number;
  exists: number;
  invalid: number;
  failed: number;
  notAttempted: number;
  /** Dry runs: nothing wrong with the row. */
  valid: number;
  /** Dry runs that read the org. */
  wouldCreate: number;
  wouldUpdate: number;
  /** `undo`: users that are gone now. */
  removed: number;
  /** `undo`: users that are as they were before the run. */
  restored: number;
  /** `undo`: users that somebody changed since. */
  kept: number;
  /** `activate`. */
  activated: number;
}

/** What `summary.json` holds and `--json` prints. */
export interface Summary {
  readonly runId: string;
  readonly command: string;
  readonly file: {
    readonly name: string;
    readonly sha256: string;
    readonly encoding: string;
    readonly delimiter: string;
  };
  /** The org's URL; null for an offline dry run. */
  readonly org: string | null;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  readonly counts: Counts;
  readonly requests: {
    readonly sent: number;
    readonly retried: number;
    /** Answers of 429, of both kinds. */
    readonly rateLimited: number;
    /** Those of the limit on requests in flight. */
    readonly concurrencyLimited: number;
    /** Waits for a bucket's next window. */
    readonly waits: number;
    readonly waitedMs: number;
  };
  /** Dry runs that read the org: what an import would do. */
  readonly plan?: PlanEstimate | undefined;
  readonly exitCode: number;
  /** In words why the run did not come to its end; null when it did. */
  readonly stoppedBecause: string | null;
}

export function noCounts(): Counts {
  return {
    total: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    exists: 0,
    invalid: 0,
    failed: 0,
    notAttempted: 0,
    valid: 0,
    wouldCreate: 0,
    wouldUpdate: 0,
    removed: 0,
    restored: 0,
    kept: 0,
    activated: 0,
  };
}

const COUNTED_AS: Record<OutcomeStatus, Exclude<keyof Counts, 'total'>> = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  exists: 'exists',
  invalid: 'invalid',
  failed: 'failed',
  'not-attempted': 'notAttempted',
  valid: 'valid',
  'would-create': 'wouldCreate',
  'would-update': 'wouldUpdate',
  removed: 'removed',
  restored: 'restored',
  kept: 'kept',
  activated: 'activated',
};

export function count(counts: Counts, outcome: RowOutcome): void {
  counts.total += 1;
  counts[COUNTED_AS[outcome.status]] += 1;
}

/** Whether every record read is in exactly one of the other counts. */
export function addsUp({ total, ...others }: Counts): boolean {
  return Object.values(others).reduce((sum, each) => sum + each, 0) === total;
}

/** Whole or not at all, so that whoever watches the folder never reads half a summary. @throws {ReportError} */
export async function writeSummary(folder: string, summary: Summary): Promise<void> {
  const path = join(folder, 'summary.json');
  try {
    await writeFile(`${path}.part`, `${JSON.stringify(summary, undefined, 2)}\n`, { mode: 0o600 });
    await rename(`${path}.part`, path);
  } catch (error) {
    throw new ReportError(path, error);
  }
}
