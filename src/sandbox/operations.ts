import type { IncomingHttpHeaders } from 'node:http';

/** What a request asks for, by the operation ids of Okta's OpenAPI document. */
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
  | 'getUserType'
  | 'getUserSchema'
  | 'updateUserProfile'
  | 'listAssignedRolesForUser'
  | 'token'
  | 'unknown';

/** A request as an operation sees it: authenticated, within the limits, its body parsed. */
export interface Call {
  /** The variable parts of the path, percent-decoded. */
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; `undefined` when there was no body. */
  readonly body: unknown;
  /** What absolute links begin with, as the client addressed the org: `http://127.0.0.1:49152`. */
  readonly origin: string;
}

/** What an operation answers: the server adds the headers that every answer has. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON; absent for a 204. */
  readonly body?: unknown;
  /** Values of `Link`, each sent as a header line of its own (users.md §6). */
  readonly links?: readonly string[];
  readonly etag?: string;
}

/** 200 and a body. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** 204: no body and no `Content-Type` (errors.md §6). */
export function noContent(): Answer {
  return { status: 204 };
}
