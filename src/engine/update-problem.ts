import type { IndexedUser } from '../org/user-index.js';
import type { CreateOperation } from '../rows/operation.js';
import type { ColumnOf, Problem, WarningCode } from '../rows/problem.js';

import { lacksCredentials } from './finish-user.js';

/** Why an existing user cannot be updated; undefined when it can. */
export function updateProblem(
  user: IndexedUser,
  { login, request }: Pick<CreateOperation, 'login' | 'request'>,
  columnOf: ColumnOf,
): Problem | undefined {
  if (user.status === 'DEPROVISIONED') {
    return {
      code: 'deprovisioned',
      column: columnOf('profile.login'),
      message: `The user "${login}" (${user.id}) is deactivated, and an import does not reactivate users. Activate or delete the user in Okta, or delete the row.`,
    };
  }
  return blockingProblem(user, { login, request }, columnOf);
}

/** The same of a user who is not deactivated, or about to be activated. */
export function blockingProblem(
  user: IndexedUser,
  { login, request }: Pick<CreateOperation, 'login' | 'request'>,
  columnOf: ColumnOf,
): Problem | undefined {
  const withoutCredentials = credentialsProblem(user, { login, request }, columnOf);
  if (withoutCredentials !== undefined) return withoutCredentials;
  if (request.type !== undefined && request.type.id !== user.type.id) {
    return {
      code: 'other-type',
      column: columnOf('type'),
      message: `The user "${login}" (${user.id}) has another user type (${user.type.id}), which an update cannot change. Correct the type, or leave it empty.`,
    };
  }
  return undefined;
}

/** A user in another realm than its row names, which an update does not change; undefined for others. */
export function realmWarning(
  { realmId }: IndexedUser,
  { request }: Pick<CreateOperation, 'request'>,
  columnOf: ColumnOf,
): Problem | undefined {
  if (request.realmId === undefined || realmId === undefined || realmId === request.realmId) return undefined;
  return {
    code: 'realm-kept' satisfies WarningCode,
    column: columnOf('realmId'),
    message: 'The user stays in its realm: the realm of a row is only for new users. Move the user in Okta.',
  };
}

/** A user who lacks what its row gives, and would not get it by an update; undefined for others. */
function credentialsProblem(
  user: IndexedUser,
  { login, request }: Pick<CreateOperation, 'login' | 'request'>,
  columnOf: ColumnOf,
): Problem | undefined {
  if (!lacksCredentials(user, { request })) return undefined;
  return {
    code: 'without-credentials',
    column: columnOf('password'),
    message: `The user "${login}" (${user.id}) is staged and has no credentials, and an update does not set any. If an import left it so, use the reports folder of that import (--reports). Otherwise activate or delete the user in Okta, or remove the credentials from the row.`,
  };
}
