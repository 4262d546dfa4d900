import { ok, type OperationResult, type Call } from './operations.js';
import type { Org } from './org.js';
import { notFound } from './okta-error.js';
import { updateCustomAttributes, userSchemaBody, userTypeBody, type UserTypeRecord } from './schemas.js';

const CREATED_BY = 'sprtSaNdBoXadmin0001';

/** `GET /api/v1/meta/types/user`: all user types, without pages. */
export function listUserTypes(org: Org, call: Call): OperationResult {
  return ok(org.userTypes.map((type) => userTypeBody(type, call.origin, CREATED_BY)));
}

/** `GET /api/v1/meta/types/user/{id|default}` */
export function getUserType(org: Org, call: Call): OperationResult {
  const typeId = call.params['type'] ?? '';
  const type = typeId === 'default' ? org.defaultUserType : org.userType(typeId);
  return ok(userTypeBody(type, call.origin, CREATED_BY));
}

/** `GET /api/v1/meta/schemas/user/{osc…|default}`. The ID of a user type is not the ID of its schema. */
export function getUserSchema(org: Org, call: Call): OperationResult {
  return ok(userSchemaBody(userTypeBySchema(org, call), call.origin));
}

/** `POST /api/v1/meta/schemas/user/{osc…|default}`, for custom attributes. */
export function updateUserProfile(org: Org, call: Call): OperationResult {
  const type = userTypeBySchema(org, call);
  updateCustomAttributes(type, call.body);
  type.lastUpdated = org.timestamp();
  return ok(userSchemaBody(type, call.origin));
}

function userTypeBySchema(org: Org, call: Call): UserTypeRecord {
  const schemaId = call.params['schema'] ?? '';
  if (schemaId === 'default') return org.defaultUserType;
  const type = org.userTypes.find((candidate) => candidate.schemaId === schemaId);
  if (!type) throw notFound(schemaId, 'UserSchema');
  return type;
}
