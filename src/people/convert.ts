import type { ProfileValue, UserSchemaAttribute } from '../okta/types.js';
import type { Complaint, ProblemCode } from './problem.js';
import { quoted } from './quoted.js';

/** A cell as the attribute's type, or why it is not. */
export type Converted = NonNullable<ProfileValue> | ConversionFailure;

/** Told from a value by its `code`, which no value has. */
export type ConversionFailure = Complaint & { readonly code: ProblemCode };

export function isFailure(converted: Converted): converted is ConversionFailure {
  return typeof converted === 'object' && 'code' in converted;
}

/** Separates the parts of a cell for array attributes, unless the mapping file says otherwise. */
const DEFAULT_SPLIT = ';';

/**
 * Compiles the way from a trimmed cell, never empty, to a value of the attribute's type.
 *
 * - boolean: true/false, yes/no, y/n, on/off, 1/0 in any case.
 * - number, integer: as JSON writes them, no thousands separators; integers are 32-bit.
 * - array: the parts between `split`, trimmed, empty ones dropped.
 * - enum: a `oneOf` title stands for its constant, and case is put right where that is unambiguous.
 *
 * @returns Undefined when the cell is the value as it stands: most attributes.
 * @see groups-types-schemas.md, section 3.3
 */
export function compileConversion(
  name: string,
  attribute: UserSchemaAttribute | undefined,
  split: string | undefined,
): ((text: string) => Converted) | undefined {
  if (attribute?.type !== 'array') {
    // Asked to split what Okta does not know as an array: offline, a custom attribute that the admin says is one.
    if (split !== undefined && attribute === undefined) return (text) => splitCell(text, split);
    return compileScalar(name, attribute?.type ?? 'string', attribute);
  }
  const convertItem = compileScalar(name, attribute.items?.type ?? 'string', attribute.items);
  return (text) => {
    const parts = splitCell(text, split ?? DEFAULT_SPLIT);
    if (convertItem === undefined) return parts;
    const values = parts.map((part) => convertItem(part));
    const failure = values.find((value) => isFailure(value));
    if (failure !== undefined) return failure;
    const numbers = values.filter((value) => typeof value === 'number');
    return numbers.length === values.length ? numbers : values.map(String);
  };
}

/** The trimmed parts of a cell, without the empty ones. */
export function splitCell(text: string, separator: string | RegExp): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

type ScalarType = 'string' | 'boolean' | 'number' | 'integer';

function compileScalar(
  name: string,
  type: ScalarType,
  allowed: Pick<UserSchemaAttribute, 'enum' | 'oneOf'> | undefined,
): ((text: string) => Converted) | undefined {
  const constants = constantsByText(allowed);
  const convert = converters[type];
  if (constants.size === 0) return convert === undefined ? undefined : (text) => convert(name, text);
  return (text) => constants.get(text) ?? constants.get(text.toLowerCase()) ?? convert?.(name, text) ?? text;
}

/** What a cell may say for each constant: its own text, its title, and both in lower case where that is one constant's alone. */
function constantsByText(
  allowed: Pick<UserSchemaAttribute, 'enum' | 'oneOf'> | undefined,
): ReadonlyMap<string, string | number> {
  const spellings = [
    ...(allowed?.enum ?? []).map((constant) => [String(constant), constant] as const),
    ...(allowed?.oneOf ?? []).map((one) => [String(one.const), one.const] as const),
    ...(allowed?.oneOf ?? []).map((one) => [one.title, one.const] as const),
  ];
  const exact = new Map<string, string | number>();
  for (const [text, constant] of spellings) if (!exact.has(text)) exact.set(text, constant);

  const inLowerCase = new Map<string, Set<string | number>>();
  for (const [text, constant] of spellings) {
    const key = text.toLowerCase();
    inLowerCase.set(key, (inLowerCase.get(key) ?? new Set()).add(constant));
  }
  for (const [key, constants] of inLowerCase) {
    const [constant] = constants;
    if (constants.size === 1 && constant !== undefined && !exact.has(key)) exact.set(key, constant);
  }
  return exact;
}

const converters: Readonly<Record<ScalarType, ((name: string, text: string) => Converted) | undefined>> = {
  string: undefined,
  boolean: toBoolean,
  number: toNumber,
  integer: toInteger,
};

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'y', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'n', 'off', '0'].map((word) => [word, false] as const),
]);

function toBoolean(name: string, text: string): Converted {
  return (
    booleans.get(text.toLowerCase()) ?? {
      code: 'not-a-boolean',
      message: `${name} is yes or no, not ${quoted(text)}: write true or false.`,
    }
  );
}

function toNumber(name: string, text: string): Converted {
  const value = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  return {
    code: 'not-a-number',
    message: `${name} is a number, not ${quoted(text)}: write digits with a decimal point, such as 1234.5.`,
  };
}

/** Okta's integers (groups-types-schemas.md, section 3.3). */
const [MIN_INTEGER, MAX_INTEGER] = [-2_147_483_648, 2_147_483_647];

function toInteger(name: string, text: string): Converted {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  // Adding zero makes 0 of -0.
  if (value >= MIN_INTEGER && value <= MAX_INTEGER) return value + 0;
  return {
    code: 'not-an-integer',
    message: Number.isNaN(value)
      ? `${name} is a whole number, not ${quoted(text)}: write digits only.`
      : `${name} is ${quoted(text)}, Okta's whole numbers go from ${MIN_INTEGER} to ${MAX_INTEGER}.`,
  };
}
