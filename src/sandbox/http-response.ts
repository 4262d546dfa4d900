import type { ServerResponse } from 'node:http';

import type { OktaError } from './okta-error.js';
import type { RateLimitState } from './rate-limits.js';

/** A response as it is sent. */
export interface HttpResponse {
  readonly status: number;
  /** Name, value, name, value: preserves the case of names and allows duplicates, such as two `Link` headers. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** A response and how much of it the client receives. */
export interface Delivery {
  readonly response: HttpResponse;
  /** `truncated`: the connection ends in the middle of the body; `reset`: the client receives nothing. */
  readonly mode: 'complete' | 'truncated' | 'reset';
}

export function complete(response: HttpResponse): Delivery {
  return { response, mode: 'complete' };
}

/** The three rate-limit headers. */
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

/** Okta's error body. */
export function errorBody(error: OktaError, errorId: string): string {
  return JSON.stringify({
    errorCode: error.errorCode,
    errorSummary: error.message,
    errorLink: error.errorCode,
    errorId,
    errorCauses: error.causes.map((errorSummary) => ({ errorSummary })),
  });
}

/** The error page of a typical proxy or gateway. */
export function gatewayPage(status: number): string {
  return `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n</body>\r\n</html>\r\n`;
}

/** Writes the response to the socket, or the part of it that is to arrive. */
export function send(raw: ServerResponse, { response, mode }: Delivery): void {
  if (raw.destroyed) return;
  const bytes = Buffer.from(response.body);
  if (mode === 'reset' || (mode === 'truncated' && bytes.length === 0)) {
    raw.socket?.resetAndDestroy();
    return;
  }
  const length = response.status === 204 ? [] : ['Content-Length', String(bytes.length)];
  raw.sendDate = false;
  raw.writeHead(response.status, [...response.headers, ...length]);
  if (mode === 'complete') {
    raw.end(bytes);
    return;
  }
  raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => raw.socket?.destroy());
}
