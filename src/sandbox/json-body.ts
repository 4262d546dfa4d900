import { Refusal } from './refusal.js';

/** A JSON object from outside. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a JSON object. Anything else is 400 `E0000003`, as for every wrong JSON type (errors.md §2). */
export function jsonObject(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw new Refusal('E0000003');
  return value;
}

/** As `jsonObject`, but absent and null are absent. */
export function optionalObject(value: unknown): JsonObject | undefined {
  return value === undefined || value === null ? undefined : jsonObject(value);
}

/** A string, or `undefined` when absent or null. */
export function optionalString(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new Refusal('E0000003');
  return value;
}

/** An array of strings, or `undefined` when absent or null. */
export function optionalStrings(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new Refusal('E0000003');
  return value.map((element: unknown) => {
    if (typeof element !== 'string') throw new Refusal('E0000003');
    return element;
  });
}

/** A boolean of the query string; what is neither true nor false is 400 `E0000037`. */
export function booleanParam(query: URLSearchParams, name: string, fallback: boolean): boolean {
  const text = query.get(name)?.toLowerCase();
  if (text === undefined || text === '') return fallback;
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new Refusal('E0000037', { insert: `${name} must be a boolean.` });
}

/** Okta takes only code points that UTF-8 encodes in three bytes or fewer (users.md §1). */
export function hasSupplementaryCharacter(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}
