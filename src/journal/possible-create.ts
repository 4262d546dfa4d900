import { LATE_COMMIT_MS, type AttemptTime } from './journal-line.js';

/** When a create without an outcome may have been processed. Epoch milliseconds, comparable with `created` of users. */
export interface PossibleCreate {
  readonly sinceMs: number;
  /** A user created later can only be the result if the org processed the request after its timeout. */
  readonly expectedUntilMs: number;
  readonly untilMs: number;
  /** Whether answered creates showed how the clocks compare; otherwise the times may be seconds off. */
  readonly isCalibrated: boolean;
}

/** The request timeout that version 0.1.0 used by default; its attempts have no end. */
const OLD_TIMEOUT_MS = 30_000;

/** One process of a run, as its lines of the journal show it. */
export class Session {
  /** The last sign of life, plus the time that a request takes at most. */
  #expectedUntilMs = Number.NEGATIVE_INFINITY;
  #isCalibrated = false;

  get expectedUntilMs(): number {
    return this.#expectedUntilMs;
  }

  /** Adds an attempt to those of its row. Attempts of one process follow each other closely, so they count as one. */
  addTo(creates: RecordedCreate[], { orgMs, endMs }: AttemptTime): void {
    // Version 0.1.0 recorded 0 when the org sent no date.
    if (orgMs === 0) {
      const untilMs = Number.POSITIVE_INFINITY;
      creates.push(new RecordedCreate(new Session(), { sinceMs: 0, untilMs, isCalibrated: false }));
      return;
    }
    const untilMs = endMs ?? orgMs + OLD_TIMEOUT_MS + LATE_COMMIT_MS;
    this.#expectedUntilMs = Math.max(this.#expectedUntilMs, untilMs - LATE_COMMIT_MS);
    const last = creates.at(-1);
    if (last?.session === this) {
      last.extendTo(untilMs);
      return;
    }
    const isCalibrated = this.#isCalibrated;
    creates.push(new RecordedCreate(this, { sinceMs: orgMs, untilMs, isCalibrated }));
  }

  calibrate(shiftMs: number): void {
    this.#isCalibrated = true;
    this.#expectedUntilMs += shiftMs;
  }
}

/** The attempts that one process made for a row. */
export class RecordedCreate {
  readonly session: Session;
  #sinceMs: number;
  #untilMs: number;
  #isCalibrated: boolean;

  constructor(session: Session, { sinceMs, untilMs, isCalibrated }: Omit<PossibleCreate, 'expectedUntilMs'>) {
    this.session = session;
    this.#sinceMs = sinceMs;
    this.#untilMs = untilMs;
    this.#isCalibrated = isCalibrated;
  }

  extendTo(untilMs: number): void {
    this.#untilMs = Math.max(this.#untilMs, untilMs);
  }

  calibrate(session: Session, shiftMs: number): void {
    if (session !== this.session || this.#isCalibrated) return;
    this.#sinceMs += shiftMs;
    this.#untilMs += shiftMs;
    this.#isCalibrated = true;
  }

  toPossible(): PossibleCreate {
    const untilMs = this.#untilMs;
    const expectedUntilMs = Math.min(untilMs, this.session.expectedUntilMs);
    return { sinceMs: this.#sinceMs, expectedUntilMs, untilMs, isCalibrated: this.#isCalibrated };
  }
}
