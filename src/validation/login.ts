import type { UserSchemaAttribute } from '../okta/types.js';
import type { ValueProblem } from '../rows/problem.js';
import type { Check } from './check.js';
import { quoted } from '../text.js';
import { emailProblem } from './email.js';

/** Okta's spelling of "no restriction"; not even on the length at the lower end. */
const ANYTHING = '.+';

/**
 * The login's form, which the org's schema sets: an email address by default, anything, or certain characters only.
 *
 * @see users.md, section 4.1
 */
export function loginChecks({ pattern }: Pick<UserSchemaAttribute, 'pattern'>): readonly Check<string>[] {
  if (pattern === undefined || pattern === null || pattern === '') return [checkEmailForm];
  const allowed = pattern === ANYTHING ? undefined : compileCharacters(pattern);
  return allowed === undefined ? [] : [(login) => checkCharacters(login, pattern, allowed)];
}

/** Okta does not enforce the lower bound where the org lets logins be anything. */
export function minLoginLength({
  pattern,
  minLength,
}: Pick<UserSchemaAttribute, 'pattern' | 'minLength'>): number {
  return pattern === ANYTHING ? 0 : (minLength ?? 0);
}

/** How Okta compares logins: without case and diacritics (users.md, section 4.1). */
export function foldLogin(login: string): string {
  // Nearly all logins are ASCII, and need no decomposing.
  return /^[ -~]*$/.test(login)
    ? login.toLowerCase()
    : login.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function checkEmailForm(login: string): ValueProblem | undefined {
  const fault = emailProblem(login);
  if (fault === undefined) return undefined;
  return {
    code: 'login-not-an-email',
    message: `login ${quoted(login)} must have the form of an email address: ${fault}.`,
  };
}

function checkCharacters(login: string, pattern: string, allowed: RegExp): ValueProblem | undefined {
  for (const character of login) {
    if (allowed.test(character)) continue;
    return {
      code: 'login-characters',
      message: `login ${quoted(login)} has ${quoted(character)} in it; the org allows only ${pattern}.`,
    };
  }
  return undefined;
}

/** `[a-z0-9\.]+`, the only other form that Okta takes; undefined for anything else, which is left to Okta. */
function compileCharacters(pattern: string): RegExp | undefined {
  const characters = /^\[((?:\\.|[^\\\]])+)\]\+$/.exec(pattern)?.[1];
  if (characters === undefined) return undefined;
  try {
    return new RegExp(`^[${characters.replace(/^\^/, String.raw`\^`)}]$`);
  } catch {
    // A range that runs backwards, such as z-a: Okta's to judge.
    return undefined;
  }
}
