import type { Profile } from '../okta/types.js';
import type { ColumnOf, Problem, ProblemCode } from '../rows/problem.js';
import { quoted } from '../text.js';

/** What is wrong with a line that was never meant to be a person. */
const TYPICAL: ReadonlySet<string> = new Set<ProblemCode>([
  'required-missing',
  'login-not-an-email',
  'login-characters',
  'not-an-email',
  'too-short',
]);
const NAMES = ['firstName', 'lastName', 'displayName'];

/**
 * Detects a total, a page number or a remark below the people: the columns of the names are empty, and there is no address. This one
 * problem explains all others of the row.
 */
export function detectNoPerson(
  profile: Profile,
  problems: readonly Problem[],
  columnOf: ColumnOf,
): Problem | undefined {
  const hasNameColumn = NAMES.some((name) => columnOf(`profile.${name}`) !== undefined);
  if (!hasNameColumn || NAMES.some((name) => isFilled(profile, name))) return undefined;
  if (hasAt(profile['login']) || hasAt(profile['email'])) return undefined;
  if (problems.length < 2 || problems.some(({ code }) => !TYPICAL.has(code))) return undefined;
  const text = Object.values(profile).find((value) => typeof value === 'string');
  const only = typeof text === 'string' ? `, only ${quoted(text)}` : '';
  return {
    code: 'not-a-person' satisfies ProblemCode,
    column: undefined,
    message: `The row has no name and no email address${only}. Fill it in, or delete it if it is not a person, such as a total.`,
    ...(problems.every(({ blocksOnlyCreate }) => blocksOnlyCreate) && { blocksOnlyCreate: true }),
  };
}

function isFilled(profile: Profile, name: string): boolean {
  return profile[name] !== undefined && profile[name] !== null;
}

function hasAt(value: Profile[string] | undefined): boolean {
  return typeof value === 'string' && value.includes('@');
}
