import { OktaImportError } from '../errors.js';

/** The org responds, but no user could be created for as long as an org may be unavailable. */
export class CreatesFailError extends OktaImportError {
  override readonly code = 'ERR_CREATES_FAIL';

  constructor(orgUrl: string, failingMs: number, cause: unknown) {
    const last = cause instanceof Error ? ` Last error: ${cause.message.replace(/[.]?$/, '.')}` : '';
    super(`${orgUrl} responds, but no user could be created for ${Math.round(failingMs / 1000)} s.${last}`, {
      hint: 'Check status.okta.com, wait until users can be created again, then resume the run.',
      cause,
    });
  }
}

const RECENT_MS = 10_000;

/** Whether creates succeed in this org, shared by all rows of a run. Instants are epoch milliseconds by this machine's clock. */
export class CreateHealth {
  #createdAtMs = Number.NEGATIVE_INFINITY;
  #failingSinceMs: number | undefined;

  /** A user was created. */
  recordCreated(nowMs: number): void {
    this.#createdAtMs = nowMs;
    this.#failingSinceMs = undefined;
  }

  /** A create got no response that says whether it succeeded. */
  recordUnknown(nowMs: number): void {
    this.#failingSinceMs ??= nowMs;
  }

  hasCreatedRecently(nowMs: number): boolean {
    return nowMs - this.#createdAtMs < RECENT_MS;
  }

  /** How long creates have been failing without a success in between; 0 when they are not. */
  failingForMs(nowMs: number): number {
    return this.#failingSinceMs === undefined ? 0 : nowMs - this.#failingSinceMs;
  }
}
