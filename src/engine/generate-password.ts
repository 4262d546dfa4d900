import { randomInt } from 'node:crypto';

import type { Profile, UserRequest } from '../okta/types.js';
import type { CreateOperation } from '../rows/operation.js';
import { Secret } from '../secret.js';

/** Without characters that look alike in print, such as O and 0, or l and 1; and without a hyphen, which may end a line. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';
const ALL = `${LETTERS}23456789#%*+=?`;

/** Okta looks for parts of at least four characters in a password; one more is excluded to be safe. */
const MIN_LOGIN_PART = 3;
/** A policy can exclude first and last names, however short they are. */
const MIN_NAME = 2;

/**
 * Makes a password that the password policies of Okta accept, and that can be read from paper: all four kinds of characters, and no
 * part of the login or the names.
 *
 * It begins with a letter: a spreadsheet would take other characters for a formula.
 *
 * @param pick - a random whole number in [0, max), from a source that cannot be guessed.
 */
export function generatePassword(
  length: number,
  profile: Profile,
  pick: (max: number) => number = (max) => randomInt(max),
): Secret {
  const excluded = excludedParts(profile);
  for (;;) {
    let text = LETTERS.charAt(pick(LETTERS.length));
    while (text.length < length) text += ALL.charAt(pick(ALL.length));
    const lowered = text.toLowerCase();
    const hasAll = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].every((characters) => characters.test(text));
    if (hasAll && !excluded.some((part) => lowered.includes(part))) return new Secret(text);
  }
}

/** A new password for a row that needs one. */
export function passwordFor({ firstSignIn, request }: CreateOperation): Secret | undefined {
  return firstSignIn?.kind === 'password' ? generatePassword(firstSignIn.length, request.profile) : undefined;
}

export function withPassword(request: UserRequest, password: Secret | undefined): UserRequest {
  if (password === undefined) return request;
  return { ...request, credentials: { ...request.credentials, password: { value: password.reveal() } } };
}

function excludedParts({ login, email, firstName, lastName }: Profile): readonly string[] {
  const addresses = [login, email].flatMap((address) => partsOf(address, MIN_LOGIN_PART));
  const names = [firstName, lastName].flatMap((name) => partsOf(name, MIN_NAME));
  return [...new Set([...addresses, ...names])];
}

function partsOf(value: Profile[string] | undefined, minLength: number): readonly string[] {
  if (typeof value !== 'string') return [];
  return value
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((part) => part.length >= minLength);
}
