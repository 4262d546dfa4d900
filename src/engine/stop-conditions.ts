import { OktaImportError } from '../errors.js';

import type { RowOutcome } from '../rows/outcome.js';
import type { Operation, Planned } from '../rows/operation.js';
import type { Cancellation } from '../rows/cancellation.js';

/** `--max-failures` cannot be read. */
export class MaxFailuresError extends OktaImportError {
  override readonly code = 'ERR_MAX_FAILURES';

  constructor(text: string) {
    super(`--max-failures does not understand "${text}".`, {
      hint: 'Give a number of rows, such as 20, or a share of the file, such as 5%.',
    });
  }
}

/** How many rows may be bad, failed or invalid. */
export interface MaxFailures {
  readonly rows: number;
  /** The same as it was given: `20`, or `5% of 300`. */
  readonly text: string;
}

/**
 * Reads `20` or `5%`.
 *
 * @param records - of the file.
 * @throws {MaxFailuresError}
 */
export function parseMaxFailures(text: string, records: number): MaxFailures {
  const [, number, percent] = /^\s*(\d+(?:\.\d+)?)\s*(%)?\s*$/.exec(text) ?? [];
  if (number === undefined) throw new MaxFailuresError(text);
  if (percent !== undefined && Number(number) <= 100) {
    return { rows: Math.floor((Number(number) / 100) * records), text: `${number}% of ${records}` };
  }
  if (percent === undefined && Number.isInteger(Number(number))) {
    return { rows: Number(number), text: String(Number(number)) };
  }
  throw new MaxFailuresError(text);
}

export interface StopConditionsOptions {
  /** How many rows go ahead of the others, which follow only if all of those succeed. */
  readonly canary: number | undefined;
  /** More bad rows than that stop the run. */
  readonly maxFailures: MaxFailures | undefined;
  /**
   * Whether a row has its outcome from an earlier process of the run: somebody has looked at those, and what stopped that
   * process would stop this one at once. Undefined for a new run.
   */
  readonly isSettledEarlier: ((row: number) => boolean) | undefined;
  readonly cancellation: Cancellation;
}

/** Stops a run with a wrong mapping before it does damage. */
export class StopConditions {
  readonly #options: StopConditionsOptions;
  readonly #canaryRows = new Set<number>();
  #bad = 0;
  #wake: (() => void) | undefined;

  constructor(options: StopConditionsOptions) {
    this.#options = options;
  }

  /** Lets the canary rows through, and the rows after them once all of those are heard of. */
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
        const isTried = item.kind !== 'decided' || item.outcome.status === 'invalid';
        const isCanary =
          isTried &&
          sent < canary &&
          isSettledEarlier?.(item.row.row) !== true &&
          !cancellation.signal.aborted;
        if (isCanary) {
          this.#canaryRows.add(item.row.row);
          sent += 1;
        }
        yield [item];
        // Before the next row is asked for: planning it may create a group.
        if (isCanary && sent === canary) await this.#canaryDone();
      }
    }
  }

  /** Every outcome passes here, as soon as it is known. */
  observe(outcome: RowOutcome): void {
    const { maxFailures, isSettledEarlier, cancellation } = this.#options;
    if (isSettledEarlier?.(outcome.row) === true) return;
    const isBad = outcome.status === 'failed' || outcome.status === 'invalid';
    if (isBad) this.#bad += 1;
    if (maxFailures !== undefined && this.#bad > maxFailures.rows) {
      // What is under way may turn out bad as well.
      const rows = `${this.#bad}${isSettledEarlier ? ' more' : ''} ${this.#bad === 1 ? 'row was' : 'rows were'}`;
      const condition = `${rows} bad by then, more than ${maxFailures.text} (--max-failures)`;
      cancellation.abort({ kind: 'stop-condition', condition });
    }
    if (!this.#canaryRows.delete(outcome.row)) return;
    if (isBad) {
      const condition = `row ${outcome.row}, one of the first ${this.#options.canary}, is ${outcome.status} (--canary)`;
      cancellation.abort({ kind: 'stop-condition', condition });
    }
    if (this.#canaryRows.size === 0 || cancellation.signal.aborted) this.#wake?.();
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
