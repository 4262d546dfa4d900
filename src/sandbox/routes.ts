import { authenticate } from './authenticate.js';
import { listGroups } from './group-listing.js';
import * as groups from './groups.js';
import * as lifecycle from './lifecycle.js';
import { listPolicies } from './policies.js';
import { listRealms } from './realms.js';
import * as schemas from './schema-routes.js';
import { noContent, type OperationResult, type Call, type Operation } from './operations.js';
import { getOrgSettings, listBrands, listBrandThemes } from './org-settings.js';
import type { Org } from './org.js';
import type { Bucket } from './rate-limits.js';
import { listUsers } from './user-listing.js';
import { replaceUser, updateUser } from './user-updates.js';
import * as users from './users.js';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One operation of the API: its endpoint, its rate-limit bucket and its function. */
export interface Route {
  readonly operation: Operation;
  readonly method: Method;
  readonly path: string;
  readonly bucket: Bucket;
  readonly run: (org: Org, call: Call) => OperationResult;
}

const USERS = '/api/v1/users';
const USER = '/api/v1/users/:user';
const LIFECYCLE = '/api/v1/users/:user/lifecycle';
const GROUPS = '/api/v1/groups';
const GROUP = '/api/v1/groups/:group';
const MEMBER = '/api/v1/groups/:group/users/:user';
const TYPES = '/api/v1/meta/types/user';
const SCHEMA = '/api/v1/meta/schemas/user/:schema';

/** All operations. The buckets are those of Okta's endpoint-to-bucket map. */
export const ROUTES: readonly Route[] = (
  [
    ['listUsers', 'GET', USERS, '/api/v1/users', listUsers],
    ['createUser', 'POST', USERS, '/api/v1/users', users.createUser],
    ['getUser', 'GET', USER, '/api/v1/users/{id:.+}', users.getUser],
    ['updateUser', 'POST', USER, '/api/v1/users/{id}', updateUser],
    ['replaceUser', 'PUT', USER, '/api/v1/users/{id}', replaceUser],
    ['deleteUser', 'DELETE', USER, '/api/v1/users/{id}', users.deleteUser],
    ['listUserGroups', 'GET', `${USER}/groups`, '/api/v1/users', groups.listUserGroups],
    ['activateUser', 'POST', `${LIFECYCLE}/activate`, '/api/v1/users', lifecycle.activateUser],
    ['reactivateUser', 'POST', `${LIFECYCLE}/reactivate`, '/api/v1/users', lifecycle.reactivateUser],
    ['deactivateUser', 'POST', `${LIFECYCLE}/deactivate`, '/api/v1/users', lifecycle.deactivateUser],
    ['suspendUser', 'POST', `${LIFECYCLE}/suspend`, '/api/v1/users', lifecycle.suspendUser],
    ['unsuspendUser', 'POST', `${LIFECYCLE}/unsuspend`, '/api/v1/users', lifecycle.unsuspendUser],
    ['unlockUser', 'POST', `${LIFECYCLE}/unlock`, '/api/v1/users', lifecycle.unlockUser],
    ['resetPassword', 'POST', `${LIFECYCLE}/reset_password`, '/api/v1/users', lifecycle.resetPassword],
    ['expirePassword', 'POST', `${LIFECYCLE}/expire_password`, '/api/v1/users', lifecycle.expirePassword],
    [
      'expirePasswordWithTempPassword',
      'POST',
      `${LIFECYCLE}/expire_password_with_temp_password`,
      '/api/v1/users',
      lifecycle.expirePasswordWithTempPassword,
    ],
    ['resetFactors', 'POST', `${LIFECYCLE}/reset_factors`, '/api/v1/users', lifecycle.resetFactors],
    ['listGroups', 'GET', GROUPS, '/api/v1/groups', listGroups],
    ['createGroup', 'POST', GROUPS, '/api/v1/groups', groups.createGroup],
    ['getGroup', 'GET', GROUP, '/api/v1/groups/{id}', groups.getGroup],
    ['replaceGroup', 'PUT', GROUP, '/api/v1/groups/{id}', groups.replaceGroup],
    ['deleteGroup', 'DELETE', GROUP, '/api/v1/groups/{id}', groups.deleteGroup],
    ['listGroupUsers', 'GET', `${GROUP}/users`, '/api/v1/groups', groups.listGroupUsers],
    ['assignUserToGroup', 'PUT', MEMBER, '/api/v1/groups', groups.assignUserToGroup],
    ['unassignUserFromGroup', 'DELETE', MEMBER, '/api/v1/groups', groups.unassignUserFromGroup],
    ['listUserTypes', 'GET', TYPES, '/api/v1', schemas.listUserTypes],
    ['createUserType', 'POST', TYPES, '/api/v1', schemas.createUserType],
    ['getUserType', 'GET', `${TYPES}/:type`, '/api/v1', schemas.getUserType],
    ['getUserSchema', 'GET', SCHEMA, '/api/v1', schemas.getUserSchema],
    ['updateUserProfile', 'POST', SCHEMA, '/api/v1', schemas.updateUserProfile],
    ['listPolicies', 'GET', '/api/v1/policies', '/api/v1', listPolicies],
    ['listRealms', 'GET', '/api/v1/realms', '/api/v1', listRealms],
    ['listAssignedRolesForUser', 'GET', `${USER}/roles`, '/api/v1/users', users.listAssignedRoles],
    ['getOrgSettings', 'GET', '/api/v1/org', '/api/v1', getOrgSettings],
    ['listBrands', 'GET', '/api/v1/brands', '/api/v1', listBrands],
    ['listBrandThemes', 'GET', '/api/v1/brands/:brand/themes', '/api/v1', listBrandThemes],
    ['authenticate', 'POST', '/api/v1/authn', '/api/v1', authenticate],
    // Served by the authorization server, whose requests and responses have OAuth's format.
    ['token', 'POST', '/oauth2/v1/token', '/oauth2/v1/token', noContent],
  ] as const
).map(([operation, method, path, bucket, run]) => ({ operation, method, path, bucket, run }));
