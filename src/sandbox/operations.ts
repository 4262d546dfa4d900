import type { IncomingHttpHeaders } from 'node:http';

/** The operation IDs of Okta's OpenAPI document. */
export type Operation =
  | 'listUsers'
  | 'createUser'
  | 'getUser'
  | 'updateUser'
  | 'replaceUser'
  | 'deleteUser'
  | 'listUserGroups'
  | 'activateUser'
  | 'reactivateUser'
  | 'deactivateUser'
  | 'suspendUser'
  | 'unsuspendUser'
  | 'unlockUser'
  | 'resetPassword'
  | 'expirePassword'
  | 'expirePasswordWithTempPassword'
  | 'resetFactors'
  | 'listGroups'
  | 'createGroup'
  | 'getGroup'
  | 'replaceGroup'
  | 'deleteGroup'
  | 'listGroupUsers'
  | 'assignUserToGroup'
  | 'unassignUserFromGroup'
  | 'listUserTypes'
  | 'createUserType'
  | 'getUserType'
  | 'getUserSchema'
  | 'updateUserProfile'
  | 'listPolicies'
  | 'listRealms'
  | 'listAssignedRolesForUser'
  | 'getOrgSettings'
  | 'listBrands'
  | 'listBrandThemes'
  | 'authenticate'
  | 'token'
  | 'unknown';

/** The input of an operation: an authenticated request within the rate limits, with its body parsed. */
export interface Call {
  /** The parameters of the path, percent-decoded. */
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; `undefined` without a body. */
  readonly body: unknown;
  /** Set by a fault: why Okta refuses the credentials of a create, whatever they are. */
  readonly credentialsRefusal?: string | undefined;
  /** The base of absolute links, as the client addressed the org: `http://127.0.0.1:49152`. */
  readonly origin: string;
}

/** The outcome of an operation. The headers that all responses have are added later. */
export interface OperationResult {
  readonly status: number;
  /** Sent as JSON; absent for 204. */
  readonly body?: unknown;
  /** `Link` values, each sent as a separate header. */
  readonly links?: readonly string[];
  readonly etag?: string;
  /** The `dpop-nonce` header of a token response. */
  readonly dpopNonce?: string | undefined;
}

/** 200 with a body. */
export function ok(body: unknown): OperationResult {
  return { status: 200, body };
}

/** 204, without body and `Content-Type`. */
export function noContent(): OperationResult {
  return { status: 204 };
}
