import type { AuthorizationServer, OAuthRequest } from './authorization-server.js';
import { OAuthRefusal } from './oauth-refusal.js';
import type { SandboxOptions } from './options.js';
import { DEFAULT_TOKEN } from './options.js';
import { Refusal } from './refusal.js';
import { checkApiToken } from './request-checks.js';
import type { SandboxRequest } from './sandbox-request.js';
import { hasAccessToken, originOf, pathOf } from './sandbox-request.js';
import type { UserRecord } from './user-store.js';

/** Decides who may send requests: the API token of the org's admin, and access tokens of service apps. */
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

  /** Why a request is turned away, if it is. The token endpoint authenticates its clients itself. */
  async errorOf(request: SandboxRequest): Promise<Refusal | OAuthRefusal | undefined> {
    if (request.route?.operation === 'token') return undefined;
    try {
      if (hasAccessToken(request)) {
        const server = await this.#authorizationServer();
        await server.admit(toOAuthRequest(request));
      } else {
        // A token dies with its owner (auth.md §2).
        const token = this.#owner.status === 'ACTIVE' ? this.#token : undefined;
        checkApiToken(request.headers.authorization, token);
      }
      return undefined;
    } catch (error) {
      if (error instanceof Refusal || error instanceof OAuthRefusal) return error;
      throw error;
    }
  }

  /** The token endpoint. @returns the body of the response. @throws {OAuthRefusal} */
  async issueToken(request: SandboxRequest): Promise<object> {
    const server = await this.#authorizationServer();
    return server.issue(toOAuthRequest(request));
  }

  /** What `dpop-nonce` is in the response to an error; `undefined` when the error is about something else. */
  nonceFor(error: OAuthRefusal): string | undefined {
    return error.error === 'use_dpop_nonce' ? this.#server?.nonce : undefined;
  }

  /** No API token is accepted any more. */
  revokeToken(): void {
    this.#token = undefined;
  }

  /** The access tokens of all apps; the API token stays valid. */
  revokeAccessTokens(): void {
    this.#server?.revokeTokens();
  }

  changeNonce(): void {
    this.#server?.changeNonce();
  }

  /** Loaded when the first app appears: most sandboxes never see one. */
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
