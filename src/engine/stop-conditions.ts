import { OktaImportError } from '../errors.js';
import type { Cancellation } from '../rows/cancellation.js';
import type { Operation, Planned } from '../rows/operation.js';
import type { RowOutcome } from '../rows/outcome.js';
import { placeOf } from '../rows/place.js';
import { plural, quoted } from '../text.js';

/** The value of `--max-failures` is not valid. */
export class MaxFailuresError extends OktaImportError {
  override readonly code = 'ERR_MAX_FAILURES';

  constructor(text: string) {
    super(`--max-failures ${quoted(text)} is not a number of rows or a percentage.`, {
      hint: 'Use a number of rows such as 20, or a percentage of the rows such as 5%.',
    });
  }
}

/** How many rows may fail or be invalid. */
export interface MaxFailures {
  readonly rows: number;
  /** For messages: `20`, or `5% of 300`. */
  readonly text: string;
}

/**
 * Parses `20` or `5%`.
 *
 * @param totalRows - number of rows of the file.
 * @throws {MaxFailuresError}
 */
export function parseMaxFailures(text: string, totalRows: number): MaxFailures {
  const [, number, percent] = /^\s*(\d+(?:\.\d+)?)\s*(%)?\s*$/.exec(text) ?? [];
  if (number === undefined) throw new MaxFailuresError(text);
  if (percent !== undefined && Number(number) <= 100) {
    return { rows: Math.floor((Number(number) / 100) * totalRows), text: `${number}% of ${totalRows}` };
  }
  if (percent === undefined && Number.isInteger(Number(number))) {
    return { rows: Number(number), text: String(Number(number)) };
  }
  throw new MaxFailuresError(text);
}

export interface StopConditionsOptions {
  /** How many rows are sent first; the others follow only if all of them succeed. */
  readonly canary: number | undefined;
  /** More failed and invalid rows than this stop the run. */
  readonly maxFailures: MaxFailures | undefined;
  /**
   * Whether a row has its outcome from an earlier process of the run. Such rows do not count: they would stop this process
   * at once, too. Undefined for a new run.
   */
  readonly isSettledEarlier: ((row: number) => boolean) | undefined;
  readonly cancellation: Cancellation;
}

/** Stops a run before a mistake such as a wrong mapping affects all of its rows. */
export class StopConditions {
  readonly #options: StopConditionsOptions;
  /** By row number: where the row stands. */
  readonly #canaryRows = new Map<number, string>();
  /** Rows, since a failure is observed once when it happens and once with the other outcomes. */
  readonly #failedRows = new Set<number>();
  #wake: (() => void) | undefined;

  constructor(options: StopConditionsOptions) {
    this.#options = options;
  }

  /** Passes the canary rows on, and the rows after them once all canary rows are completed. */
  holdForCanary<O extends Operation>(
    planned: AsyncIterable<readonly Planned<O>[]>,
  ): AsyncIterable<readonly Planned<O>[]> {
    const { canary } = this.#options;
    return canary === undefined ? planned : this.#canaryFirst(planned, canary);
  }

  async *#canaryFirst<O extends Operation>(
    planned: AsyncIterable<readonly Planned<O>[]>,
    canary: number,
  ): AsyncGenerator<readonly Planned<O>[]> {
    const { cancellation, isSettledEarlier } = this.#options;
    let sent = 0;
    for await (const batch of planned) {
      for (const item of batch) {
        const isAttempted = item.kind !== 'decided' || item.outcome.status === 'invalid';
        const isCanary =
          isAttempted &&
          sent < canary &&
          isSettledEarlier?.(item.row.row) !== true &&
          !cancellation.isAborted;
        if (isCanary) {
          this.#canaryRows.set(item.row.row, placeOf(item.row));
          sent += 1;
        }
        yield [item];
        // Wait before the next row is pulled, since planning it may create a group.
        if (isCanary && sent === canary) await this.#canaryDone();
      }
    }
  }

  /** Must be called with every outcome, and with that of a failed row before another one is sent. */
  observe(outcome: RowOutcome): void {
    const { maxFailures, isSettledEarlier, cancellation } = this.#options;
    if (isSettledEarlier?.(outcome.row) === true) return;
    const isFailure = outcome.status === 'failed' || outcome.status === 'invalid';
    if (maxFailures !== undefined && isFailure && !cancellation.isAborted) {
      this.#failedRows.add(outcome.row);
    }
    const failures = this.#failedRows.size;
    if (maxFailures !== undefined && failures > maxFailures.rows) {
      const verb = failures === 1 ? 'failed or was invalid' : 'failed or were invalid';
      const since = isSettledEarlier ? ' since the run was resumed' : '';
      const condition = `${plural(failures, 'row')} ${verb}${since}, more than ${maxFailures.text} (--max-failures)`;
      cancellation.abort({ kind: 'stop-condition', condition });
    }
    const place = this.#canaryRows.get(outcome.row);
    if (place === undefined) return;
    this.#canaryRows.delete(outcome.row);
    if (isFailure) {
      const verb = outcome.status === 'failed' ? 'failed' : 'is invalid';
      const condition = `${place}, one of the first ${this.#options.canary}, ${verb} (--canary)`;
      cancellation.abort({ kind: 'stop-condition', condition });
    }
    if (this.#canaryRows.size === 0 || cancellation.isAborted) this.#wake?.();
  }

  async #canaryDone(): Promise<void> {
    const { signal } = this.#options.cancellation;
    if (this.#canaryRows.size === 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
