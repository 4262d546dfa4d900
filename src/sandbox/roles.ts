import type { OperationResult, Call } from './operations.js';
import { ok } from './operations.js';
import type { Org } from './org.js';

/**
 * `GET /api/v1/users/{id}/roles`: the token's owner is the org's only admin; other users have no role.
 *
 * @see Role Assignments, "List all user role assignments"
 */
export function listAssignedRoles(org: Org, call: Call): OperationResult {
  const user = org.user(call.params['user'] ?? '');
  const { value: first } = org.users.inOrder.after().next();
  const isAdmin = user === first;
  return ok(isAdmin ? [SUPER_ADMIN] : []);
}

const SUPER_ADMIN = {
  id: 'ra1000001SaNdBoXroLe',
  label: 'Super Administrator',
  type: 'SUPER_ADMIN',
  status: 'ACTIVE',
  assignmentType: 'USER',
} as const;
