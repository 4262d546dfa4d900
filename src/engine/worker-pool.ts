import type { Cancellation } from '../rows/cancellation.js';
import type { Operation, Planned } from '../rows/operation.js';
import { notAttempted, type CompletedRow, type RowOutcome } from '../rows/outcome.js';

import type { AccessRefusals } from './access-refusals.js';
import { ChangeSignal } from './change-signal.js';

export interface WorkerPoolOptions {
  /** Maximum number of operations in flight. */
  readonly concurrency: number;
  /** Operations in flight are finished; every operation after that is yielded as not attempted. */
  readonly cancellation: Cancellation;
  /** Rows that wait there do not count toward the concurrency. */
  readonly access?: Pick<AccessRefusals, 'parked' | 'onChange'> | undefined;
  /** Called with the outcome of every row that failed or is invalid, before another operation is started. */
  readonly onFailure?: ((outcome: RowOutcome) => void) | undefined;
}

/** How far a row may be ahead of the oldest unfinished one; bounds what is held back to write the report in file order. */
const MAX_ROWS_AHEAD = 5000;
/** How many completed rows may wait for the consumer. */
const MAX_ROWS_READY = 100;

/**
 * Applies operations, several at a time, and yields every row with its outcome. Yields completed rows in batches, since one
 * promise per row would cost as much as everything else that is done with the row.
 *
 * Order: as they complete. The next row is pulled only when there is room for it. When the source throws, or `apply`
 * rejects, nothing more is pulled, the rows in flight are finished and yielded, and then the error is thrown. When the
 * consumer leaves early, the source is closed and the rows in flight are finished first.
 *
 * @param apply - an error that concerns only its row is an outcome, never a rejection.
 */
export async function* runWorkers<O extends Operation>(
  planned: AsyncIterable<readonly Planned<O>[]>,
  apply: (operation: O) => Promise<RowOutcome>,
  options: WorkerPoolOptions,
): AsyncGenerator<readonly CompletedRow[]> {
  const ready: CompletedRow[] = [];
  /** Row numbers in the order in which they were started, so that the first is the oldest. */
  const inFlight = new Set<number>();
  /** The oldest row in flight is this one or a later one. */
  let oldestAtLeast = 0;
  const changed = new ChangeSignal();
  options.access?.onChange(() => changed.notify());
  let isPulling = true;
  let failure: { readonly error: unknown } | undefined;

  const complete = (completed: CompletedRow): void => {
    const { status } = completed.outcome;
    if (status === 'failed' || status === 'invalid') options.onFailure?.(completed.outcome);
    ready.push(completed);
  };

  const start = async (operation: O): Promise<void> => {
    const { row } = operation;
    inFlight.add(row.row);
    try {
      complete({ row, outcome: await apply(operation) });
    } catch (error) {
      failure ??= { error };
    }
    inFlight.delete(row.row);
    changed.notify();
  };

  const isFarAhead = (rowNumber: number): boolean => {
    if (rowNumber - oldestAtLeast < MAX_ROWS_AHEAD) return false;
    const [oldest = rowNumber] = inFlight;
    oldestAtLeast = oldest;
    return rowNumber - oldest >= MAX_ROWS_AHEAD;
  };

  const isDone = (): boolean => !isPulling || failure !== undefined;

  const hasRoomAfter = (rowNumber: number): boolean =>
    inFlight.size - (options.access?.parked ?? 0) < options.concurrency &&
    ready.length < MAX_ROWS_READY &&
    !isFarAhead(rowNumber);

  const pullAll = async (): Promise<void> => {
    for await (const batch of planned) {
      for (const item of batch) {
        // The consumer left or an operation failed while the batch was pulled.
        if (isDone()) return;
        if (item.kind === 'decided') complete({ row: item.row, outcome: item.outcome });
        else if (options.cancellation.isAborted) {
          ready.push({
            row: item.row,
            outcome: notAttempted(item.row, item.login, options.cancellation.stopReason()),
          });
        } else void start(item);
        changed.notify();
        while (!isDone() && !hasRoomAfter(item.row.row)) await changed.wait();
      }
      if (isDone()) return;
    }
  };

  const pulling = pullAll()
    .catch((error: unknown) => (failure ??= { error }))
    .finally(() => {
      isPulling = false;
      changed.notify();
    });
  try {
    for (;;) {
      while (ready.length > 0) {
        yield ready.splice(0);
        changed.notify();
      }
      if (!isPulling && inFlight.size === 0) break;
      await changed.wait();
    }
  } finally {
    isPulling = false;
    changed.notify();
    await pulling;
    while (inFlight.size > 0) await changed.wait();
  }
  if (failure !== undefined) throw failure.error;
}
