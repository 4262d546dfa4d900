import type { AuthorizationServer, OAuthRequest, TokenResponse } from './authorization-server.js';
import { OAuthError } from './oauth-error.js';
import { DEFAULT_TOKEN, type SandboxOptions } from './options.js';
import { OktaError } from './okta-error.js';
import { checkApiToken } from './request-checks.js';
import { hasAccessToken, originOf, pathOf, type SandboxRequest } from './sandbox-request.js';
import type { UserRecord } from './user-store.js';

/** Checks who sends a request: the API token of the org's admin, and access tokens of service apps. */
export class Authentication {
  readonly #options: SandboxOptions;
  readonly #owner: UserRecord;
  readonly #now: () => number;
  #token: string | undefined;
  #server: AuthorizationServer | undefined;

  /** @param options.owner - The admin whose API token it is. */
  constructor(options: {
    readonly sandbox: SandboxOptions;
    readonly owner: UserRecord;
    readonly now: () => number;
  }) {
    this.#options = options.sandbox;
    this.#owner = options.owner;
    this.#now = options.now;
    this.#token = options.sandbox.token ?? DEFAULT_TOKEN;
  }

  /** Returns why a request is rejected, if it is. The token endpoint authenticates its clients itself, and whoever signs in has no token. */
  async errorOf(request: SandboxRequest): Promise<OktaError | OAuthError | undefined> {
    const operation = request.route?.operation;
    if (operation === 'token' || operation === 'authenticate') return undefined;
    try {
      if (hasAccessToken(request)) {
        const server = await this.#authorizationServer();
        await server.checkToken(toOAuthRequest(request));
      } else {
        const { status } = this.#owner;
        // The token of a deactivated admin is still known, but permits nothing; that of a suspended one is not accepted.
        const isKnown = status === 'ACTIVE' || status === 'DEPROVISIONED';
        checkApiToken(request.headers.authorization, isKnown ? this.#token : undefined);
        if (status === 'DEPROVISIONED') throw new OktaError('E0000006');
      }
      return undefined;
    } catch (error) {
      if (error instanceof OktaError || error instanceof OAuthError) return error;
      throw error;
    }
  }

  /** Serves the token endpoint. @throws {OAuthError} */
  async issueToken(request: SandboxRequest): Promise<TokenResponse> {
    const server = await this.#authorizationServer();
    return server.issue(toOAuthRequest(request));
  }

  /** The `dpop-nonce` header of an error response; `undefined` when the error does not ask for a nonce. */
  nonceFor(error: OAuthError): string | undefined {
    return error.error === 'use_dpop_nonce' ? this.#server?.nonce : undefined;
  }

  /** From now on, no API token is accepted. */
  revokeToken(): void {
    this.#token = undefined;
  }

  /** Revokes the access tokens of all apps; the API token stays valid. */
  revokeAccessTokens(): void {
    this.#server?.revokeTokens();
  }

  changeNonce(): void {
    this.#server?.changeNonce();
  }

  /** Loaded on demand: most sandboxes have no service apps. */
  async #authorizationServer(): Promise<AuthorizationServer> {
    const { AuthorizationServer } = await import('./authorization-server.js');
    this.#server ??= new AuthorizationServer({
      apps: this.#options.serviceApps ?? [],
      now: this.#now,
      lifetimeSeconds: this.#options.accessTokenSeconds,
      asksResourceNonce: this.#options.asksResourceNonce,
    });
    return this.#server;
  }
}

function toOAuthRequest(request: SandboxRequest): OAuthRequest {
  const { method, headers, bytes } = request;
  return { method, headers, bytes, origin: originOf(request), path: pathOf(request) };
}
