import { setMaxListeners } from 'node:events';

import { OktaImportError } from '../errors.js';
import { messageOf } from '../text.js';

import { exitCodeOf, type StopReason } from './exit-code.js';

/** A wait was ended because the run stops. */
export class CanceledError extends OktaImportError {
  override readonly code = 'ERR_STOPPED';
  override readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message, { hint: 'Run the command again, or continue the run with resume.' });
    this.exitCode = exitCode;
  }
}

/** Ends one run early: everything that waits or would begin something listens to its signal. */
export class Cancellation {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  #reason: StopReason | undefined;

  /** @param caller - aborts the run as well, for its own reason. */
  constructor(caller?: AbortSignal) {
    // Every request that waits listens to the signal; Node warns from the eleventh listener on.
    setMaxListeners(0, this.#controller.signal);
    this.#caller = caller;
    caller?.addEventListener('abort', this.#onCallerAbort);
    if (caller?.aborted === true) this.#onCallerAbort();
  }

  /** The first reason counts. */
  abort(reason: StopReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const message = reason.kind === 'interrupted' ? `Interrupted by ${reason.signal}.` : this.stopReason();
    this.#controller.abort(new CanceledError(message, exitCodeOf(reason)));
  }

  /** What failed would fail for every row. */
  readonly fail = (error: unknown): void => this.abort({ kind: 'failed', error });

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isAborted(): boolean {
    return this.#reason !== undefined;
  }

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** Whether an error only reports that this cancellation ended a wait. */
  isCauseOf(error: unknown): boolean {
    return this.isAborted && error === this.signal.reason;
  }

  /** For the rows that were not attempted, or are in doubt because the run stopped `during` them. */
  stopReason(when: 'before' | 'during' = 'before'): string {
    switch (this.#reason?.kind) {
      case undefined:
        return `The run ended ${when} this row.`;
      case 'interrupted':
        return `Interrupted by ${this.#reason.signal} ${when} this row.`;
      case 'stop-condition':
        return `The run stopped ${when} this row: ${this.#reason.condition}.`;
      case 'failed':
        return `The run stopped ${when} this row: ${messageOf(this.#reason.error)}`;
      default:
        return this.#reason satisfies never;
    }
  }

  /** Stops listening to the caller's signal. */
  dispose(): void {
    this.#caller?.removeEventListener('abort', this.#onCallerAbort);
  }

  readonly #onCallerAbort = (): void => this.fail(this.#caller?.reason);
}
