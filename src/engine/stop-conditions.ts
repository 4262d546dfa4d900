import { OktaImportError } from '../errors.js';

import type { Operation, Outcome, Planned } from '../rows/outcome.js';
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
  readonly words: string;
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
    return { rows: Math.floor((Number(number) / 100) * records), words: `${number}% of ${records}` };
  }
  if (percent === undefined && Number.isInteger(Number(number))) {
    return { rows: Number(number), words: String(Number(number)) };
  }
  throw new MaxFailuresError(text);
}

export interface BrakesOptions {
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
export class Brakes {
  readonly #options: BrakesOptions;
  readonly #canaries = new Set<number>();
  #bad = 0;
  #wake: (() => void) | undefined;

  constructor(options: BrakesOptions) {
    this.#options = options;
  }

  /** Lets the canary rows through, and the rows after them once all of those are heard of. */
  gate<O extends Operation>(
    planned: AsyncIterable<readonly Planned<O>[]>,
  ): AsyncIterable<readonly Planned<O>[]> {
    const { canary } = this.#options;
    return canary === undefined ? planned : this.#canariesFirst(planned, canary);
  }

  async *#canariesFirst<O extends Operation>(
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
          this.#canaries.add(item.row.row);
          sent += 1;
        }
        yield [item];
        // Before the next row is asked for: planning it may create a group.
        if (isCanary && sent === canary) await this.#allHeard();
      }
    }
  }

  /** Every outcome passes here, as soon as it is known. */
  hear(outcome: Outcome): void {
    const { maxFailures, isSettledEarlier, cancellation } = this.#options;
    if (isSettledEarlier?.(outcome.row) === true) return;
    const isBad = outcome.status === 'failed' || outcome.status === 'invalid';
    if (isBad) this.#bad += 1;
    if (maxFailures !== undefined && this.#bad > maxFailures.rows) {
      // What is under way may turn out bad as well.
      const rows = `${this.#bad}${isSettledEarlier ? ' more' : ''} ${this.#bad === 1 ? 'row was' : 'rows were'}`;
      const condition = `${rows} bad by then, more than ${maxFailures.words} (--max-failures)`;
      cancellation.abort({ kind: 'stop-condition', condition });
    }
    if (!this.#canaries.delete(outcome.row)) return;
    if (isBad) {
      const condition = `row ${outcome.row}, one of the first ${this.#options.canary}, is ${outcome.status} (--canary)`;
      cancellation.abort({ kind: 'stop-condition', condition });
    }
    if (this.#canaries.size === 0 || cancellation.signal.aborted) this.#wake?.();
  }

  async #allHeard(): Promise<void> {
    const { signal } = this.#options.cancellation;
    if (this.#canaries.size === 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
