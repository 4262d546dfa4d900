import type { Counts } from '../rows/counts.js';
import { STATUSES } from '../rows/status-table.js';

/** The counts that are not zero, by status, good ones first. */
export function byStatus(counts: Counts): Readonly<Record<string, number>> {
  return Object.fromEntries(
    STATUSES.flatMap(({ status, count }) => (counts[count] === 0 ? [] : [[status, counts[count]]])),
  );
}
