import type { CompletedRow, RowOutcome } from '../rows/outcome.js';
import type { Operation, Planned } from '../rows/operation.js';
import { notAttempted } from '../rows/outcome.js';
import type { Cancellation } from '../rows/cancellation.js';

export interface WorkerPoolOptions {
  /** Most operations under way. */
  readonly concurrency: number;
  /** Ends the run: what is under way is finished, every operation after that is yielded as not attempted. */
  readonly cancellation: Cancellation;
}

/** How far a row may be ahead of the oldest unfinished one: bounds what is held to put the report in file order. */
const MAX_ROWS_AHEAD = 5000;
/** How many finished rows may wait for the consumer. */
const MAX_ROWS_READY = 100;

/**
 * Does the operations, several at once, and yields every row with its outcome, as many at once as finish at once.
 *
 * Order: as they finish. The next row is pulled only when there is room for it. When the source throws, or `apply`
 * rejects, nothing more is pulled, the rows under way are finished and yielded, and then the error surfaces. When the
 * consumer leaves early the source is closed, and no operation is under way any more once it has left.
 *
 * @param apply - for one operation; what concerns only its row is an outcome, never a rejection.
 */
export async function* runWorkers<O extends Operation>(
  planned: AsyncIterable<readonly Planned<O>[]>,
  apply: (operation: O) => Promise<RowOutcome>,
  options: WorkerPoolOptions,
): AsyncGenerator<readonly CompletedRow[]> {
  const ready: CompletedRow[] = [];
  /** Row numbers in the order in which they began, so that the first is the oldest. */
  const inFlight = new Set<number>();
  const changed = new Signal();
  let isPulling = true;
  let failure: { readonly error: unknown } | undefined;

  const begin = async (operation: O): Promise<void> => {
    const { row } = operation;
    inFlight.add(row.row);
    try {
      ready.push({ row, outcome: await apply(operation) });
    } catch (error) {
      failure ??= { error };
    }
    inFlight.delete(row.row);
    changed.notify();
  };

  const isOver = (): boolean => !isPulling || failure !== undefined;

  const hasRoomAfter = (rowNumber: number): boolean => {
    const oldest = inFlight.values().next();
    return (
      inFlight.size < options.concurrency &&
      ready.length < MAX_ROWS_READY &&
      (oldest.done === true || rowNumber - oldest.value < MAX_ROWS_AHEAD)
    );
  };

  const pullAll = async (): Promise<void> => {
    for await (const batch of planned) {
      for (const item of batch) {
        // It came too late: nobody waits for it, or the run has failed meanwhile.
        if (isOver()) return;
        if (item.kind === 'decided') ready.push({ row: item.row, outcome: item.outcome });
        else if (options.cancellation.isAborted) {
          ready.push({
            row: item.row,
            outcome: notAttempted(item.row, item.login, options.cancellation.stopReason()),
          });
        } else void begin(item);
        changed.notify();
        while (!isOver() && !hasRoomAfter(item.row.row)) await changed.wait();
      }
      if (isOver()) return;
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

/** Wakes everyone who waits for it, and leaves nothing behind on promises that live long, as `Promise.race` would. */
class Signal {
  #listeners: (() => void)[] = [];

  notify(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const wake of listeners) wake();
  }

  wait(): Promise<void> {
    return new Promise((resolve) => this.#listeners.push(resolve));
  }
}
