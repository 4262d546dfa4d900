import { loginKey, withoutAccents } from '../okta/login.js';
import type { Profile } from '../okta/types.js';

/** Attributes whose case does not count. */
const ADDRESSES: ReadonlySet<string> = new Set(['login', 'email', 'secondEmail']);

/** The match key of a person in its normal form; undefined for none. */
export function matchKey(profile: Profile, match: string): string | undefined {
  const value = profile[match];
  if (value === undefined || value === null || typeof value === 'object') return undefined;
  const text = String(value).normalize('NFC').trim();
  if (text === '') return undefined;
  if (match === 'login') return loginKey(text);
  return ADDRESSES.has(match) ? text.toLowerCase() : text;
}

/** First and last name without case, accents and repeated spaces; undefined unless there are both. */
export function foldedName({ firstName, lastName }: Profile): string | undefined {
  if (typeof firstName !== 'string' || typeof lastName !== 'string') return undefined;
  const [first, last] = [fold(firstName), fold(lastName)];
  return first === '' || last === '' ? undefined : `${first}\0${last}`;
}

function fold(name: string): string {
  return withoutAccents(name)
    .toLowerCase()
    .replaceAll(/[\s.\-']+/gu, ' ')
    .trim();
}
