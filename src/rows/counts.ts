import type { RowOutcome } from './outcome.js';
import { STATUS_TABLE, type CountName } from './status-table.js';

/** Number of rows per status; the others add up to `total`. */
export type Counts = Record<'total' | CountName, number>;

export function noCounts(): Counts {
  return {
    total: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    suspended: 0,
    deactivated: 0,
    leavers: 0,
    exists: 0,
    invalid: 0,
    failed: 0,
    notAttempted: 0,
    valid: 0,
    wouldCreate: 0,
    wouldUpdate: 0,
    wouldSuspend: 0,
    wouldDeactivate: 0,
    removed: 0,
    restored: 0,
    kept: 0,
    activated: 0,
    reminded: 0,
  };
}

/** Adds one row. */
export function count(counts: Counts, { status }: Pick<RowOutcome, 'status'>): void {
  counts.total += 1;
  counts[STATUS_TABLE[status].count] += 1;
}

/** Whether every row is in exactly one of the other counts. */
export function addsUp({ total, ...others }: Counts): boolean {
  return Object.values(others).reduce((sum, each) => sum + each, 0) === total;
}

/** The counts that are not zero, without the total. */
export function nonZero(counts: Counts): Partial<Record<CountName, number>> {
  return Object.fromEntries(Object.entries(counts).filter(([name, rows]) => name !== 'total' && rows > 0));
}
