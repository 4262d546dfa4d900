import type { UserSchemaAttribute } from '../okta/types.js';
import type { ValueProblem } from '../rows/problem.js';
import { quoted } from '../text.js';
import { emailProblem } from './email.js';
import type { Check } from './value-checks.js';

/** The pattern that means "no restriction" in Okta, not even a minimum length. */
const ANYTHING = '.+';

/**
 * The form of the login that the org's schema requires: an email address by default, anything, or certain characters.
 *
 * @see Okta API reference, Schemas, login pattern
 */
export function loginChecks({ pattern }: Pick<UserSchemaAttribute, 'pattern'>): readonly Check<string>[] {
  if (pattern === undefined || pattern === null || pattern === '') return [checkEmailForm];
  const allowed = pattern === ANYTHING ? undefined : compileCharacters(pattern);
  return allowed === undefined ? [] : [(login) => checkCharacters(login, pattern, allowed)];
}

/** Okta does not enforce the minimum if the org accepts any login. */
export function minLoginLength({
  pattern,
  minLength,
}: Pick<UserSchemaAttribute, 'pattern' | 'minLength'>): number {
  return pattern === ANYTHING ? 0 : (minLength ?? 0);
}

/** The login in the form in which Okta compares logins: without case and diacritics. */
export function foldLogin(login: string): string {
  // Fast path: nearly all logins are ASCII and need no normalization.
  return /^[ -~]*$/.test(login)
    ? login.toLowerCase()
    : login.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function checkEmailForm(login: string): ValueProblem | undefined {
  const reason = emailProblem(login);
  if (reason === undefined) return undefined;
  const message = `login must be an email address, but ${quoted(login)} is not: ${reason}.`;
  return { code: 'login-not-an-email', message };
}

function checkCharacters(login: string, pattern: string, allowed: RegExp): ValueProblem | undefined {
  for (const character of login) {
    if (allowed.test(character)) continue;
    const message = `login ${quoted(login)} contains ${quoted(character)}, but the org only allows ${pattern}.`;
    return { code: 'login-characters', message };
  }
  return undefined;
}

/** `[a-z0-9\.]+`, the only other form that Okta documents; undefined for anything else, which is left to Okta. */
function compileCharacters(pattern: string): RegExp | undefined {
  const characters = /^\[((?:\\.|[^\\\]])+)\]\+$/.exec(pattern)?.[1];
  if (characters === undefined) return undefined;
  try {
    return new RegExp(`^[${characters.replace(/^\^/, String.raw`\^`)}]$`);
  } catch {
    // An invalid range, such as z-a: left to Okta.
    return undefined;
  }
}
