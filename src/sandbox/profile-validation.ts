import type { ProfileValue } from '../okta/types.js';
import type { AttributeDefinition } from './base-attributes.js';
import { hasSupplementaryCharacter, type JsonObject } from './json-body.js';
import { formatProblem, isEmail } from './formats.js';
import { fieldProblem, type Problem } from './okta-error.js';
import { attributeOf, type UserTypeRecord } from './schemas.js';
import type { UserProfile } from './user-store.js';

const MIN_INTEGER = -2_147_483_648;
const MAX_INTEGER = 2_147_483_647;
/** The order in which Okta reports blank fields. */
const REQUIRED_ORDER = ['login', 'firstName', 'lastName', 'email'];

/**
 * All problems of a profile, in Okta's order: unknown attributes, blank required fields (login, firstName, lastName,
 * email, then custom ones), then types, lengths and formats.
 */
export function profileProblems(
  profile: JsonObject,
  type: UserTypeRecord,
  subject: 'newUser' | 'user',
): Problem[] {
  const problems: Problem[] = [];
  for (const name of Object.keys(profile)) {
    if (attributeOf(type, name)) continue;
    problems.push({ subject, cause: `Property name '${name}' is not defined in profile` });
  }
  for (const name of requiredAttributes(type)) {
    if (isBlank(profile[name])) problems.push(fieldProblem(name, 'The field cannot be left blank'));
  }
  problems.push(...loginProblems(profile['login'], type));
  for (const [name, value] of Object.entries(profile)) {
    const definition = attributeOf(type, name);
    if (definition && name !== 'login') problems.push(...valueProblems(name, value, definition));
  }
  return problems;
}

/**
 * The profile to store, for a profile without problems: without nulls, with the defaults of missing custom attributes.
 */
export function storedProfile(profile: JsonObject, type: UserTypeRecord): UserProfile {
  const stored: Record<string, ProfileValue> & { login: string } = { login: '' };
  for (const [name, value] of Object.entries(profile)) {
    if (value !== null && isProfileValue(value)) stored[name] = value;
  }
  for (const [name, definition] of type.custom) {
    if (isProfileValue(definition.default) && !Object.hasOwn(stored, name)) stored[name] = definition.default;
  }
  return stored;
}

function requiredAttributes(type: UserTypeRecord): string[] {
  const required = REQUIRED_ORDER.filter((name) => type.base.get(name)?.required);
  for (const [name, definition] of type.custom) {
    if (definition.required && definition.default === undefined) required.push(name);
  }
  return required;
}

/** A login is an email address, unless the org has a pattern. The pattern `.+` also removes the minimum length. */
function loginProblems(login: unknown, type: UserTypeRecord): Problem[] {
  const definition = type.base.get('login');
  const pattern = definition?.pattern ?? undefined;
  if (login !== undefined && login !== null && typeof login !== 'string') {
    return [wrongType('login', 'string')];
  }
  const text = login ?? '';

  const problems: Problem[] = [];
  if (pattern === undefined && !isEmail(text)) {
    problems.push(fieldProblem('login', 'Username must be in the form of an email address'));
  }
  if (text === '') return problems;
  if (pattern !== undefined && pattern !== '.+' && !new RegExp(`^${pattern}$`).test(text)) {
    // With a capital, unlike all other causes.
    problems.push({ subject: 'login', cause: 'Login: Does not match required pattern' });
  }
  if (/\s/.test(text)) {
    problems.push(fieldProblem('login', 'Username contains invalid whitespace characters'));
  }
  if (hasSupplementaryCharacter(text)) problems.push(unsupportedCharacter('login'));
  problems.push(
    ...lengthProblems('login', text, pattern === '.+' ? { type: 'string', maxLength: 100 } : definition),
  );
  return problems;
}

function valueProblems(name: string, value: unknown, definition: AttributeDefinition): Problem[] {
  if (value === null || (definition.required && isBlank(value))) return [];
  if (definition.type !== 'array') return scalarProblems(name, value, definition);
  if (!Array.isArray(value)) return [wrongType(name, 'array')];
  const items = definition.items ?? { type: 'string' as const };
  return value.flatMap((element: unknown) => scalarProblems(name, element, items));
}

function scalarProblems(
  name: string,
  value: unknown,
  definition: AttributeDefinition | NonNullable<AttributeDefinition['items']>,
): Problem[] {
  if (!isOfType(value, definition.type)) return [wrongType(name, definition.type)];
  const allowed: readonly unknown[] | undefined =
    definition.enum ?? definition.oneOf?.map((option) => option.const);
  if (allowed && !allowed.includes(value)) {
    return [fieldProblem(name, `The value must be one of ${allowed.join(', ')}`)];
  }
  if (typeof value === 'number') return boundProblems(name, value, definition);
  return typeof value === 'string' ? textProblems(name, value, definition) : [];
}

function textProblems(name: string, text: string, definition: Partial<AttributeDefinition>): Problem[] {
  // An empty string clears an optional field.
  if (text === '') return [];
  const problems = lengthProblems(name, text, definition);
  if (hasSupplementaryCharacter(text)) problems.push(unsupportedCharacter(name));
  if (definition.pattern && !new RegExp(`^(?:${definition.pattern})$`).test(text)) {
    problems.push(fieldProblem(name, 'Does not match required pattern'));
  }
  const formatCause = definition.format ? formatProblem(definition.format, name, text) : undefined;
  if (formatCause !== undefined) problems.push({ subject: name, cause: formatCause });
  return problems;
}

function lengthProblems(
  name: string,
  { length }: string,
  { minLength, maxLength }: Partial<AttributeDefinition> = {},
): Problem[] {
  if (typeof minLength === 'number' && length < minLength) {
    return [fieldProblem(name, `The field must be at least ${minLength} characters long`)];
  }
  if (typeof maxLength === 'number' && length > maxLength) {
    return [fieldProblem(name, `The field must be at most ${maxLength} characters long`)];
  }
  return [];
}

function boundProblems(
  name: string,
  value: number,
  { minimum, maximum }: Partial<AttributeDefinition>,
): Problem[] {
  if (typeof minimum === 'number' && value < minimum) {
    return [fieldProblem(name, `The value must be at least ${minimum}`)];
  }
  if (typeof maximum === 'number' && value > maximum) {
    return [fieldProblem(name, `The value must be at most ${maximum}`)];
  }
  return [];
}

function isOfType(value: unknown, type: AttributeDefinition['type']): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type !== 'integer') return typeof value === type;
  return Number.isInteger(value) && Number(value) >= MIN_INTEGER && Number(value) <= MAX_INTEGER;
}

/** Whether a profile can hold it; the elements of arrays are checked against their definition. */
export function isProfileValue(value: unknown): value is ProfileValue {
  return value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value));
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function wrongType(name: string, type: string): Problem {
  return fieldProblem(name, `The value must be of type ${type}`);
}

function unsupportedCharacter(name: string): Problem {
  return fieldProblem(name, 'The field contains characters that are not supported');
}
