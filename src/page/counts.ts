import type { Counts } from '../rows/counts.js';
import { STATUSES } from '../rows/status-table.js';

/** Numbers by status. Those that are zero are left out. */
export type StatusCounts = Readonly<Record<string, number>>;

/** Good ones first. */
export function byStatus(counts: Counts): StatusCounts {
  return Object.fromEntries(
    STATUSES.flatMap(({ status, count }) => (counts[count] === 0 ? [] : [[status, counts[count]]])),
  );
}

/** The same counts, good ones first. */
export function inOrder(counts: StatusCounts): StatusCounts {
  return Object.fromEntries(
    STATUSES.flatMap(({ status }) => {
      const count = counts[status] ?? 0;
      return count === 0 ? [] : [[status, count]];
    }),
  );
}
