import type { FaultTrigger } from './fault-trigger.js';
import type { OktaErrorCode } from './okta-error.js';

/** The request fails; nothing changes in the org. */
export type FaultBeforeCommit =
  /** `E0000009` */
  | { readonly then: 'status-500' }
  /** The HTML page of a gateway. */
  | { readonly then: 'status-502' | 'status-504' }
  /** `E0000181` */
  | { readonly then: 'status-503' }
  /** 503 `E0000010` */
  | { readonly then: 'read-only' }
  /** The connection is reset (RST) before the operation runs. */
  | { readonly then: 'reset-before-commit' }
  /** A 429 without the three headers, as behind a proxy that strips them. */
  | { readonly then: '429-no-headers' }
  /** A 429 whose window ended a while ago. */
  | { readonly then: '429-reset-in-past' }
  /** A 429 of the concurrency limit: zeros in the headers, which do not describe the bucket. */
  | { readonly then: '429-concurrency' }
  /** Other clients use up the bucket at this moment: real 429s until the window ends. */
  | { readonly then: '429-bucket-used-up' }
  /** An admin revokes the token: 401 `E0000011` from now on. */
  | { readonly then: 'revoke-token' }
  /** Any of Okta's errors, such as 409 `E0000112` or an `E0000001` that a retry does not get again. */
  | {
      readonly then: 'okta-error';
      readonly errorCode: OktaErrorCode;
      readonly insert?: string;
      readonly causes?: readonly string[];
    }
  /** 404 `E0000007` for a user or group that may exist, as a read replica that lags behind sends it. */
  | { readonly then: 'not-found' }
  /** The owner of the API token is deactivated: 403 `E0000006` from now on, for every request with that token. */
  | { readonly then: 'deactivate-owner' }
  /** 400 without a body; `WWW-Authenticate` says that the `htu` of the proof is invalid. */
  | { readonly then: 'invalid-dpop-proof' }
  /** 403 without a body; `WWW-Authenticate` names the missing scope. Default: the scope that the operation requires. */
  | { readonly then: 'insufficient-scope'; readonly scope?: string }
  /** The page of a proxy instead of the org's response. */
  | { readonly then: 'html-body'; readonly status: number };

/** The operation runs; then its response is lost, late or broken. */
export type FaultAfterCommit =
  | { readonly then: 'reset-after-commit' }
  /** `E0000009`, although the operation succeeded. */
  | { readonly then: '500-after-commit' }
  /** The HTML page of a gateway, although the operation succeeded. */
  | { readonly then: '502-after-commit' | '504-after-commit' }
  /** The operation runs `delayMs` later. */
  | { readonly then: 'slow-before-commit'; readonly delayMs: number }
  /** The operation runs at once; the response follows `delayMs` later. */
  | { readonly then: 'slow-after-commit'; readonly delayMs: number }
  /** The real status and headers; the connection ends in the middle of the body. */
  | { readonly then: 'truncated-body' }
  /** The real status, and a body that is complete for HTTP but ends in the middle of the JSON. */
  | { readonly then: 'half-json-body' }
  /** The real status without a body. */
  | { readonly then: 'empty-body' }
  /** The page of a proxy with the real status, or with another one. */
  | { readonly then: 'html-body-after-commit'; readonly status?: number }
  /**
   * Only of `createUser`: 403 `E0000014`. The user exists, STAGED and without credentials, as when the policy of one of its groups
   * refuses the password or the recovery answer.
   */
  | { readonly then: 'credentials-refused'; readonly cause?: string }
  /** The causes of an `E0000001` are the text of a Java exception: `Field error in object 'newUser' on field …`. */
  | { readonly then: 'java-error-text' }
  /** One of Okta's errors, although the operation succeeded. */
  | { readonly then: 'okta-error-after-commit'; readonly errorCode: OktaErrorCode }
  /** A proxy sends the request twice; the client gets the second response. */
  | { readonly then: 'sent-twice' }
  /** A gateway responds with 504; the operation runs `delayMs` later. */
  | { readonly then: 'commit-later'; readonly delayMs: number }
  /** Two `X-Rate-Limit-Reset` headers, a case that Okta's Node SDK is prepared for. */
  | { readonly then: 'duplicate-reset-header' };

export type FaultAction = FaultBeforeCommit | FaultAfterCommit;

/** A scripted failure. */
export type Fault = FaultTrigger & FaultAction;

const AFTER_COMMIT: ReadonlySet<string> = new Set([
  'slow-before-commit',
  'slow-after-commit',
  'reset-after-commit',
  '500-after-commit',
  '502-after-commit',
  '504-after-commit',
  'truncated-body',
  'half-json-body',
  'empty-body',
  'html-body-after-commit',
  'credentials-refused',
  'java-error-text',
  'okta-error-after-commit',
  'sent-twice',
  'commit-later',
  'duplicate-reset-header',
] satisfies FaultAfterCommit['then'][]);

/** Whether the operation runs despite the fault. */
export function isAfterCommit(action: FaultAction): action is FaultAfterCommit {
  return AFTER_COMMIT.has(action.then);
}
