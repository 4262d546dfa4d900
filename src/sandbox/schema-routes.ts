import { jsonObject, optionalString } from './json-body.js';
import { ok, type OperationResult, type Call } from './operations.js';
import type { Org } from './org.js';
import { fieldProblem, notFound, throwIfAny } from './okta-error.js';
import { updateSchema } from './schema-update.js';
import { userSchemaBody, userTypeBody, type UserTypeRecord } from './schemas.js';

/** The default one and nine more. */
const MAX_USER_TYPES = 10;
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

/** `POST /api/v1/meta/types/user`: a type with the base attributes, and no custom ones. */
export function createUserType(org: Org, call: Call): OperationResult {
  const body = jsonObject(call.body);
  const name = optionalString(body['name']) ?? '';
  const displayName = optionalString(body['displayName']) ?? '';
  const description = optionalString(body['description']);
  const problems = [];
  if (!/^[A-Za-z]\w*$/.test(name)) problems.push(fieldProblem('name', 'The name of a user type is invalid'));
  if (displayName === '') problems.push(fieldProblem('displayName', 'The field cannot be left blank'));
  if (org.userTypes.some((type) => type.name === name)) {
    problems.push(
      fieldProblem('name', 'An object with this field already exists in the current organization'),
    );
  }
  if (org.userTypes.length >= MAX_USER_TYPES) {
    problems.push(fieldProblem('name', `No more than ${MAX_USER_TYPES} user types are possible`));
  }
  throwIfAny(problems);
  return ok(userTypeBody(org.addUserType({ name, displayName, description }), call.origin, CREATED_BY));
}

/** `GET /api/v1/meta/schemas/user/{osc…|default}`. The ID of a user type is not the ID of its schema. */
export function getUserSchema(org: Org, call: Call): OperationResult {
  return ok(userSchemaBody(userTypeBySchema(org, call), call.origin));
}

/** `POST /api/v1/meta/schemas/user/{osc…|default}`. A removed attribute disappears from all profiles. */
export function updateUserProfile(org: Org, call: Call): OperationResult {
  const type = userTypeBySchema(org, call);
  const removed = updateSchema(type, call.body);
  if (removed.length > 0) org.users.removeAttributes(type, removed);
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
