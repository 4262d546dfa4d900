import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { AssertionCheck } from './client-assertion.js';
import { ProofCheck } from './dpop-proof.js';
import { OAuthRefusal } from './oauth-refusal.js';
import { Refusal } from './refusal.js';
import { isCovered, KNOWN_SCOPES, scopeFor, type ServiceAppSeed } from './service-apps.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Fixed at one hour in Okta (auth.md §3.2). */
const LIFETIME_SECONDS = 3600;

export interface AuthorizationServerOptions {
  readonly apps: readonly ServiceAppSeed[];
  /** The org's clock, epoch milliseconds. */
  readonly now: () => number;
  readonly lifetimeSeconds?: number | undefined;
  /** Whether resources want a nonce in proofs as well; Okta's do not today (auth.md §4). */
  readonly asksResourceNonce?: boolean | undefined;
}

/** A request, as far as OAuth is concerned. */
export interface OAuthRequest {
  readonly method: string;
  /** What absolute URLs begin with, as the client addressed the org. */
  readonly origin: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer | undefined;
}

interface Issued {
  readonly app: ServiceAppSeed;
  readonly scopes: readonly string[];
  readonly endsAtMs: number;
  readonly jkt: string | undefined;
}

/** The org authorization server: client credentials with `private_key_jwt`, with DPoP (auth.md §3 and §4). */
export class AuthorizationServer {
  readonly #options: AuthorizationServerOptions;
  readonly #assertions: AssertionCheck;
  readonly #proofs = new ProofCheck();
  readonly #tokens = new Map<string, Issued>();
  readonly #revoked = new Set<string>();
  #nonces = 1;
  #issued = 0;

  constructor(options: AuthorizationServerOptions) {
    this.#options = options;
    this.#assertions = new AssertionCheck(options.apps);
  }

  /** The `dpop-nonce` that proofs must carry just now. */
  get nonce(): string {
    return `sandbox-nonce-${this.#nonces}`;
  }

  /** From now on another nonce is wanted. */
  changeNonce(): void {
    this.#nonces += 1;
  }

  /** All tokens issued so far are worth nothing from now on. */
  revokeTokens(): void {
    for (const token of this.#tokens.keys()) this.#revoked.add(token);
  }

  /** `POST /oauth2/v1/token`. @returns the body of the answer. @throws {OAuthRefusal} */
  async issue({ origin, path, headers, bytes }: OAuthRequest): Promise<object> {
    const nowMs = this.#options.now();
    if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')) {
      throw new OAuthRefusal(400, 'invalid_request', 'The request body must be form-encoded.');
    }
    const form = new URLSearchParams(bytes?.toString('utf8') ?? '');
    if (form.get('grant_type') !== 'client_credentials') {
      throw new OAuthRefusal(
        400,
        'unsupported_grant_type',
        'The authorization grant type is not supported by the authorization server.',
      );
    }
    const assertion = form.get('client_assertion');
    if (assertion === null) throw new OAuthRefusal(401, 'invalid_client', 'No client credentials found.');
    if (form.get('client_assertion_type') !== ASSERTION_TYPE) {
      throw new OAuthRefusal(400, 'invalid_request', 'The client_assertion_type is invalid.');
    }
    const app = await this.#assertions.appOf(assertion, origin + path, nowMs);
    const scopes = grantedOf(form.get('scope'), app);
    const jkt = app.dpop ? await this.#boundKeyOf(headers, origin + path, nowMs) : undefined;

    const lifetimeSeconds = this.#options.lifetimeSeconds ?? LIFETIME_SECONDS;
    this.#issued += 1;
    const accessToken = `sandbox.access.${this.#issued}.${app.clientId}`;
    this.#tokens.set(accessToken, { app, scopes, endsAtMs: nowMs + lifetimeSeconds * 1000, jkt });
    return {
      token_type: jkt === undefined ? 'Bearer' : 'DPoP',
      expires_in: lifetimeSeconds,
      access_token: accessToken,
      scope: scopes.join(' '),
    };
  }

