import { compareTexts } from './sorted-store.js';

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

/**
 * Okta IDs of 20 characters, by the number of the object: 1 is the oldest. As in Okta, IDs that were made within minutes
 * of each other are in no order, while the objects that an org began with come first. Numbers up to 2^32 get distinct IDs.
 *
 * @param seed - the same seed gives the same IDs.
 */
export function idSequence(prefix: IdPrefix, seed: number): (ordinal: number) => string {
  return (ordinal) => {
    const place = ordinal === 1 ? 0 : 62 ** (COUNTER_LENGTH - 1) + shuffled(ordinal, seed);
    return prefix + toBase62(place, COUNTER_LENGTH) + SUFFIXES[prefix];
  };
}

/** The order of listings by ID. */
export function compareIds(one: { readonly oktaId: string }, other: { readonly oktaId: string }): number {
  return compareTexts(one.oktaId, other.oktaId);
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

/** A bijection of the 32-bit numbers (the finalizer of MurmurHash3), so that no two IDs are equal. */
function shuffled(ordinal: number, seed: number): number {
  let mixed = (ordinal + Math.imul(seed, 0x9e3779b1)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
