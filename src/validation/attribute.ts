import type { ProfileValue, UserSchemaAttribute } from '../okta/types.js';
import type { ValueProblem } from '../rows/problem.js';
import { characterProblem, isPlain } from './characters.js';
import type { Check } from './check.js';
import { plural, quoted } from '../text.js';
import type { FormatCheck } from './formats.js';
import { loginChecks, minLoginLength } from './login.js';
import { compilePattern } from './pattern.js';

/** One attribute, compiled. */
export interface CompiledAttribute {
  readonly isReadOnly: boolean;
  /** Duplicates within a file are sure to fail. */
  readonly isUnique: boolean;
  /** Everything that is wrong with a value, but for the characters in a text: see `characterProblem`. */
  readonly problemsOf: (value: Value) => readonly ValueProblem[];
  /** What people sign in with, or mail goes to. */
  readonly isAddress: boolean;
  /** Numbers in it may have lost leading zeros to a spreadsheet. */
  readonly isIdentifier: boolean;
}

type Value = NonNullable<ProfileValue>;

/**
 * Compiles what an attribute's schema says into checks, once. Lengths count UTF-16 units: Okta does not say what it
 * counts, and the characters for which that makes a difference it does not take at all.
 *
 * @see groups-types-schemas.md, section 3.3
 */
export function compileAttribute(
  name: string,
  attribute: UserSchemaAttribute,
  formats: ReadonlyMap<string, FormatCheck>,
): CompiledAttribute {
  const { type, items = { type: 'string' } } = attribute;
  // Okta's answers have the word where its requests have the boolean.
  const isUnique = attribute.unique === true || attribute.unique === 'UNIQUE_VALIDATED';
  return {
    isReadOnly: attribute.mutability === 'READ_ONLY',
    isUnique,
    isIdentifier: type === 'string' && (isUnique || identifiers.has(name)),
    isAddress: isAddress(name, attribute),
    problemsOf:
      type === 'array'
        ? checkItems(name, compileScalar(name, items, formats))
        : compileScalar(name, { ...attribute, type }, formats),
  };
}

/** Base attributes that hold numbers of a fixed length. */
const identifiers: ReadonlySet<string> = new Set(['employeeNumber', 'managerId', 'costCenter', 'zipCode']);

/** What people sign in with, or mail goes to. */
function isAddress(name: string, { format }: Pick<UserSchemaAttribute, 'format'>): boolean {
  return name === 'login' || format === 'email';
}

const NONE: readonly ValueProblem[] = Object.freeze([]);

/** The first item that is wrong speaks for the list. */
function checkItems(
  name: string,
  problemsOf: CompiledAttribute['problemsOf'],
): CompiledAttribute['problemsOf'] {
  return (value) => {
    if (!Array.isArray(value)) {
      return [{ code: 'wrong-type', message: `${name} is a list, not a single value.` }];
    }
    for (const item of value) {
      const fault =
        typeof item === 'string' && !isPlain(item) ? characterProblem(name, item, false) : undefined;
      if (fault !== undefined) return [fault];
      const complaints = problemsOf(item);
      if (complaints.length > 0) return complaints;
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
      return runChecks(name, 'number', [...numberChecks(name, type, attribute), ...enums]);
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

const typeNames = { string: 'a text', number: 'a number', boolean: 'true or false' };

/** Runs checks that need a value of one JSON type; JSON types matter to Okta, `1` is not `"1"`. */
function runChecks<Type extends keyof JsonTypes>(
  name: string,
  type: Type,
  checks: readonly Check<JsonTypes[Type]>[],
): CompiledAttribute['problemsOf'] {
  const isOfType = (value: unknown): value is JsonTypes[Type] => typeof value === type;
  return (value) => {
    if (!isOfType(value)) {
      return [
        { code: 'wrong-type', message: `${name} is ${typeNames[type]}, not ${quoted(String(value))}.` },
      ];
    }
    let complaints: ValueProblem[] | undefined;
    for (const check of checks) {
      const complaint = check(value);
      if (complaint !== undefined) (complaints ??= []).push(complaint);
    }
    return complaints ?? NONE;
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
  if (minLength > 0) checks.push((text) => checkMinLength(name, text, minLength));
  if (typeof maxLength === 'number') checks.push((text) => checkMaxLength(name, text, maxLength));
  if (checkFormat !== undefined) checks.push((text) => checkFormat(name, text));
  return [...checks, ...(name === 'login' ? loginChecks(attribute) : patternChecks(name, attribute))];
}

function patternChecks(name: string, { pattern }: Scalar): readonly Check<string>[] {
  const matches = typeof pattern === 'string' ? compilePattern(pattern) : undefined;
  if (matches === undefined) return [];
  return [
    (text) =>
      matches(text)
        ? undefined
        : {
            code: 'pattern-mismatch',
            message: `${name} ${quoted(text)} does not match the org's pattern ${pattern}.`,
          },
  ];
}

function checkMaxLength(name: string, text: string, maxLength: number): ValueProblem | undefined {
  if (text.length <= maxLength) return undefined;
  return {
    code: 'too-long',
    message: `${name} ${quoted(text)} has ${plural(text.length, 'character')}, Okta takes at most ${maxLength}: shorten it.`,
  };
}

function checkMinLength(name: string, text: string, minLength: number): ValueProblem | undefined {
  if (text.length >= minLength) return undefined;
  return {
    code: 'too-short',
    message: `${name} ${quoted(text)} has ${plural(text.length, 'character')}, Okta wants at least ${minLength}.`,
  };
}

function numberChecks(
  name: string,
  type: 'number' | 'integer',
  { minimum, maximum }: Scalar,
): readonly Check<number>[] {
  const checks: Check<number>[] = [];
  if (type === 'integer') {
    checks.push((value) =>
      // Converting to 32 bits changes whatever is not one of Okta's integers.
      Object.is(value | 0, value)
        ? undefined
        : { code: 'not-an-integer', message: `${name} is a whole number of 32 bits, not ${value}.` },
    );
  }
  if (typeof minimum === 'number') {
    checks.push((value) =>
      value >= minimum
        ? undefined
        : { code: 'below-minimum', message: `${name} is ${value}, Okta wants at least ${minimum}.` },
    );
  }
  if (typeof maximum === 'number') {
    checks.push((value) =>
      value <= maximum
        ? undefined
        : { code: 'above-maximum', message: `${name} is ${value}, Okta takes at most ${maximum}.` },
    );
  }
  return checks;
}

/** So many values a message lists before it gives up. */
const MAX_LISTED = 8;

function enumChecks(name: string, attribute: Scalar): readonly Check<string | number>[] {
  const constants = attribute.enum ?? attribute.oneOf?.map((one) => one.const);
  if (constants === undefined) return [];
  const allowed = new Set(constants);
  const listed = constants.slice(0, MAX_LISTED).join(', ');
  const more = constants.length > MAX_LISTED ? ` and ${constants.length - MAX_LISTED} more` : '';
  return [
    (value) =>
      allowed.has(value)
        ? undefined
        : {
            code: 'not-one-of',
            message: `${name} ${quoted(String(value))} is not one of: ${listed}${more}.`,
          },
  ];
}
