import type { IncomingMessage } from 'node:http';

import type { PageSession } from './session.js';

/** A request that may come in: it has the cookie, and comes from the page itself. */
export interface PageRequest {
  readonly session: PageSession;
  /** Parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined without a body. Check it before use. */
  readonly body: unknown;
  /** For routes whose body is `bytes`. */
  readonly message: IncomingMessage;
}

/** What a route responds with: JSON, or a file. */
export type RouteResponse =
  | { readonly kind: 'json'; readonly json: unknown }
  | {
      readonly kind: 'file';
      readonly contentType: string;
      readonly content: string | AsyncIterable<Uint8Array>;
      /** Saves it under this name instead of showing it. */
      readonly downloadAs?: string | undefined;
      /** Replaces that of the page. */
      readonly contentSecurityPolicy?: string | undefined;
    };

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Segments that begin with a colon are parameters: `/api/runs/:run/plan`. */
  readonly path: string;
  /** Default `json`. The handler of `bytes` reads the message. */
  readonly body?: 'json' | 'bytes' | undefined;
  /** @throws {OktaImportError} what the page shows. */
  readonly handle: (request: PageRequest) => Promise<RouteResponse> | RouteResponse;
}

export function json(value: unknown): RouteResponse {
  return { kind: 'json', json: value };
}
