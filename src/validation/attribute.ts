import type { ProfileValue, UserSchemaAttribute } from '../okta/types.js';
import type { ValueProblem } from '../rows/problem.js';
import { quoted } from '../text.js';

import { characterProblem, isPlain } from './characters.js';
import type { FormatCheck } from './formats.js';
import { loginChecks, minLoginLength } from './login.js';
import { textUseOf, type TextUse } from './program-output.js';
import { isUnique, isUniqueInSomeOrgs } from './user-schema.js';
import {
  enumChecks,
  maxLengthCheck,
  minLengthCheck,
  numberChecks,
  patternChecks,
  type Check,
} from './value-checks.js';

/** The checks of one attribute. */
export interface CompiledAttribute {
  readonly isReadOnly: boolean;
  /** No two users may have the same value. */
  readonly isUnique: boolean;
  /** Two users may have the same value, but not in every org. */
  readonly isUniqueInSomeOrgs: boolean;
  /** All problems of a value, except those of its characters: see `characterProblem`. */
  readonly problemsOf: (value: Value) => readonly ValueProblem[];
  /** The login or an email address. */
  readonly isAddress: boolean;
  /** A spreadsheet may have removed leading zeros of its values. */
  readonly isIdentifier: boolean;
  readonly use: TextUse;
}

type Value = NonNullable<ProfileValue>;

/**
 * Compiles the schema of an attribute into checks. Lengths count UTF-16 units: Okta does not document what it counts, and does not
 * accept the characters for which it would matter.
 *
 * @see Okta API reference, Schemas
 */
export function compileAttribute(
  name: string,
  attribute: UserSchemaAttribute,
  formats: ReadonlyMap<string, FormatCheck>,
): CompiledAttribute {
  const { type, items = { type: 'string' } } = attribute;
  const isIdentifier =
    type === 'string' && ((isUnique(name, attribute) && name !== 'login') || identifiers.has(name));
  return {
    isReadOnly: attribute.mutability === 'READ_ONLY',
    isUnique: isUnique(name, attribute),
    isUniqueInSomeOrgs: isUniqueInSomeOrgs(name, attribute),
    isIdentifier,
    use: textUseOf(name, isIdentifier, attribute.format),
    isAddress: name === 'login' || attribute.format === 'email',
    problemsOf:
      type === 'array'
        ? checkItems(name, compileScalar(name, items, formats))
        : compileScalar(name, { ...attribute, type }, formats),
  };
}

/** Base attributes with numbers of a fixed length. */
const identifiers: ReadonlySet<string> = new Set(['employeeNumber', 'managerId', 'costCenter', 'zipCode']);

const NONE: readonly ValueProblem[] = Object.freeze([]);

/** Reports only the first invalid item of a list. */
function checkItems(
  name: string,
  problemsOf: CompiledAttribute['problemsOf'],
): CompiledAttribute['problemsOf'] {
  return (value) => {
    if (!Array.isArray(value)) {
      return [{ code: 'wrong-type', message: `${name} must be a list, not a single value.` }];
    }
    for (const item of value) {
      const problem =
        typeof item === 'string' && !isPlain(item) ? characterProblem(name, item, false) : undefined;
      if (problem !== undefined) return [problem];
      const problems = problemsOf(item);
      if (problems.length > 0) return problems;
    }
    return NONE;
  };
}

type Scalar = Omit<UserSchemaAttribute, 'type'> & {
  readonly type: Exclude<UserSchemaAttribute['type'], 'array'>;
};

function compileScalar(
  name: string,
  attribute: Scalar,
  formats: ReadonlyMap<string, FormatCheck>,
): CompiledAttribute['problemsOf'] {
  const { type } = attribute;
  const enums = enumChecks(name, attribute);
  switch (type) {
    case 'string':
      return runChecks(name, 'string', [...stringChecks(name, attribute, formats), ...enums]);
    case 'number':
    case 'integer':
      return runChecks(name, 'number', [...numberChecks(name, attribute), ...enums]);
    case 'boolean':
      return runChecks(name, 'boolean', []);
    default:
      return type satisfies never;
  }
}

interface JsonTypes {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}

const typeNames = { string: 'text', number: 'a number', boolean: 'true or false' };

/** Runs checks for one JSON type, after the type itself: Okta distinguishes `1` from `"1"`. */
function runChecks<Type extends keyof JsonTypes>(
  name: string,
  type: Type,
  checks: readonly Check<JsonTypes[Type]>[],
): CompiledAttribute['problemsOf'] {
  const isOfType = (value: unknown): value is JsonTypes[Type] => typeof value === type;
  return (value) => {
    if (!isOfType(value)) {
      const message = `${name} must be ${typeNames[type]}, not the ${Array.isArray(value) ? 'list' : typeof value} ${quoted(String(value))}.`;
      return [{ code: 'wrong-type', message }];
    }
    let problems: ValueProblem[] | undefined;
    for (const check of checks) {
      const problem = check(value);
      if (problem !== undefined) (problems ??= []).push(problem);
    }
    return problems ?? NONE;
  };
}

function stringChecks(
  name: string,
  attribute: Scalar,
  formats: ReadonlyMap<string, FormatCheck>,
): readonly Check<string>[] {
  const { maxLength, format } = attribute;
  const minLength = name === 'login' ? minLoginLength(attribute) : (attribute.minLength ?? 0);
  const checkFormat = formats.get(format ?? '');
  const checks: Check<string>[] = [];
  if (minLength > 0) checks.push(minLengthCheck(name, minLength));
  if (typeof maxLength === 'number') checks.push(maxLengthCheck(name, maxLength));
  if (checkFormat !== undefined) checks.push((text) => checkFormat(name, text));
  return [...checks, ...(name === 'login' ? loginChecks(attribute) : patternChecks(name, attribute))];
}
