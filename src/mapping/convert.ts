import type { ProfileValue, UserSchemaAttribute } from '../okta/types.js';
import type { ValueProblem } from '../rows/problem.js';
import { quoted } from '../text.js';
import { LIST_SEPARATOR, type CellFormat } from './value-source.js';

/** A cell as a value of the attribute's type, or what is wrong with it. */
export type Converted = NonNullable<ProfileValue> | ValueProblem;

export function isProblem(converted: Converted): converted is ValueProblem {
  return typeof converted === 'object' && 'code' in converted;
}

/**
 * Compiles the conversion of a trimmed cell, never empty, to a value of the attribute's type.
 *
 * - boolean: true/false, yes/no, y/n, on/off, 1/0 in any case, and the words of the format.
 * - number, integer: as in JSON, without thousands separators, unless the format sets `decimal`. Integers are 32-bit.
 * - array: the parts between `split`, trimmed, without empty ones.
 * - country codes and locales: in the case of their standard.
 * - enum: a `oneOf` title means its constant; case is corrected if that is unambiguous.
 *
 * @returns Undefined if the cell is the value as it is, as for most attributes.
 * @see Okta API reference, Schemas
 */
export function compileConversion(
  name: string,
  attribute: UserSchemaAttribute | undefined,
  format: CellFormat,
): ((text: string) => Converted) | undefined {
  const { type = typeImpliedBy(format) } = attribute ?? {};
  if (type !== 'array') return compileScalar(name, type, attribute, format);
  const separator = separatorOf(format.split ?? [LIST_SEPARATOR]);
  const convertItem = compileScalar(name, attribute?.items?.type ?? 'string', attribute?.items, format);
  return (text) => {
    const parts = splitCell(text, separator);
    if (convertItem === undefined) return parts;
    const values = parts.map((part) => convertItem(part));
    const problem = values.find((value) => isProblem(value));
    if (problem !== undefined) return problem;
    const numbers = values.filter((value) => typeof value === 'number');
    return numbers.length === values.length ? numbers : values.map(String);
  };
}

/** Offline, the type of a custom attribute is only known from its format in the mapping file. */
function typeImpliedBy({ split, booleanWords, decimal }: CellFormat): UserSchemaAttribute['type'] {
  if (split !== undefined) return 'array';
  if (booleanWords !== undefined) return 'boolean';
  return decimal === undefined ? 'string' : 'number';
}

/** What matches any of the separators. A single one stays a text, which is faster. */
export function separatorOf(separators: readonly string[]): string | RegExp {
  const [only = LIST_SEPARATOR, ...others] = separators;
  if (others.length === 0) return only;
  const longestFirst = separators.toSorted((one, other) => other.length - one.length);
  return new RegExp(longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'));
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
  allowed: Pick<UserSchemaAttribute, 'enum' | 'oneOf' | 'format'> | undefined,
  format: CellFormat,
): ((text: string) => Converted) | undefined {
  const constants = constantsByText(allowed);
  const convert = type === 'string' ? caseOf(allowed?.format) : compileParser(name, type, format);
  if (constants.size === 0) return convert;
  return (text) => constants.get(text) ?? constants.get(text.toLowerCase()) ?? convert?.(text) ?? text;
}

/** Country codes and locales are sent in the case of their standard: `DE`, `en_US`. */
function caseOf(format: string | null | undefined): ((text: string) => string) | undefined {
  if (format === 'country-code') return (text) => (text.length === 2 ? text.toUpperCase() : text);
  if (format !== 'locale') return undefined;
  return (text) =>
    /^[a-z]{2}_[a-z]{2}$/i.test(text) ? text.slice(0, 3).toLowerCase() + text.slice(3).toUpperCase() : text;
}

function compileParser(
  name: string,
  type: Exclude<ScalarType, 'string'>,
  { booleanWords, decimal }: CellFormat,
): ((text: string) => Converted) | undefined {
  switch (type) {
    case 'boolean':
      return (text) => booleanWords?.get(text.toLowerCase()) ?? toBoolean(name, text);
    case 'number':
    case 'integer': {
      const convert = type === 'number' ? toNumber : toInteger;
      if (decimal === undefined) return (text) => convert(name, text, text);
      return (text) => convert(name, inJson(text, decimal) ?? '', text, decimal);
    }
    default:
      return type satisfies never;
  }
}

/** The texts for each constant: the constant, its title, and both in lower case if they belong to one constant only. */
function constantsByText(
  allowed: Pick<UserSchemaAttribute, 'enum' | 'oneOf'> | undefined,
): ReadonlyMap<string, string | number> {
  const texts = [
    ...(allowed?.enum ?? []).map((constant) => [String(constant), constant] as const),
    ...(allowed?.oneOf ?? []).map((one) => [String(one.const), one.const] as const),
    ...(allowed?.oneOf ?? []).map((one) => [one.title, one.const] as const),
  ];
  const exact = new Map<string, string | number>();
  for (const [text, constant] of texts) if (!exact.has(text)) exact.set(text, constant);

  const inLowerCase = new Map<string, Set<string | number>>();
  for (const [text, constant] of texts) {
    const key = text.toLowerCase();
    inLowerCase.set(key, (inLowerCase.get(key) ?? new Set()).add(constant));
  }
  for (const [key, constants] of inLowerCase) {
    const [constant] = constants;
    if (constants.size === 1 && constant !== undefined && !exact.has(key)) exact.set(key, constant);
  }
  return exact;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'y', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'n', 'off', '0'].map((word) => [word, false] as const),
]);

function toBoolean(name: string, text: string): Converted {
  return (
    booleans.get(text.toLowerCase()) ?? {
      code: 'not-a-boolean',
      message: `${name} must be true or false, not ${quoted(text)}.`,
    }
  );
}

/**
 * A number in JSON's form: `1.234,5` with the decimal separator `,` becomes `1234.5`. Thousands may be separated by the other
 * separator, a space or an apostrophe, but by one of them only. Undefined if the text is not such a number.
 */
function inJson(text: string, decimal: '.' | ','): string | undefined {
  const match = (decimal === ',' ? withComma : withPoint).exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', , fraction = ''] = match;
  const digits = whole.replace(/\D/g, '');
  return fraction === '' ? sign + digits : `${sign}${digits}.${fraction}`;
}

const withComma = /^([+-]?)(\d+|\d{1,3}([.\s'\u2019])\d{3}(?:\3\d{3})*)(?:,(\d+))?$/;
const withPoint = /^([+-]?)(\d+|\d{1,3}([,\s'\u2019])\d{3}(?:\3\d{3})*)(?:\.(\d+))?$/;

/** @param cell - The text in the file, for the message. */
function toNumber(name: string, text: string, cell: string, decimal?: '.' | ','): Converted {
  const value = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const message = `${name} must be a number, not ${quoted(cell)}. Write it with a decimal ${decimal === ',' ? 'comma, such as 1234,5' : 'point, such as 1234.5'}.`;
  return { code: 'not-a-number', message };
}

/** Okta's integers have 32 bits (Okta API reference, Schemas). */
const [MIN_INTEGER, MAX_INTEGER] = [-2_147_483_648, 2_147_483_647];

function toInteger(name: string, text: string, cell: string): Converted {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  // Adding zero turns -0 into 0.
  if (value >= MIN_INTEGER && value <= MAX_INTEGER) return value + 0;
  return {
    code: 'not-an-integer',
    message: Number.isNaN(value)
      ? `${name} must be a whole number, not ${quoted(cell)}.`
      : `${name} must be between ${MIN_INTEGER} and ${MAX_INTEGER}, not ${quoted(cell)}.`,
  };
}
