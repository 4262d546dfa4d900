import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import { OktaImportError } from '../errors.js';

import type { ApiError } from './api/state.js';
import { MESSAGE_CSP, messagePage } from './html.js';
import { PageRequestError } from './page-error.js';
import type { RouteResponse } from './route.js';

/** Nothing from the network, no inline script, no form, no frame. */
export const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Of every response. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', PAGE_CSP);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
}

/** A page with a few sentences; the links in it are markup. */
export function sendMessage(
  response: ServerResponse,
  status: number,
  title: string,
  ...paragraphs: readonly string[]
): void {
  response
    .writeHead(status, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': MESSAGE_CSP,
    })
    .end(messagePage(title, ...paragraphs));
}

export function sendError(response: ServerResponse, status: number, error: ApiError['error']): void {
  sendJson(response, status, { error } satisfies ApiError);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(value));
}

export async function sendRouteResponse(response: ServerResponse, result: RouteResponse): Promise<void> {
  if (result.kind === 'json') {
    sendJson(response, 200, result.json);
    return;
  }
  const { contentType, content, downloadAs, contentSecurityPolicy } = result;
  if (contentSecurityPolicy !== undefined) {
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    // A browser refuses a sandboxed document that has one.
    response.removeHeader('Cross-Origin-Opener-Policy');
  }
  if (downloadAs !== undefined) {
    response.setHeader('Content-Disposition', `attachment; filename*=UTF-8''${encodeName(downloadAs)}`);
  }
  response.writeHead(200, { 'Content-Type': contentType });
  if (typeof content === 'string') response.end(content);
  else await pipeline(content, response);
}

/** RFC 8187. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
}

/** What the page shows for an error of a route. Mistakes of the program are not the page's to explain. */
export function toApiError(error: unknown): { readonly status: number; readonly error: ApiError['error'] } {
  if (error instanceof OktaImportError) {
    const { code, message, hint } = error;
    return { status: error instanceof PageRequestError ? error.status : 422, error: { code, message, hint } };
  }
  return {
    status: 500,
    error: {
      code: 'ERR_BUG',
      message: 'Internal error. This is a bug in okta-csv-import.',
      hint: 'See the terminal for details, and report it.',
    },
  };
}
