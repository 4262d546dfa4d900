import { setMaxListeners } from 'node:events';

import { OktaImportError } from '../errors.js';

/** Something that waited was told to stop. */
export class StoppedError extends OktaImportError {
  override readonly code = 'ERR_STOPPED';
  override readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message, { hint: 'Give the command again; a run that has begun goes on with resume.' });
    this.exitCode = exitCode;
  }
}

/** Why a run ends before the end of its file. */
export type StopReason =
  | { readonly kind: 'interrupted'; readonly signal: 'SIGINT' | 'SIGTERM' }
  /** `--canary` or `--max-failures`. */
  | { readonly kind: 'brake'; readonly because: string }
  /** What failed would fail for every row: the org's answer, the journal, a report, the file. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** The brake of one run: pulled once, heard by everything that waits or would begin something. */
export class Stop {
  readonly #controller = new AbortController();
  #reason: StopReason | undefined;

  constructor() {
    // Every request that waits listens to it; Node warns from the eleventh on.
    setMaxListeners(0, this.#controller.signal);
  }

  /** The first reason counts. */
  pull(reason: StopReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const words = reason.kind === 'interrupted' ? `Interrupted by ${reason.signal}.` : this.because();
    this.#controller.abort(new StoppedError(words, exitCodeFor(reason)));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** In words, for the rows that were not attempted. */
  because(): string {
    switch (this.#reason?.kind) {
      case undefined:
        return 'The run ended before this row.';
      case 'interrupted':
        return `Interrupted by ${this.#reason.signal} before this row's turn.`;
      case 'brake':
        return `The run stopped before this row: ${this.#reason.because}.`;
      case 'failed': {
        const { error } = this.#reason;
        return `The run stopped before this row: ${error instanceof Error ? error.message : String(error)}`;
      }
      default:
        return this.#reason satisfies never;
    }
  }
}

/** How a run that was stopped ends, for the shell. */
export function exitCodeFor(reason: StopReason): number {
  if (reason.kind !== 'interrupted') return 3;
  return reason.signal === 'SIGINT' ? 130 : 143;
}
