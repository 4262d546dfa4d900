import type { FaultAfterCommit, FaultBeforeCommit } from './faults.js';
import { complete, type Delivery, type HttpResponse } from './http-response.js';
import { withJavaErrorText } from './java-error-text.js';
import { OAuthError } from './oauth-error.js';
import { notFound, OktaError } from './okta-error.js';
import type { RateLimitState } from './rate-limits.js';
import type { Responses } from './responses.js';
import type { SandboxRequest } from './sandbox-request.js';

/** Too long to be explained by a clock that is off. */
const PAST_RESET_SECONDS = 3600;

/** How far away the reset of a 429 for too many concurrent requests is: as seen in real orgs, 111 to 140 seconds. */
const CONCURRENCY_RESET_SECONDS = { min: 111, max: 140 } as const;

/** The headers of a 429 for too many concurrent requests: zeros, and a reset that says nothing about the bucket. */
export function concurrencyLimits(nowMs: number): RateLimitState {
  const { min, max } = CONCURRENCY_RESET_SECONDS;
  const now = Math.floor(nowMs / 1000);
  return { limit: 0, remaining: 0, resetAt: now + min + (now % (max - min + 1)) };
}

/** The response of a fault that prevents the operation. */
export function applyBeforeCommit(
  action: FaultBeforeCommit,
  responses: Responses,
  context: {
    readonly request: SandboxRequest;
    readonly nowMs: number;
    readonly limits: RateLimitState | undefined;
  },
): Delivery {
  const { request, nowMs, limits } = context;
  const tooManyRequests = new OktaError('E0000047');
  switch (action.then) {
    case 'status-500':
      return complete(responses.error(new OktaError('E0000009'), limits));
    case 'status-503':
      return complete(responses.error(new OktaError('E0000181'), limits));
    case 'read-only':
      return complete(responses.error(new OktaError('E0000010'), limits));
    case 'revoke-token':
      return complete(responses.error(new OktaError('E0000011'), limits));
    case 'deactivate-owner':
      return complete(responses.error(new OktaError('E0000006'), limits));
    case 'not-found':
      return complete(responses.error(notFoundIn(request), limits));
    case 'invalid-dpop-proof':
      return complete(responses.challenge(request, { error: INVALID_PROOF }, limits));
    case 'insufficient-scope':
      return complete(
        responses.challenge(request, { error: INSUFFICIENT_SCOPE, scope: action.scope }, limits),
      );
    case 'okta-error':
      return complete(responses.error(new OktaError(action.errorCode, action), limits));
    case 'status-502':
      return complete(responses.gatewayPage(502));
    case 'status-504':
      return complete(responses.gatewayPage(504));
    case 'html-body':
      return complete(responses.gatewayPage(action.status));
    case 'reset-before-commit':
      return { response: responses.error(new OktaError('E0000009'), limits), mode: 'reset' };
    case '429-no-headers':
      return complete(responses.error(tooManyRequests, undefined));
    case '429-reset-in-past': {
      const resetAt = Math.floor(nowMs / 1000) - PAST_RESET_SECONDS;
      return complete(
        responses.error(tooManyRequests, { limit: limits?.limit ?? 600, remaining: 0, resetAt }),
      );
    }
    case '429-concurrency':
      return complete(responses.error(tooManyRequests, concurrencyLimits(nowMs)));
    case '429-bucket-used-up':
      return complete(responses.error(tooManyRequests, limits && { ...limits, remaining: 0 }));
    default:
      return action satisfies never;
  }
}

/** What a fault makes of the response of an operation that has run. */
export function applyAfterCommit(
  action: FaultAfterCommit,
  response: HttpResponse,
  context: {
    readonly responses: Responses;
    readonly request: SandboxRequest;
    readonly limits: RateLimitState | undefined;
  },
): Delivery {
  const { responses, request, limits } = context;
  switch (action.then) {
    case 'reset-after-commit':
      return { response, mode: 'reset' };
    case '500-after-commit':
      return complete(responses.error(new OktaError('E0000009'), limits));
    case '502-after-commit':
      return complete(responses.gatewayPage(502));
    case '504-after-commit':
      return complete(responses.gatewayPage(504));
    case 'html-body-after-commit':
      return complete(responses.gatewayPage(action.status ?? response.status));
    case 'okta-error-after-commit':
      return complete(responses.error(new OktaError(action.errorCode), limits));
    case 'truncated-body':
      return { response, mode: 'truncated' };
    case 'half-json-body':
      return complete({ ...response, body: response.body.slice(0, response.body.length / 2) });
    case 'empty-body':
      return complete({ ...response, body: '' });
    case 'duplicate-reset-header':
      return complete(withSecondReset(response));
    case 'java-error-text':
      return complete(
        withJavaErrorText(response, request.route?.operation === 'createUser' ? 'newUser' : 'user'),
      );
    case 'credentials-refused':
    case 'sent-twice':
    case 'commit-later':
    case 'slow-before-commit':
    case 'slow-after-commit':
      return complete(response);
    default:
      return action satisfies never;
  }
}

const INVALID_PROOF = new OAuthError(
  400,
  'invalid_dpop_proof',
  "'htu' claim in the DPoP proof JWT is invalid.",
);
const INSUFFICIENT_SCOPE = new OAuthError(
  403,
  'insufficient_scope',
  'The access token provided does not contain the required scopes.',
);

function notFoundIn({ params }: SandboxRequest): OktaError {
  const { user, group = '' } = params;
  return user === undefined ? notFound(group, 'UserGroup') : notFound(user, 'User');
}

function withSecondReset(response: HttpResponse): HttpResponse {
  const position = response.headers.indexOf('X-Rate-Limit-Reset');
  if (position < 0) return response;
  const resetAt = Number(response.headers[position + 1]);
  return { ...response, headers: [...response.headers, 'X-Rate-Limit-Reset', String(resetAt + 1)] };
}
