import type { ServerResponse } from 'node:http';

import type { RateLimitState } from './rate-limits.js';
import type { Refusal } from './refusal.js';

/** A response as it goes onto the wire. */
export interface WireResponse {
  readonly status: number;
  /** Name, value, name, value: keeps the case of names and says the same name twice (users.md §6, Link). */
  readonly headers: readonly string[];
  readonly body: string;
}

/** How the response reaches the client, or does not. */
export type Delivery = 'whole' | 'reset' | 'truncated';

/** The three headers of rate-limits.md §2. */
export function rateLimitHeaders(state: RateLimitState): string[] {
  return [
    'X-Rate-Limit-Limit',
    String(state.limit),
    'X-Rate-Limit-Remaining',
    String(state.remaining),
    'X-Rate-Limit-Reset',
    String(state.resetAt),
  ];
}

/** Okta's error body (errors.md §1.1). */
export function errorBody(refusal: Refusal, errorId: string): string {
  return JSON.stringify({
    errorCode: refusal.errorCode,
    errorSummary: refusal.message,
    errorLink: refusal.errorCode,
    errorId,
    errorCauses: refusal.causes.map((errorSummary) => ({ errorSummary })),
  });
}

/** A page of a proxy or gateway, as people find it in their logs. */
export function gatewayPage(status: number): string {
  return `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n</body>\r\n</html>\r\n`;
}

/** Writes the response to the socket, or what is left of it. */
export function deliver(
  raw: ServerResponse,
  { response, delivery }: { readonly response: WireResponse; readonly delivery: Delivery },
): void {
  if (raw.destroyed) return;
  const bytes = Buffer.from(response.body);
  if (delivery === 'reset' || (delivery === 'truncated' && bytes.length === 0)) {
    raw.socket?.resetAndDestroy();
    return;
  }
  const length = response.status === 204 ? [] : ['Content-Length', String(bytes.length)];
  raw.sendDate = false;
  raw.writeHead(response.status, [...response.headers, ...length]);
  if (delivery === 'whole') {
    raw.end(bytes);
    return;
  }
  raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => raw.socket?.destroy());
}
