import type { CreateOperation, Planned } from '../rows/operation.js';
import { RowsInProgress } from '../rows/rows-in-progress.js';

import type { ApplyContext } from './apply-context.js';
import { ChangeSignal } from './change-signal.js';
import { recordCreate, type RecordedAttempt } from './create-attempts.js';

/** In multiples of the concurrency. After a kill, each recorded row that was not sent costs a read. */
const MAX_SIZE = 4;

interface RecordedCreate {
  readonly operation: CreateOperation;
  readonly attempt: RecordedAttempt;
}

/**
 * Records the attempts of the next rows while earlier rows are in flight, so that no request waits for the disk.
 *
 * A row that is recorded and then not sent is in doubt, which costs a resumed run one read: `unsent` names them, for the
 * journal to say so at an orderly end.
 */
export class RecordAhead {
  readonly #context: ApplyContext;
  /** Rows that were not applied yet. */
  readonly #recorded = new RowsInProgress<RecordedCreate>();

  constructor(context: ApplyContext) {
    this.#context = context;
  }

  /** The recorded attempt of a row that is about to be applied. */
  take(operation: CreateOperation): RecordedAttempt | undefined {
    return this.#recorded.take(operation.row.row)?.attempt;
  }

  /** The operations that were recorded and not applied. */
  *unsent(): Generator<CreateOperation, void, undefined> {
    for (const { operation } of this.#recorded.values()) yield operation;
  }

  /**
   * Passes rows on when their attempts are on the disk, in order, and as many at once as one sync wrote.
   *
   * @param concurrency - how many rows to record while the rows before them wait for the disk; more when the disk is slower
   * than the org.
   * @throws what `planned` throws, after the rows before.
   */
  async *record(
    planned: AsyncIterable<readonly Planned<CreateOperation>[]>,
    concurrency: number,
  ): AsyncGenerator<readonly Planned<CreateOperation>[]> {
    let size = concurrency;
    let buffer: Planned<CreateOperation>[] = [];
    /** Attempts that share one write. */
    let together: RecordedAttempt[] = [];
    let lastWritten: Promise<void> | undefined;
    /** The last one that is on the disk, or could not be written. */
    let settled: Promise<void> | undefined;
    const state = { hasLeft: false, isPulling: true };
    let failure: { readonly error: unknown } | undefined;
    const changed = new ChangeSignal();
    const pull = async (): Promise<void> => {
      for await (const batch of planned) {
        for (const item of batch) {
          while (buffer.length >= size && !state.hasLeft) await changed.wait();
          if (state.hasLeft) return;
          const attempt = this.#recordFirst(item);
          if (attempt !== undefined && attempt.written !== lastWritten) {
            const { written } = attempt;
            const attempts: RecordedAttempt[] = [];
            lastWritten = written;
            together = attempts;
            const settle = (): void => void (settled = written);
            // Whoever sends the request sees the error.
            written.then(() => {
              for (const one of attempts) one.isWritten = true;
              settle();
            }, settle);
          }
          if (attempt !== undefined) together.push(attempt);
          buffer.push(item);
          if (buffer.length === 1) changed.notify();
        }
      }
    };
    const pulling = pull()
      .catch((error: unknown) => (failure = { error }))
      .finally(() => {
        state.isPulling = false;
        changed.notify();
      });
    try {
      for (;;) {
        if (buffer.length > 0) {
          const batch = buffer;
          buffer = [];
          changed.notify();
          const written = lastWritten;
          if (written !== settled) {
            // All rows before have been started: they waited for the disk, and should not have to again.
            size = Math.min(size * 2, MAX_SIZE * concurrency);
            // Whoever applies a row sees why its attempt could not be written.
            await written?.catch(() => {});
          }
          yield batch;
        } else if (state.isPulling) await changed.wait();
        else break;
      }
    } finally {
      state.hasLeft = true;
      changed.notify();
      await pulling;
    }
    if (failure !== undefined) throw failure.error;
  }

  #recordFirst(item: Planned<CreateOperation>): RecordedAttempt | undefined {
    const { cancellation, past } = this.#context;
    // A row in doubt is settled first, so it has nothing to send yet.
    if (item.kind !== 'create' || cancellation.isAborted || past?.isInDoubt(item.row.row)) return undefined;
    const attempt = recordCreate(item, this.#context);
    this.#recorded.set(item.row.row, { operation: item, attempt });
    return attempt;
  }
}
