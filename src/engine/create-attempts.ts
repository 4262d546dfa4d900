import { LATE_COMMIT_MS } from '../journal/journal-line.js';
import type { PossibleCreate } from '../journal/possible-create.js';
import type { Operation } from '../rows/operation.js';

import type { ApplyContext } from './apply-context.js';

/** An attempt that was given to the journal. */
export interface RecordedAttempt {
  /** By this machine's clock, epoch milliseconds. */
  readonly atMs: number;
  readonly possible: PossibleCreate;
  /** Resolves when the attempt is on the disk. */
  readonly written: Promise<void>;
  /** Whether it has resolved. */
  isWritten: boolean;
}

type AttemptContext = Pick<ApplyContext, 'client' | 'journal' | 'clock' | 'knowledge' | 'assertHeld'>;

/** A request is sent within this time after its attempt was recorded; otherwise the attempt is recorded again. */
const MAX_AGE_MS = 5000;

/** Records that a create is about to be sent, possibly some rows ahead, so that no request waits for the disk. */
export function recordCreate(operation: Operation, context: AttemptContext): RecordedAttempt {
  const { client, journal, clock, knowledge } = context;
  const atMs = clock.now();
  const orgMs = knowledge.clock.earliest(atMs);
  const endMs = knowledge.clock.latest(atMs) + MAX_AGE_MS + client.requestTimeoutMs + LATE_COMMIT_MS;
  const written = journal.recordAttempt(operation, { orgMs, endMs });
  const { isCalibrated } = knowledge.clock;
  // This process is alive, and expects a late result as well.
  const possible = { sinceMs: orgMs, expectedUntilMs: endMs, untilMs: endMs, isCalibrated };
  return { atMs, possible, written, isWritten: false };
}

/** The attempts of one row in this process. */
export class CreateAttempts {
  readonly #operation: Operation;
  readonly #context: AttemptContext;
  readonly #recorded: RecordedAttempt[] = [];
  /** Recorded ahead, for the first attempt. */
  #ahead: RecordedAttempt | undefined;
  /** When the last request was sent, by this machine's clock. */
  sentAtMs = 0;

  constructor(operation: Operation, context: AttemptContext, ahead: RecordedAttempt | undefined) {
    this.#operation = operation;
    this.#context = context;
    this.#ahead = ahead;
  }

  /** @returns resolves when an attempt is on the disk, or rejects with a `JournalError`; undefined when it is already. */
  record(): Promise<void> | undefined {
    const attempt = this.#ahead ?? recordCreate(this.#operation, this.#context);
    this.#ahead = undefined;
    this.#recorded.push(attempt);
    return attempt.isWritten ? undefined : attempt.written;
  }

  /**
   * To be called just before a request is sent: it may have waited for long, or may be sent again.
   *
   * @throws {LockLostError}
   */
  readonly beforeSend = (): Promise<void> | undefined => {
    this.#context.assertHeld?.();
    this.sentAtMs = this.#context.clock.now();
    const last = this.#recorded.at(-1);
    if (last !== undefined && this.sentAtMs - last.atMs <= MAX_AGE_MS) return undefined;
    return this.record();
  };

  /** When they may have been processed, as far as the org's clock is known now. */
  possible(): PossibleCreate[] {
    const { clock } = this.#context.knowledge;
    return this.#recorded.map(({ atMs, possible }) => {
      if (possible.isCalibrated || !clock.isCalibrated) return possible;
      const shiftMs = clock.earliest(atMs) - possible.sinceMs;
      return {
        sinceMs: possible.sinceMs + shiftMs,
        expectedUntilMs: possible.expectedUntilMs + shiftMs,
        untilMs: possible.untilMs + shiftMs,
        isCalibrated: true,
      };
    });
  }
}
