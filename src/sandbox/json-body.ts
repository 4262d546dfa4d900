import { OktaError } from './okta-error.js';

/** A JSON object from outside. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a JSON object. Anything else is 400 `E0000003`, as every wrong JSON type is. */
export function jsonObject(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw new OktaError('E0000003');
  return value;
}

/** Like `jsonObject`; `undefined` when absent or null. */
export function optionalObject(value: unknown): JsonObject | undefined {
  return value === undefined || value === null ? undefined : jsonObject(value);
}

/** A string, or `undefined` when absent or null. */
export function optionalString(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new OktaError('E0000003');
  return value;
}

/** An array of strings, or `undefined` when absent or null. */
export function optionalStrings(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new OktaError('E0000003');
  return value.map((element: unknown) => {
    if (typeof element !== 'string') throw new OktaError('E0000003');
    return element;
  });
}

/** A boolean query parameter. Anything but true and false is 400 `E0000037`. */
export function booleanParam(query: URLSearchParams, name: string, defaultValue: boolean): boolean {
  const text = query.get(name)?.toLowerCase();
  if (text === undefined || text === '') return defaultValue;
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new OktaError('E0000037', { insert: `${name} must be a boolean.` });
}

/** Okta accepts only characters of up to three bytes in UTF-8. */
export function hasSupplementaryCharacter(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}
