import type { Clock } from '../../clock.js';

import { OrgUnavailableError } from '../errors.js';

/** An org that has never responded is more likely a wrong address than an outage. */
const FIRST_RESPONSE_TIMEOUT_MS = 10_000;

/** How long the org may fail to respond before requests give up. Milliseconds. */
export function outageLimitMs(hasEverResponded: boolean, giveUpAfterMs: number): number {
  return hasEverResponded ? giveUpAfterMs : Math.min(FIRST_RESPONSE_TIMEOUT_MS, giveUpAfterMs);
}

/** Keeps track of whether the org responds. Time in which nothing was sent does not count as an outage. */
export class OrgAvailability {
  readonly #options: { readonly orgUrl: string; readonly giveUpAfterMs: number; readonly clock: Clock };
  #lastResponseAtMs: number | undefined;
  /** When the first of the requests was sent that have all failed since the last response. */
  #unavailableSinceMs: number | undefined;

  constructor(options: { readonly orgUrl: string; readonly giveUpAfterMs: number; readonly clock: Clock }) {
    this.#options = options;
  }

  /** Since when no request got a response, epoch milliseconds; undefined when the last one did. */
  get unavailableSinceMs(): number | undefined {
    return this.#unavailableSinceMs;
  }

  hasRespondedSince(atMs: number): boolean {
    return this.#lastResponseAtMs !== undefined && this.#lastResponseAtMs >= atMs;
  }

  onResponse(): void {
    this.#lastResponseAtMs = this.#options.clock.now();
    this.#unavailableSinceMs = undefined;
  }

  onFailure(sentAtMs: number): void {
    this.#unavailableSinceMs ??= Math.max(sentAtMs, this.#lastResponseAtMs ?? sentAtMs);
  }

  /** @throws {OrgUnavailableError} the org has been unavailable for too long. */
  throwIfUnavailable(cause: unknown): void {
    if (this.#unavailableSinceMs === undefined) return;
    const { orgUrl, giveUpAfterMs, clock } = this.#options;
    const outageMs = clock.now() - this.#unavailableSinceMs;
    const limitMs = outageLimitMs(this.#lastResponseAtMs !== undefined, giveUpAfterMs);
    if (outageMs > limitMs) throw new OrgUnavailableError(orgUrl, outageMs, cause);
  }
}
