import type { Clock } from '../../clock.js';

import { OrgUnavailableError, UnknownHostError } from '../errors.js';

import { OktaConnectionError, UNKNOWN_HOST } from './connection-error.js';
import { ProxyError } from './proxy-error.js';

/** An org that has never responded is more likely a wrong address than an outage. */
const FIRST_RESPONSE_TIMEOUT_MS = 10_000;
/** Long enough for a second lookup, in case a name server has only just started. */
const UNKNOWN_HOST_TIMEOUT_MS = 200;

export interface Outage {
  readonly orgUrl: string;
  /** How long no request has got a response. Milliseconds. */
  readonly outageMs: number;
  readonly hasEverResponded: boolean;
  readonly giveUpAfterMs: number;
  /** Why the last request failed. */
  readonly cause: unknown;
}

/** @throws {OrgUnavailableError | UnknownHostError} the org has been unavailable for too long. */
export function throwIfTooLong({ orgUrl, outageMs, hasEverResponded, giveUpAfterMs, cause }: Outage): void {
  // A host that has responded exists, whatever the name server says now.
  const isUnknownHost = !hasEverResponded && isNameUnknown(cause);
  const firstLimitMs = isUnknownHost ? UNKNOWN_HOST_TIMEOUT_MS : FIRST_RESPONSE_TIMEOUT_MS;
  const limitMs = hasEverResponded ? giveUpAfterMs : Math.min(firstLimitMs, giveUpAfterMs);
  if (outageMs <= limitMs) return;
  throw isUnknownHost
    ? new UnknownHostError(orgUrl, cause)
    : new OrgUnavailableError(orgUrl, outageMs, cause);
}

function isNameUnknown(error: unknown): boolean {
  return (
    (error instanceof OktaConnectionError && error.reason === UNKNOWN_HOST) ||
    (error instanceof ProxyError && error.isUnknownHost)
  );
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

  /** @throws {OrgUnavailableError | UnknownHostError} the org has been unavailable for too long. */
  throwIfUnavailable(cause: unknown): void {
    if (this.#unavailableSinceMs === undefined) return;
    const { orgUrl, giveUpAfterMs, clock } = this.#options;
    const outageMs = clock.now() - this.#unavailableSinceMs;
    const hasEverResponded = this.#lastResponseAtMs !== undefined;
    throwIfTooLong({ orgUrl, outageMs, hasEverResponded, giveUpAfterMs, cause });
  }
}
