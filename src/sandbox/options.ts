import type { Fault } from './faults.js';
import type { OrgOptions } from './org.js';
import type { RateLimitOptions } from './rate-limits.js';
import type { SandboxSeed } from './seed.js';
import type { ServiceAppSeed } from './service-apps.js';

/** Options of a sandbox org, all of them optional. */
export interface SandboxOptions {
  /** Port on 127.0.0.1; default 0, which lets the system choose. */
  readonly port?: number | undefined;
  /** The SSWS token that is accepted; default `DEFAULT_TOKEN`. */
  readonly token?: string | undefined;
  /** Service apps that can request access tokens; default none. */
  readonly serviceApps?: readonly ServiceAppSeed[] | undefined;
  /** Lifetime of access tokens; default 3600, Okta's fixed value. */
  readonly accessTokenSeconds?: number | undefined;
  /** Whether DPoP proofs of API requests need a nonce too; default false, as in Okta today. */
  readonly asksResourceNonce?: boolean | undefined;
  /** Default: only the token's owner and the group Everyone, no custom attributes. */
  readonly seed?: SandboxSeed | undefined;
  readonly orgOptions?: OrgOptions | undefined;
  /** Default: the limits of a Workforce org, in full, with 60-second windows. `false`: no limits and no headers. */
  readonly rateLimits?: RateLimitOptions | false | undefined;
  /** `false`: limits apply, but the three headers are never sent, as behind a proxy that strips them. */
  readonly sendsRateLimitHeaders?: boolean | undefined;
  /** Most requests in flight; beyond that, the response is a 429 with zeros in the headers. Default 75. */
  readonly concurrencyLimit?: number | undefined;
  /** How long each response takes; default 0. */
  readonly latencyMs?: number | { readonly min: number; readonly max: number } | undefined;
  /** How far the org's clock is ahead (`Date`, `X-Rate-Limit-Reset`, `created`); may be negative. */
  readonly clockSkewMs?: number | undefined;
  /** How far `Date` alone is ahead of the org's clock, as behind a gateway with a clock of its own. Default 0. */
  readonly dateSkewMs?: number | undefined;
  /** `false`: no response has a `Date`. */
  readonly sendsDate?: boolean | undefined;
  readonly faults?: readonly Fault[] | undefined;
  /** Seed for the probabilities of faults and for the latency; default 1. */
  readonly faultSeed?: number | undefined;
  /** Epoch milliseconds; default Date.now. */
  readonly now?: (() => number) | undefined;
}

/** The default API token. It gives access to nothing but a sandbox. */
export const DEFAULT_TOKEN = 'sandbox-token';
