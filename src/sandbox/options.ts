import type { Fault } from './faults.js';
import type { OrgOptions } from './org.js';
import type { RateLimitOptions } from './rate-limits.js';
import type { SandboxSeed } from './seed.js';
import type { ServiceAppSeed } from './service-apps.js';

/** How to start a sandbox org. Everything has a default. */
export interface SandboxOptions {
  /** Port on 127.0.0.1; default 0, the system picks. */
  readonly port?: number | undefined;
  /** The SSWS token that is accepted; default `DEFAULT_TOKEN`. */
  readonly token?: string | undefined;
  /** Apps that may sign in by OAuth; default none. */
  readonly serviceApps?: readonly ServiceAppSeed[] | undefined;
  /** How long access tokens are good; default 3600, which is fixed in Okta. */
  readonly accessTokenSeconds?: number | undefined;
  /** Whether resources too want a nonce in DPoP proofs; default false, as Okta's today. */
  readonly asksResourceNonce?: boolean | undefined;
  /** Default: no users but the token's owner, no groups but Everyone, no custom attributes. */
  readonly seed?: SandboxSeed | undefined;
  readonly orgOptions?: OrgOptions | undefined;
  /** Default: a Workforce org's numbers, 60-second windows, the whole bucket. `false`: no limits and no headers. */
  readonly rateLimits?: RateLimitOptions | false | undefined;
  /** `false`: the limits hold, but the three headers are never sent, as behind a proxy that strips them. */
  readonly sendsRateLimitHeaders?: boolean | undefined;
  /** Requests in flight beyond which the org answers 429 with zeros in the headers; default 75 (rate-limits.md §4). */
  readonly concurrencyLimit?: number | undefined;
  /** How long every answer takes; default 0. */
  readonly latencyMs?: number | { readonly min: number; readonly max: number } | undefined;
  /** How far the org's clock is ahead: `Date`, `X-Rate-Limit-Reset`, `created`; may be negative. */
  readonly clockSkewMs?: number | undefined;
  readonly faults?: readonly Fault[] | undefined;
  /** Seed of the faults' probabilities and of the latency; default 1. */
  readonly faultSeed?: number | undefined;
  /** Epoch milliseconds; default Date.now. */
  readonly now?: (() => number) | undefined;
}

/** What is accepted when nothing else is said; it opens nothing but a sandbox. */
export const DEFAULT_TOKEN = 'sandbox-token';
