import type { KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import type { Dispatcher } from 'undici';

import type { Clock } from '../../clock.js';
import type { Secret } from '../../secret.js';
import type { ServerClock } from '../rate-limit/server-clock.js';

/** Credentials as the settings describe them. */
export type SignInDescription =
  /** An API token, `Authorization: SSWS`. */
  | { readonly mode: 'SSWS'; readonly token: Secret; readonly tokenFrom: string }
  /** An OAuth access token obtained elsewhere; it cannot be renewed. */
  | { readonly mode: 'Bearer'; readonly token: Secret; readonly tokenFrom: string }
  | ServiceApp;

/** An API service app: OAuth 2.0 client credentials with `private_key_jwt`, and DPoP where the app requires it. */
export interface ServiceApp {
  readonly mode: 'PrivateKey';
  readonly clientId: string;
  readonly key: KeyObject;
  readonly algorithm: string;
  /** ID of the key; required when the app has several. */
  readonly keyId: string | undefined;
  readonly scopes: ScopeNeeds;
}

/** OAuth scopes that a command uses; an API token has none. */
export interface ScopeNeeds {
  /** Without these, nothing works: checked before any other request is sent. */
  readonly required: readonly string[];
  /** Also requested; without them a part of the command fails when it is reached. */
  readonly optional: readonly string[];
  /** Also requested if the settings name them: few orgs have the feature, and an unknown scope would be rejected. */
  readonly ifNamed?: readonly string[];
}

/** What an authenticator shares with the transport. */
export interface AuthContext {
  /** Origin, without a trailing slash. */
  readonly orgUrl: string;
  readonly dispatcher: Dispatcher;
  readonly serverClock: ServerClock;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly userAgent: string;
  /** For the headers of a token response, and again for its body. Milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long the token endpoint may be unavailable. Milliseconds. */
  readonly giveUpAfterMs: number;
}

/** Creates the authenticator of one client; called once, by its transport. */
export type SignInMethod = (context: AuthContext) => Authenticator;

export type SignedHeaders = Readonly<Record<string, string>>;

/**
 * Why a request that was rejected for its credentials should be sent again: nothing was done. A nonce may be valid for one request only,
 * and another request may use it first.
 */
export type RetryReason = 'new-token' | 'new-proof' | 'new-nonce';

/** A response that reports an error, as far as hints depend on it. */
export interface Rejection {
  readonly status: number;
  /** Okta's, or OAuth's such as `insufficient_scope`. */
  readonly errorCode?: string | undefined;
  readonly errorSummary?: string | undefined;
  /** Scopes that the token lacks, as far as the response names them. */
  readonly missingScopes?: readonly string[] | undefined;
}

/** Signs the requests of one client. */
export interface Authenticator {
  /** Scopes of the token in use, as the org granted them; undefined for credentials without scopes. */
  readonly grantedScopes: readonly string[] | undefined;
  /**
   * The headers that sign a request. A promise only where something must be requested or computed.
   *
   * @param url - without query and fragment.
   * @throws {SignInError} the org rejects the credentials.
   * @throws the signal's reason, when it ended the wait.
   */
  headersFor(request: {
    readonly method: string;
    readonly url: string;
    readonly signal: AbortSignal | undefined;
  }): SignedHeaders | Promise<SignedHeaders>;
  /** Learns from a response. @returns why the same request should be sent again, if so. */
  observe(
    response: { readonly status: number; readonly headers: IncomingHttpHeaders },
    sentWith: SignedHeaders,
  ): RetryReason | undefined;
  /** What to do about an error that every request would get. */
  hintFor(rejection: Rejection): string | undefined;
  /** Ends what it waits for. */
  close(): void;
}
