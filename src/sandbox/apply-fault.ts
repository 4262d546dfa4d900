import type { FaultAfterCommit, FaultBeforeCommit } from './faults.js';
import type { RateLimitState } from './rate-limits.js';
import { Refusal } from './refusal.js';
import type { Responses } from './responses.js';
import type { Delivery, WireResponse } from './http-response.js';

/** What reaches the client, and how. */
export interface Delivered {
  readonly response: WireResponse;
  readonly delivery: Delivery;
}

/** Long enough that no error of a clock explains it. */
const LONG_AGO_SECONDS = 3600;

/** Headers of the concurrency 429: zeros, and a reset that is only a suggestion (rate-limits.md §2.1). */
export function concurrencyLimits(nowMs: number): RateLimitState {
  return { limit: 0, remaining: 0, resetAt: Math.ceil(nowMs / 1000) + 1 };
}

/** What a fault answers in place of the operation. */
export function substituteFor(
  action: FaultBeforeCommit,
  responses: Responses,
  { nowMs, limits }: { readonly nowMs: number; readonly limits: RateLimitState | undefined },
): Delivered {
  const tooMany = new Refusal('E0000047');
  switch (action.then) {
    case 'status-500':
      return whole(responses.error(new Refusal('E0000009'), limits));
    case 'status-503':
      return whole(responses.error(new Refusal('E0000181'), limits));
    case 'read-only':
      return whole(responses.error(new Refusal('E0000010'), limits));
    case 'revoke-token':
      return whole(responses.error(new Refusal('E0000011'), limits));
    case 'okta-error':
      return whole(responses.error(new Refusal(action.errorCode, action), limits));
    case 'status-502':
      return whole(responses.gatewayPage(502));
    case 'status-504':
      return whole(responses.gatewayPage(504));
    case 'html-body':
      return whole(responses.gatewayPage(action.status));
    case 'reset-before-commit':
      return { response: responses.error(new Refusal('E0000009'), limits), delivery: 'reset' };
    case '429-no-headers':
      return whole(responses.error(tooMany, undefined));
    case '429-reset-in-past': {
      const resetAt = Math.floor(nowMs / 1000) - LONG_AGO_SECONDS;
      return whole(responses.error(tooMany, { limit: limits?.limit ?? 600, remaining: 0, resetAt }));
    }
    case '429-concurrency':
      return whole(responses.error(tooMany, concurrencyLimits(nowMs)));
    case '429-bucket-used-up':
      return whole(responses.error(tooMany, limits && { ...limits, remaining: 0 }));
    default:
      return action satisfies never;
  }
}

/** What becomes of the true response of an operation that ran. */
export function distorted(
  action: FaultAfterCommit,
  response: WireResponse,
  { responses, limits }: { readonly responses: Responses; readonly limits: RateLimitState | undefined },
): Delivered {
  switch (action.then) {
    case 'reset-after-commit':
      return { response, delivery: 'reset' };
    case '500-after-commit':
      return whole(responses.error(new Refusal('E0000009'), limits));
    case '502-after-commit':
      return whole(responses.gatewayPage(502));
    case '504-after-commit':
      return whole(responses.gatewayPage(504));
    case 'html-body-after-commit':
      return whole(responses.gatewayPage(response.status));
    case 'truncated-body':
      return { response, delivery: 'truncated' };
    case 'half-json-body':
      return whole({ ...response, body: response.body.slice(0, response.body.length / 2) });
    case 'empty-body':
      return whole({ ...response, body: '' });
    case 'duplicate-reset-header':
      return whole(withSecondReset(response));
    case 'slow-before-commit':
    case 'slow-after-commit':
      return whole(response);
    default:
      return action satisfies never;
  }
}

function whole(response: WireResponse): Delivered {
  return { response, delivery: 'whole' };
}

function withSecondReset(response: WireResponse): WireResponse {
  const position = response.headers.indexOf('X-Rate-Limit-Reset');
  if (position < 0) return response;
  const resetAt = Number(response.headers[position + 1]);
  return { ...response, headers: [...response.headers, 'X-Rate-Limit-Reset', String(resetAt + 1)] };
}
