import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { AssertionVerifier } from './client-assertion.js';
import { DpopProofVerifier, invalidProof } from './dpop-proof.js';
import { OAuthError } from './oauth-error.js';
import { OktaError } from './okta-error.js';
import { isCovered, KNOWN_SCOPES, scopeFor, type ServiceAppSeed } from './service-apps.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** One hour, as in Okta. */
const LIFETIME_SECONDS = 3600;

export interface AuthorizationServerOptions {
  readonly apps: readonly ServiceAppSeed[];
  /** The org's clock, epoch milliseconds. */
  readonly now: () => number;
  readonly lifetimeSeconds?: number | undefined;
  /** Whether API requests too need a nonce in their proofs; Okta does not require it today. */
  readonly asksResourceNonce?: boolean | undefined;
}

/** The parts of a request that OAuth needs. */
export interface OAuthRequest {
  readonly method: string;
  /** The base of absolute URLs, as the client addressed the org. */
  readonly origin: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer | undefined;
}

export interface TokenResponse {
  readonly body: object;
  /** The `dpop-nonce` for the proof of the next token request; `undefined` without DPoP. */
  readonly nonce: string | undefined;
}

interface IssuedToken {
  readonly app: ServiceAppSeed;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
  readonly jkt: string | undefined;
}

/** The org authorization server: client credentials with `private_key_jwt`, with or without DPoP. */
export class AuthorizationServer {
  readonly #options: AuthorizationServerOptions;
  readonly #assertions: AssertionVerifier;
  readonly #proofs = new DpopProofVerifier();
  readonly #tokens = new Map<string, IssuedToken>();
  readonly #revoked = new Set<string>();
  #nonceCount = 1;
  #tokenCount = 0;

  constructor(options: AuthorizationServerOptions) {
    this.#options = options;
    this.#assertions = new AssertionVerifier(options.apps);
  }

  /** The `dpop-nonce` that proofs must currently have. */
  get nonce(): string {
    return `sandbox-nonce-${this.#nonceCount}`;
  }

  /** From now on, proofs need another nonce. */
  changeNonce(): void {
    this.#nonceCount += 1;
  }

  /** Revokes all tokens issued so far. */
  revokeTokens(): void {
    for (const token of this.#tokens.keys()) this.#revoked.add(token);
  }

  /** `POST /oauth2/v1/token`. @throws {OAuthError} */
  async issue({ origin, path, headers, bytes }: OAuthRequest): Promise<TokenResponse> {
    const nowMs = this.#options.now();
    if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')) {
      throw invalidRequest('The request body must be form-encoded.');
    }
    const form = new URLSearchParams(bytes?.toString('utf8') ?? '');
    if (form.get('grant_type') !== 'client_credentials') {
      throw new OAuthError(
        400,
        'unsupported_grant_type',
        'The authorization grant type is not supported by the authorization server.',
      );
    }
    const assertion = form.get('client_assertion');
    if (assertion === null) throw new OAuthError(401, 'invalid_client', 'No client credentials found.');
    if (form.get('client_assertion_type') !== ASSERTION_TYPE) {
      throw invalidRequest('The client_assertion_type is invalid.');
    }
    const app = await this.#assertions.verify(assertion, origin + path, nowMs);
    const scopes = grantedScopes(form.get('scope'), app);
    const jkt = app.dpop ? await this.#thumbprintOf(headers, origin + path, nowMs) : undefined;

    const lifetimeSeconds = this.#options.lifetimeSeconds ?? LIFETIME_SECONDS;
    this.#tokenCount += 1;
    const accessToken = `sandbox.access.${this.#tokenCount}.${app.clientId}`;
    this.#tokens.set(accessToken, { app, scopes, expiresAtMs: nowMs + lifetimeSeconds * 1000, jkt });
    const body = {
      token_type: jkt === undefined ? 'Bearer' : 'DPoP',
      expires_in: lifetimeSeconds,
      access_token: accessToken,
      scope: scopes.join(' '),
    };
    return { body, nonce: jkt === undefined ? undefined : this.nonce };
  }

