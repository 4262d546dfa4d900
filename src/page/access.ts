import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { isOtherUser } from './peer-user.js';

/** Why a request is turned away, before anything of it is read. */
export type Refusal = 'other-user' | 'wrong-host' | 'other-site' | 'no-cookie' | 'wrong-content-type';

/** Requests that change something carry data, which no other site can send without asking first. */
const CHANGING: ReadonlySet<string | undefined> = new Set(['POST', 'PUT']);

/**
 * Who may use the page: the browser that opened the printed address, and nothing else. A one-time token in that address is
 * exchanged for a cookie. Another local user has neither, and on Linux the owner of the connection is known as well; another site in the same browser is told by the headers that the browser sets.
 */
export class PageAccess {
  readonly #port: number;
  readonly #isOtherUser: (socket: Socket) => boolean;
  /** Per connection, since the list of sockets is long. */
  readonly #ownSockets = new WeakSet<Socket>();
  #token: Buffer | undefined;
  #cookie: Buffer | undefined;

  constructor(port: number, isFromOtherUser: (socket: Socket) => boolean = isOtherUser) {
    this.#port = port;
    this.#isOtherUser = isFromOtherUser;
  }

  /** A new token. One that was not used is no longer valid. */
  createToken(): string {
    const token = randomSecret();
    this.#token = digest(token);
    return token;
  }

  /** Exchanges a token for the value of `Set-Cookie`, once. The browser that entered before is signed out. */
  exchange(token: string): string | undefined {
    if (!isSame(this.#token, token)) return undefined;
    this.#token = undefined;
    const cookie = randomSecret();
    this.#cookie = digest(cookie);
    return `${this.#cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** @param contentType - what the body must be, of a request that changes something. */
  check(request: IncomingMessage, contentType: string): Refusal | undefined {
    return (
      this.checkOrigin(request) ??
      (this.hasCookie(request) ? undefined : 'no-cookie') ??
      (CHANGING.has(request.method) && !hasContentType(request, contentType)
        ? 'wrong-content-type'
        : undefined)
    );
  }

  /** Where a request comes from: whose connection it is, and what the browser says about the site. */
  checkOrigin(request: IncomingMessage): Refusal | undefined {
    const { socket } = request;
    if (!this.#ownSockets.has(socket)) {
      if (this.#isOtherUser(socket)) return 'other-user';
      this.#ownSockets.add(socket);
    }
    return this.#checkSite(request);
  }

  #checkSite(request: IncomingMessage): Refusal | undefined {
    // A site can make its own name point here (DNS rebinding). Several host names are invalid (RFC 9112, section 3.2).
    const [host, ...others] = request.headersDistinct['host'] ?? [];
    if (host === undefined || others.length > 0 || !this.#hosts.includes(host.toLowerCase())) {
      return 'wrong-host';
    }
    if (isTopLevelNavigation(request)) return undefined;
    const site = request.headers['sec-fetch-site'];
    // Another port of this machine is the same site: that of another user, perhaps.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'other-site';
    const { origin } = request.headers;
    const isOwn = origin === `http://${host}`;
    return isOwn || (origin === undefined && !CHANGING.has(request.method)) ? undefined : 'other-site';
  }

  hasCookie({ headers: { cookie = '' } }: Pick<IncomingMessage, 'headers'>): boolean {
    const prefix = `${this.#cookieName}=`;
    return cookie
      .split(';')
      .map((pair) => pair.trim())
      .some((pair) => pair.startsWith(prefix) && isSame(this.#cookie, pair.slice(prefix.length)));
  }

  /** Cookies do not tell ports apart, and several pages may be open. */
  get #cookieName(): string {
    return `okta-csv-import-${this.#port}`;
  }

  get #hosts(): readonly string[] {
    return [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
  }
}

/** An address that was opened, and not a part of a page. */
function isTopLevelNavigation({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  );
}

function hasContentType({ headers }: IncomingMessage, expected: string): boolean {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() === expected;
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** In constant time. */
function isSame(expected: Buffer | undefined, given: string): boolean {
  return expected !== undefined && timingSafeEqual(expected, digest(given));
}
