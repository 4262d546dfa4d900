import { baseAttributes, type AttributeDefinition, type BaseAttributeOptions } from './base-attributes.js';
import { jsonObject, optionalObject, optionalStrings, type JsonObject } from './json-body.js';
import { fieldProblem, fieldError, throwIfAny } from './okta-error.js';

const ATTRIBUTE_TYPES = ['string', 'boolean', 'number', 'integer', 'array'];
const MAX_UNIQUE_ATTRIBUTES = 5;

/** A user type and its schema, as the org stores them. */
export interface UserTypeRecord {
  readonly oktaId: string;
  /** Cannot be derived from the ID of the type: clients must follow the link. */
  readonly schemaId: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly created: string;
  lastUpdated: string;
  readonly base: ReadonlyMap<string, AttributeDefinition>;
  readonly shownBase: ReadonlyMap<string, AttributeDefinition>;
  readonly custom: Map<string, AttributeDefinition>;
}

/** The attributes of a new user type: the base attributes with the org's settings, and the given custom attributes. */
export function attributesOfType(
  options: BaseAttributeOptions,
  custom: Readonly<Record<string, AttributeDefinition>> = {},
): Pick<UserTypeRecord, 'base' | 'shownBase' | 'custom'> {
  const entries = Object.entries(custom).map(
    ([name, definition]) => [name, storedDefinition(definition, false)] as const,
  );
  return {
    base: baseAttributes(options, 'enforced'),
    shownBase: baseAttributes(options, 'shown'),
    custom: new Map(entries),
  };
}

/** The attribute with exactly this name: names are case-sensitive. */
export function attributeOf(type: UserTypeRecord, name: string): AttributeDefinition | undefined {
  return type.base.get(name) ?? type.custom.get(name);
}

/** `unique` is a boolean in requests and `UNIQUE_VALIDATED` in responses. */
export function isUnique(definition: AttributeDefinition): boolean {
  return definition.unique !== undefined && definition.unique !== false;
}

/** The body of a user type. */
export function userTypeBody(type: UserTypeRecord, origin: string, adminId: string): object {
  return {
    id: type.oktaId,
    displayName: type.displayName,
    name: type.name,
    description: type.description,
    createdBy: adminId,
    lastUpdatedBy: adminId,
    created: type.created,
    lastUpdated: type.lastUpdated,
    default: type.isDefault,
    _links: {
      schema: { rel: 'schema', href: schemaHref(type, origin), method: 'GET' },
      self: { rel: 'self', href: typeHref(type, origin), method: 'GET' },
    },
  };
}

/** The body of a user schema: custom before base attributes, as real orgs send it. */
export function userSchemaBody(type: UserTypeRecord, origin: string): object {
  return {
    id: `${origin}/meta/schemas/user/${type.isDefault ? 'default' : type.schemaId}`,
    $schema: 'http://json-schema.org/draft-04/schema#',
    name: type.name,
    title: type.displayName,
    description: type.description,
    lastUpdated: type.lastUpdated,
    created: type.created,
    definitions: { custom: subschema('#custom', type.custom), base: subschema('#base', type.shownBase) },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
    _links: {
      self: { rel: 'self', href: schemaHref(type, origin), method: 'GET' },
      type: { rel: 'type', href: typeHref(type, origin), method: 'GET' },
    },
  };
}

function subschema(id: string, attributes: ReadonlyMap<string, AttributeDefinition>): object {
  return {
    id,
    type: 'object',
    properties: Object.fromEntries(attributes),
    required: [...attributes].filter(([, definition]) => definition.required).map(([name]) => name),
  };
}

/** `POST /meta/schemas/user/{id}`: adds, changes and (with null) removes custom attributes. */
export function updateCustomAttributes(type: UserTypeRecord, body: unknown): void {
  const custom = optionalObject(optionalObject(jsonObject(body)['definitions'])?.['custom']);
  const properties = optionalObject(custom?.['properties']) ?? {};
  const required = new Set(optionalStrings(custom?.['required']));

  const changed = new Map(type.custom);
  for (const [name, property] of Object.entries(properties)) {
    if (property === null) changed.delete(name);
    else changed.set(name, parsedDefinition(type, name, jsonObject(property), required.has(name)));
  }
  if ([...changed.values()].filter(isUnique).length > MAX_UNIQUE_ATTRIBUTES) {
    const message = `No more than ${MAX_UNIQUE_ATTRIBUTES} attributes of a user type can be unique`;
    throw fieldError('unique', message);
  }
  type.custom.clear();
  for (const [name, definition] of changed) type.custom.set(name, definition);
}

function parsedDefinition(
  type: UserTypeRecord,
  name: string,
  property: JsonObject,
  isRequired: boolean,
): AttributeDefinition {
  const namesake = [...type.base.keys(), ...type.custom.keys()].find(
    (other) => other.toLowerCase() === name.toLowerCase() && !(other === name && type.custom.has(other)),
  );
  const problems = [];
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    problems.push(fieldProblem(name, 'The name of an attribute is invalid'));
  }
  if (namesake) problems.push(fieldProblem(name, `An attribute named ${namesake} already exists`));
  if (typeof property['title'] !== 'string') {
    problems.push(fieldProblem(name, 'title: The field cannot be left blank'));
  }
  throwIfAny(problems);
  if (isDefinition(property)) return storedDefinition(property, isRequired);
  throw fieldError(name, `type (and items.type of an array) must be one of ${ATTRIBUTE_TYPES.join(', ')}`);
}

function storedDefinition(definition: AttributeDefinition, isRequired: boolean): AttributeDefinition {
  const { unique: _unique, required, ...rest } = definition;
  return {
    ...rest,
    ...(required || isRequired ? { required: true } : {}),
    ...(isUnique(definition) ? { unique: 'UNIQUE_VALIDATED' } : {}),
    mutability: definition.mutability ?? 'READ_WRITE',
    scope: definition.scope ?? 'NONE',
    permissions: definition.permissions ?? [{ principal: 'SELF', action: 'READ_ONLY' }],
    master: definition.master ?? { type: 'PROFILE_MASTER' },
  };
}

function isDefinition(property: JsonObject): property is JsonObject & AttributeDefinition {
  const { type, items } = property;
  return isAttributeType(type) && (type !== 'array' || isAttributeType(optionalObject(items)?.['type']));
}

function isAttributeType(value: unknown): boolean {
  return typeof value === 'string' && ATTRIBUTE_TYPES.includes(value);
}

function typeHref(type: UserTypeRecord, origin: string): string {
  return `${origin}/api/v1/meta/types/user/${type.oktaId}`;
}

function schemaHref(type: UserTypeRecord, origin: string): string {
  return `${origin}/api/v1/meta/schemas/user/${type.schemaId}`;
}
