const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const COUNTER_LENGTH = 7;
/** Fills up an ID to Okta's 20 characters. Differs by kind, so that no ID can be derived from another. */
const SUFFIXES = {
  '00u': 'uSaNdBoX5d',
  '00g': 'gSaNdBoX5d',
  oty: 'tSaNdBoX5d',
  osc: 'sSaNdBoX7k',
  spr: 'pSaNdBoX5d',
  guo: 'rSaNdBoX5d',
} as const;

/** The first three characters of an Okta ID. */
export type IdPrefix = keyof typeof SUFFIXES;

/** An Okta ID of 20 characters. IDs with the same prefix sort, as text, in the order of their ordinals. */
export function oktaId(prefix: IdPrefix, ordinal: number): string {
  return prefix + toBase62(ordinal, COUNTER_LENGTH) + SUFFIXES[prefix];
}

/** The ordinal of an ID; `undefined` for anything that is not an ID of this kind. */
export function ordinalOf(prefix: IdPrefix, id: string): number | undefined {
  if (id.length !== 20 || !id.startsWith(prefix) || !id.endsWith(SUFFIXES[prefix])) return undefined;
  let ordinal = 0;
  for (const digit of id.slice(3, 3 + COUNTER_LENGTH)) {
    const value = DIGITS.indexOf(digit);
    if (value < 0) return undefined;
    ordinal = ordinal * 62 + value;
  }
  return ordinal;
}

/** `errorId`: `oae` and 22 characters, unique per response. */
export function errorId(ordinal: number): string {
  return `oae${toBase62(ordinal, 10)}SaNdBoXeRr0R`;
}

/** `X-Okta-Request-Id`: in every response, never equal to the error ID. */
export function requestId(ordinal: number): string {
  return `req${toBase62(ordinal, 11)}-SaNdBoXreq`;
}

function toBase62(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 62)) text = DIGITS[rest % 62] + text;
  return text;
}