  /**
   * Lets a request with an access token in.
   *
   * @throws {OAuthRefusal} the token, its proof or its scopes are not good.
   * @throws {Refusal} `E0000006`: the app has no admin role.
   */
  async admit(request: OAuthRequest): Promise<void> {
    const [scheme = '', accessToken = ''] = (request.headers.authorization ?? '').split(' ');
    const issued = this.#tokens.get(accessToken);
    if (issued === undefined) throw new OAuthRefusal(401, 'invalid_token', 'The access token is invalid.');
    if (this.#revoked.has(accessToken)) {
      throw new OAuthRefusal(401, 'invalid_token', 'The access token has been revoked.');
    }
    if (this.#options.now() >= issued.endsAtMs) {
      throw new OAuthRefusal(401, 'invalid_token', 'The token has expired.');
    }
    await this.#checkBinding(request, scheme.toLowerCase(), accessToken, issued);
    const scope = scopeFor(request.method, request.path);
    if (scope !== undefined && !isCovered(scope, issued.scopes)) {
      throw new OAuthRefusal(
        403,
        'insufficient_scope',
        'The access token provided does not contain the required scopes.',
      );
    }
    if (issued.app.hasAdminRole === false) throw new Refusal('E0000006');
  }

  async #checkBinding(request: OAuthRequest, scheme: string, token: string, { jkt }: Issued): Promise<void> {
    if (jkt === undefined) {
      if (scheme !== 'dpop') return;
      throw new OAuthRefusal(401, 'invalid_token', 'The presented access_token is not DPoP bound.');
    }
    if (scheme !== 'dpop') {
      throw new OAuthRefusal(
        400,
        'invalid_request',
        'The resource request must use the DPoP authentication scheme when using a DPoP bound token.',
      );
    }
    const { method, origin, path, headers } = request;
    const header = textOf(headers['dpop']);
    if (header === undefined) {
      throw new OAuthRefusal(400, 'invalid_request', 'The resource request requires a DPoP proof.');
    }
    const proof = await this.#proofs.verify(header, {
      method,
      url: origin + path,
      nowMs: this.#options.now(),
    });
    if (proof.ath !== createHash('sha256').update(token).digest('base64url')) {
      throw new OAuthRefusal(
        400,
        'invalid_dpop_proof',
        "'ath' claim in the DPoP proof does not match the presented access_token.",
      );
    }
    if (proof.jkt !== jkt) {
      throw new OAuthRefusal(
        400,
        'invalid_dpop_proof',
        'The access_token is not bound to the provided DPoP proof.',
      );
    }
    if (this.#options.asksResourceNonce && proof.nonce !== this.nonce) {
      throw new OAuthRefusal(401, 'use_dpop_nonce', 'Resource server requires nonce in DPoP proof.');
    }
  }

  /** The thumbprint that the token is bound to. */
  async #boundKeyOf(headers: IncomingHttpHeaders, url: string, nowMs: number): Promise<string> {
    const proof = await this.#proofs.verify(textOf(headers['dpop']), { method: 'POST', url, nowMs });
    if (proof.nonce !== this.nonce) {
      throw new OAuthRefusal(400, 'use_dpop_nonce', 'Authorization server requires nonce in DPoP proof.');
    }
    return proof.jkt;
  }
}

/** Those of the scopes asked for that the app was granted: silently without the others (auth.md §3). */
function grantedOf(asked: string | null, app: ServiceAppSeed): readonly string[] {
  const scopes = (asked ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.length === 0) throw new OAuthRefusal(400, 'invalid_scope', 'No scopes were requested.');
  if (scopes.includes('openid')) {
    throw new OAuthRefusal(400, 'invalid_scope', "Cannot request 'openid' scopes using client credentials.");
  }
  if (!scopes.every((scope) => KNOWN_SCOPES.has(scope))) {
    throw new OAuthRefusal(
      400,
      'invalid_scope',
      'One or more scopes are not configured for the authorization server resource.',
    );
  }
  const granted = scopes.filter((scope) => app.scopes.includes(scope));
  if (granted.length === 0) {
    throw new OAuthRefusal(400, 'consent_required', 'You are not allowed any of the requested scopes.');
  }
  return granted;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
