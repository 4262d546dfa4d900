import type { IncomingHttpHeaders } from 'node:http';
import type { KeyObject } from 'node:crypto';

import type { Dispatcher } from 'undici';

import type { Clock } from '../../clock.js';
import type { Secret } from '../../secret.js';
import type { ServerClock } from '../rate-limit/server-clock.js';

/** A way of signing in, as the settings describe it. */
export type SignInDescription =
  /** An API token, `Authorization: SSWS`. */
  | { readonly mode: 'SSWS'; readonly token: Secret; readonly tokenFrom: string }
  /** An access token that somebody else asked for; it cannot be renewed. */
  | { readonly mode: 'Bearer'; readonly token: Secret; readonly tokenFrom: string }
  | ServiceApp;

/** An API service app: OAuth 2.0 client credentials with `private_key_jwt`, and DPoP where the app wants it. */
export interface ServiceApp {
  readonly mode: 'PrivateKey';
  readonly clientId: string;
  readonly key: KeyObject;
  readonly algorithm: string;
  /** Of the key; needed when the app has several. */
  readonly keyId: string | undefined;
  readonly scopes: ScopeNeeds;
}

/** OAuth scopes of a command; an API token needs none. */
export interface ScopeNeeds {
  /** Without them nothing works: said before anything else is sent. */
  readonly required: readonly string[];
  /** Asked for as well; without them a part does not work, and says so when it comes to it. */
  readonly optional: readonly string[];
}

/** The way to the org that a sign-in shares with all other requests. */
export interface AuthContext {
  /** Origin, without a slash at the end. */
  readonly orgUrl: string;
  readonly dispatcher: Dispatcher;
  readonly serverClock: ServerClock;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly userAgent: string;
  /** For a token request's headers and body together. Milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long the token endpoint may be away. Milliseconds. */
  readonly giveUpAfterMs: number;
}

/** Opens a sign-in; the transport calls it once, with its own door. */
export type SignInMethod = (door: AuthContext) => Authenticator;

export type SignedHeaders = Readonly<Record<string, string>>;

/** Why a request that was turned away at the door is worth sending again: nothing was done. */
export type RetryReason = 'new-token' | 'new-proof';

/** Signs requests. One for a client, shared by all its requests. */
export interface Authenticator {
  /** Scopes of the token in use, as the org granted them; undefined for those that have none. */
  readonly grantedScopes: readonly string[] | undefined;
  /**
   * The headers that sign a request. A promise only where something must be waited for or computed.
   *
   * @param url - without query and fragment.
   * @throws {SignInError} the org does not let this client in.
   * @throws the signal's reason, when it ended the wait.
   */
  headersFor(request: {
    readonly method: string;
    readonly url: string;
    readonly signal: AbortSignal | undefined;
  }): SignedHeaders | Promise<SignedHeaders>;
  /** Learns from an answer. @returns why the same request is worth sending again, if it is. */
  observe(
    answer: { readonly status: number; readonly headers: IncomingHttpHeaders },
    sentWith: SignedHeaders,
  ): RetryReason | undefined;
  /** What to do about a refusal that every request would get. */
  hintFor(status: number, errorCode: string | undefined): string | undefined;
  /** Ends what it waits for. */
  close(): void;
}
