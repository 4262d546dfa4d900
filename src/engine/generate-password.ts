import { randomInt } from 'node:crypto';

import type { Profile, UserRequest } from '../okta/types.js';
import { DEFAULT_PASSWORD_RULES, type PasswordRules } from '../org/password-policies.js';
import type { CreateOperation } from '../rows/operation.js';
import { Secret } from '../secret.js';

import type { LinkRecipient } from './keep-link.js';

/** Without characters that look alike in print, such as O and 0, or l and 1; and without a hyphen, which may end a line. */
const LOWER_CASE = 'abcdefghjkmnpqrstuvwxyz';
const UPPER_CASE = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const NUMBERS = '23456789';
const SYMBOLS = '#%*+=?';

/** Okta's limit. */
const MAX_LENGTH = 72;
/** Okta looks for parts of at least four characters in a password; one more is excluded to be safe. */
const MIN_LOGIN_PART = 3;
/** A policy can exclude first and last names, however short they are. */
const MIN_NAME = 2;

/** Makes random whole numbers in [0, max), from a source that cannot be guessed. */
type PickNumber = (max: number) => number;

/**
 * Makes a password that the password policies of Okta accept, and that can be read from paper: all four kinds of characters, and no
 * part of the login or the names.
 *
 * It begins with a letter: a spreadsheet would take other characters for a formula.
 *
 * @param length - minimum length; the rules may require more.
 */
export function generatePassword(
  length: number,
  profile: Profile,
  rules: PasswordRules = DEFAULT_PASSWORD_RULES,
  pick: PickNumber = (max) => randomInt(max),
): Secret {
  const excluded = excludedParts(profile, rules);
  const isAllowed = (character: string): boolean => !excluded.includes(character.toLowerCase());
  const kinds = kindsOf(rules).map(({ characters, least }) => ({
    characters: characters.split('').filter(isAllowed),
    least,
  }));
  const all = kinds.flatMap(({ characters }) => characters);
  // One less than required of each kind: the loop below draws until the rest is met, so that all characters stay equally likely.
  const certain = kinds.flatMap(({ characters, least }) => Array<string[]>(least - 1).fill(characters));
  const any = Array<string[]>(passwordLength(length, rules) - certain.length).fill(all);
  for (;;) {
    const drawn = [...certain, ...any].map((characters) => characters[pick(characters.length)] ?? '');
    const text = shuffled(drawn, pick).join('');
    const lowered = text.toLowerCase();
    const hasAll = kinds.every(
      ({ characters, least }) => countOf(text, (character) => characters.includes(character)) >= least,
    );
    const isValid = /^[a-zA-Z]/.test(text) && hasAll && !excluded.some((part) => lowered.includes(part));
    if (isValid) return new Secret(text);
  }
}

/** The length of generated passwords: that of the mapping, or more if the rules require it. */
export function passwordLength(wanted: number, rules: PasswordRules = DEFAULT_PASSWORD_RULES): number {
  const required = kindsOf(rules).reduce((sum, { least }) => sum + least, 0);
  return Math.min(Math.max(wanted, rules.minLength, required), MAX_LENGTH);
}

/** A new password for a row that needs one. */
export function passwordFor(
  { firstSignIn, request }: CreateOperation,
  links: LinkRecipient | undefined,
): Secret | undefined {
  if (firstSignIn?.kind !== 'password') return undefined;
  return generatePassword(firstSignIn.length, request.profile, links?.passwordRules);
}

export function withPassword(request: UserRequest, password: Secret | undefined): UserRequest {
  if (password === undefined) return request;
  return { ...request, credentials: { ...request.credentials, password: { value: password.reveal() } } };
}

function kindsOf({ minLowerCase, minUpperCase, minNumber, minSymbol }: PasswordRules): readonly {
  readonly characters: string;
  readonly least: number;
}[] {
  return [
    { characters: LOWER_CASE, least: minLowerCase },
    { characters: UPPER_CASE, least: minUpperCase },
    { characters: NUMBERS, least: minNumber },
    { characters: SYMBOLS, least: minSymbol },
  ];
}

/** Fisher–Yates shuffle. */
function shuffled(items: readonly string[], pick: PickNumber): readonly string[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = pick(last + 1);
    [result[last], result[other]] = [result[other] ?? '', result[last] ?? ''];
  }
  return result;
}

function countOf(text: string, isCounted: (character: string) => boolean): number {
  return text.split('').filter(isCounted).length;
}

/** In lower case. */
function excludedParts(profile: Profile, { excludedAttributes }: PasswordRules): readonly string[] {
  const addresses = [profile['login'], profile['email']].flatMap((address) =>
    partsOf(address, MIN_LOGIN_PART),
  );
  const names = excludedAttributes.map((name) => profile[name]);
  // A name of a single letter, as is common in southern India, is excluded as well.
  const initials = names.flatMap((name) => (isLetter(name) ? [name.trim().toLowerCase()] : []));
  return [...new Set([...addresses, ...names.flatMap((name) => partsOf(name, MIN_NAME)), ...initials])];
}

function isLetter(value: Profile[string] | undefined): value is string {
  return typeof value === 'string' && /^[a-zA-Z]$/.test(value.trim());
}

function partsOf(value: Profile[string] | undefined, minLength: number): readonly string[] {
  if (typeof value !== 'string') return [];
  return value
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((part) => part.length >= minLength);
}
