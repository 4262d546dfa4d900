import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import { readBody } from '../http-server/read-body.js';
import { Router, type RouteMatch } from '../http-server/router.js';
import type { Bucket } from './rate-limits.js';
import { requestPath } from './request-path.js';
import { OktaError } from './okta-error.js';
import { ROUTES, type Route } from './routes.js';

const MAX_BODY_BYTES = 1024 * 1024;
const METHODS_WITHOUT_BODY: readonly string[] = ['GET', 'HEAD', 'TRACE'];
const router = new Router(ROUTES);
/** What the API makes of a path with an encoded slash. */
const NO_SUCH_METHOD: RouteMatch<Route> = { kind: 'wrong-method' };

/** A request as received, with its route. Nothing has been checked yet. */
export interface SandboxRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** `undefined` for an unknown path or method. */
  readonly route: Route | undefined;
  /** Percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** `undefined` for methods without a body. */
  readonly bytes: Buffer | undefined;
  /** Why no operation can run: there is no such route, or the body could not be read. */
  readonly error: OktaError | undefined;
  /** Whether the web server answers with a page of its own, because of the path. */
  readonly isRefusedByServer: boolean;
}

/** Reads a request, including its body. */
export async function readRequest(message: IncomingMessage): Promise<SandboxRequest> {
  const { method = '', url = '/', headers } = message;
  const path = requestPath(url);
  const match = path.kind === 'target' ? router.match(method, path.target) : NO_SUCH_METHOD;
  const body = METHODS_WITHOUT_BODY.includes(method) ? undefined : await readBody(message, MAX_BODY_BYTES);
  const isFound = match.kind === 'found';
  return {
    method,
    url,
    headers,
    route: isFound ? match.route : undefined,
    params: isFound ? match.params : {},
    bytes: body?.kind === 'complete' ? body.bytes : undefined,
    error: bodyError(body?.kind) ?? (isFound ? undefined : routeError(match.kind)),
    isRefusedByServer: path.kind === 'has-backslash',
  };
}

/** The base of absolute links, as the client addressed the org. */
export function originOf({ headers }: SandboxRequest): string {
  return `http://${headers.host ?? '127.0.0.1'}`;
}

/** As sent, without the query. */
export function pathOf({ url }: SandboxRequest): string {
  return url.replace(/\?.*/s, '');
}

export function bucketOf({ route }: SandboxRequest): Bucket {
  return route?.bucket ?? '/api/v1';
}

/** Whether the request has an OAuth access token, valid or not. */
export function hasAccessToken({ headers }: SandboxRequest): boolean {
  return /^(bearer|dpop) /i.test(headers.authorization ?? '');
}

function bodyError(kind: 'complete' | 'too-large' | 'aborted' | undefined): OktaError | undefined {
  if (kind === 'too-large') return new OktaError('E0000020', { status: 413 });
  return kind === 'aborted' ? new OktaError('E0000020') : undefined;
}

function routeError(kind: 'wrong-method' | 'unknown-path' | 'malformed-path'): OktaError {
  switch (kind) {
    case 'wrong-method':
      return new OktaError('E0000022');
    case 'unknown-path':
      return new OktaError('E0000008');
    case 'malformed-path':
      return new OktaError('E0000020');
    default:
      return kind satisfies never;
  }
}
