import type { Answer, Call } from './operations.js';
import { ok } from './operations.js';
import type { Org } from './org.js';
import { notFound } from './refusal.js';
import type { UserTypeRecord } from './schemas.js';
import { updateCustomAttributes, userSchemaBody, userTypeBody } from './schemas.js';

const CREATED_BY = 'sprtSaNdBoXadmin0001';

/** `GET /api/v1/meta/types/user`: all of them, no pages (groups-types-schemas.md §2). */
export function listUserTypes(org: Org, call: Call): Answer {
  return ok(org.userTypes.map((type) => userTypeBody(type, call.origin, CREATED_BY)));
}

/** `GET /api/v1/meta/types/user/{id|default}` */
export function getUserType(org: Org, call: Call): Answer {
  const typeId = call.params['type'] ?? '';
  const type = typeId === 'default' ? org.defaultUserType : org.userType(typeId);
  return ok(userTypeBody(type, call.origin, CREATED_BY));
}

/** `GET /api/v1/meta/schemas/user/{osc…|default}`; the id of a type is not the id of its schema (§3.1). */
export function getUserSchema(org: Org, call: Call): Answer {
  return ok(userSchemaBody(typeOfSchema(org, call), call.origin));
}

/** `POST /api/v1/meta/schemas/user/{osc…|default}`: custom attributes (§3.6). */
export function updateUserProfile(org: Org, call: Call): Answer {
  const type = typeOfSchema(org, call);
  updateCustomAttributes(type, call.body);
  type.lastUpdated = org.timestamp();
  return ok(userSchemaBody(type, call.origin));
}

function typeOfSchema(org: Org, call: Call): UserTypeRecord {
  const schemaId = call.params['schema'] ?? '';
  if (schemaId === 'default') return org.defaultUserType;
  const type = org.userTypes.find((candidate) => candidate.schemaId === schemaId);
  if (!type) throw notFound(schemaId, 'UserSchema');
  return type;
}
