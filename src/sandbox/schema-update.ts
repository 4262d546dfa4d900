import { changedBaseAttribute, type AttributeDefinition } from './base-attributes.js';
import { jsonObject, optionalObject, optionalStrings, type JsonObject } from './json-body.js';
import { fieldProblem, fieldError, throwIfAny } from './okta-error.js';
import { isUnique, storedDefinition, type UserTypeRecord } from './schemas.js';

const ATTRIBUTE_TYPES = ['string', 'boolean', 'number', 'integer', 'array'];
const MAX_UNIQUE_ATTRIBUTES = 5;

/**
 * `POST /meta/schemas/user/{id}`: adds, changes and (with null) removes custom attributes, and changes base attributes.
 *
 * @returns The names of the removed attributes.
 */
export function updateSchema(type: UserTypeRecord, body: unknown): readonly string[] {
  const definitions = optionalObject(jsonObject(body)['definitions']);
  const custom = changedCustomAttributes(type, optionalObject(definitions?.['custom']));
  const base = optionalObject(optionalObject(definitions?.['base'])?.['properties']) ?? {};

  const removed = [...type.custom.keys()].filter((name) => !custom.has(name));
  type.custom.clear();
  for (const [name, definition] of custom) type.custom.set(name, definition);
  for (const [name, property] of Object.entries(base)) changeBaseAttribute(type, name, jsonObject(property));
  return removed;
}

function changedCustomAttributes(
  type: UserTypeRecord,
  subschema: JsonObject | undefined,
): Map<string, AttributeDefinition> {
  const properties = optionalObject(subschema?.['properties']) ?? {};
  const required = new Set(optionalStrings(subschema?.['required']));
  const changed = new Map(type.custom);
  for (const [name, property] of Object.entries(properties)) {
    if (property === null) changed.delete(name);
    else changed.set(name, parsedDefinition(type, name, jsonObject(property), required.has(name)));
  }
  if ([...changed.values()].filter(isUnique).length > MAX_UNIQUE_ATTRIBUTES) {
    const message = `No more than ${MAX_UNIQUE_ATTRIBUTES} attributes of a user type can be unique`;
    throw fieldError('unique', message);
  }
  return changed;
}

function changeBaseAttribute(type: UserTypeRecord, name: string, change: JsonObject): void {
  for (const attributes of [type.base, type.shownBase]) {
    const attribute = attributes.get(name);
    if (attribute) attributes.set(name, changedBaseAttribute(name, attribute, change));
  }
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
  if (!isDefinition(property)) {
    throw fieldError(name, `type (and items.type of an array) must be one of ${ATTRIBUTE_TYPES.join(', ')}`);
  }
  // Okta's schemas have no bounds of numbers.
  const { minimum: _minimum, maximum: _maximum, ...definition } = property;
  return storedDefinition({ ...definition, required: isRequired || definition.required === true }, type);
}

function isDefinition(property: JsonObject): property is JsonObject & AttributeDefinition {
  const { type, items } = property;
  return isAttributeType(type) && (type !== 'array' || isAttributeType(optionalObject(items)?.['type']));
}

function isAttributeType(value: unknown): boolean {
  return typeof value === 'string' && ATTRIBUTE_TYPES.includes(value);
}
