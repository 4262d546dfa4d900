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
  if (!hasNameColumn) return undefined;
  if (hasAt(profile['login']) || hasAt(profile['email'])) return undefined;
  if (problems.length < 2 || problems.some(({ code }) => !TYPICAL.has(code))) return undefined;
  const texts = Object.values(profile).filter((value) => typeof value === 'string' && value !== '');
  const hasName = NAMES.some((name) => hasLetter(profile[name]));
  // A heading may be in the column of a name.
  if (hasName && texts.length > 1) return undefined;
  const [text] = texts;
  const only = typeof text === 'string' ? `, only ${quoted(text)}` : '';
  const what = hasName ? `only one value, ${quoted(String(text))}` : `no name and no email address${only}`;
  return {
    code: 'not-a-person' satisfies ProblemCode,
    column: undefined,
    message: `The row has ${what}. Fill it in, or delete it if it is not a person, such as ${hasName ? 'a heading' : 'a total'}.`,
    ...(problems.every(({ blocksOnlyCreate }) => blocksOnlyCreate) && { blocksOnlyCreate: true }),
  };
}

function hasLetter(value: Profile[string] | undefined): boolean {
  return typeof value === 'string' && /\p{L}/u.test(value);
}

function hasAt(value: Profile[string] | undefined): boolean {
  return typeof value === 'string' && value.includes('@');
}