  /**
   * Checks the access token of a request.
   *
   * @throws {OAuthError} The token, its proof or its scopes are invalid.
   * @throws {OktaError} `E0000006`: The app has no admin role.
   */
  async checkToken(request: OAuthRequest): Promise<void> {
    const [scheme = '', accessToken = ''] = (request.headers.authorization ?? '').split(' ');
    const issued = this.#tokens.get(accessToken);
    if (issued === undefined) throw invalidToken('The access token is invalid.');
    if (this.#revoked.has(accessToken)) throw invalidToken('The access token has been revoked.');
    if (this.#options.now() >= issued.expiresAtMs) throw invalidToken('The token has expired.');
    await this.#checkBinding(request, scheme.toLowerCase(), accessToken, issued);
    const scope = scopeFor(request.method, request.path);
    if (scope !== undefined && !isCovered(scope, issued.scopes)) {
      throw new OAuthError(
        403,
        'insufficient_scope',
        'The access token provided does not contain the required scopes.',
      );
    }
    if (issued.app.hasAdminRole === false) throw new OktaError('E0000006');
  }

  async #checkBinding(
    request: OAuthRequest,
    scheme: string,
    token: string,
    { jkt }: IssuedToken,
  ): Promise<void> {
    if (jkt === undefined) {
      if (scheme !== 'dpop') return;
      throw invalidToken('The presented access_token is not DPoP bound.');
    }
    if (scheme !== 'dpop') {
      throw invalidRequest(
        'The resource request must use the DPoP authentication scheme when using a DPoP bound token.',
      );
    }
    const { method, origin, path, headers } = request;
    const header = textOf(headers['dpop']);
    if (header === undefined) throw invalidRequest('The resource request requires a DPoP proof.');
    const proof = await this.#proofs.verify(header, {
      method,
      url: origin + decodedPath(path),
      nowMs: this.#options.now(),
    });
    if (proof.ath !== createHash('sha256').update(token).digest('base64url')) {
      throw invalidProof("'ath' claim in the DPoP proof does not match the presented access_token.");
    }
    if (proof.jkt !== jkt) {
      throw invalidProof('The access_token is not bound to the provided DPoP proof.');
    }
    if (this.#options.asksResourceNonce && proof.nonce !== this.nonce) {
      throw new OAuthError(401, 'use_dpop_nonce', 'Resource server requires nonce in DPoP proof.');
    }
  }

  /** The thumbprint of the key that the token is to be bound to. */
  async #thumbprintOf(headers: IncomingHttpHeaders, url: string, nowMs: number): Promise<string> {
    const proof = await this.#proofs.verify(textOf(headers['dpop']), { method: 'POST', url, nowMs });
    if (proof.nonce !== this.nonce) {
      throw new OAuthError(400, 'use_dpop_nonce', 'Authorization server requires nonce in DPoP proof.');
    }
    return proof.jkt;
  }
}

/** The requested scopes that the app has. Okta omits the others without an error. */
function grantedScopes(requested: string | null, app: ServiceAppSeed): readonly string[] {
  const scopes = (requested ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.length === 0) throw invalidScope('No scopes were requested.');
  if (scopes.includes('openid')) {
    throw invalidScope("Cannot request 'openid' scopes using client credentials.");
  }
  if (!scopes.every((scope) => KNOWN_SCOPES.has(scope))) {
    throw invalidScope('One or more scopes are not configured for the authorization server resource.');
  }
  const granted = scopes.filter((scope) => app.scopes.includes(scope));
  if (granted.length === 0) {
    throw new OAuthError(400, 'consent_required', 'You are not allowed any of the requested scopes.');
  }
  return granted;
}

/** Okta decodes the path of an API request before it compares the `htu` of the proof with it. */
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // URIError is the only error: the path is refused later.
    return path;
  }
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}

const invalidRequest = (description: string): OAuthError =>
  new OAuthError(400, 'invalid_request', description);
const invalidScope = (description: string): OAuthError => new OAuthError(400, 'invalid_scope', description);
const invalidToken = (description: string): OAuthError => new OAuthError(401, 'invalid_token', description);
