import type { UserSchemaAttribute } from '../okta/types.js';
import type { OktaFieldPath } from './okta-field-paths.js';
import { attributeAliases, fieldAliases } from './header-aliases.js';
import { closeMatches } from '../text.js';

/** What decides which attributes there are. */
export interface KnownAttributes {
  readonly attributes: ReadonlyMap<string, UserSchemaAttribute>;
  /** False offline: the org may have attributes that we do not know. */
  readonly isOrgSchema: boolean;
}

/** Reads header cells for one set of attributes. */
export interface HeaderMatcher {
  /** The path that a column of this name feeds, or undefined when nothing has that name (or two things have). */
  readonly pathOf: (column: string) => string | undefined;
  /** What the column's name most resembles, as a header row would spell it: an attribute, `password`, `groups`, ... */
  readonly closestName: (column: string) => string | undefined;
  /** All such names that it resembles, the most alike first: for a person to choose from. */
  readonly closestNames: (column: string) => readonly string[];
}

/**
 * Builds the matcher. A name is looked for among: paths of Okta's body and our own words, the attributes' names,
 * the usual spellings, the titles in the org's schema; the first list that knows it decides.
 *
 * @see design.md, "The mapping file", last paragraph
 */
export function createHeaderMatcher(known: KnownAttributes): HeaderMatcher {
  const attributes = [...known.attributes];
  const pathByKey = pathsByKey([
    fieldAliases,
    attributes.map(([name]) => [`profile.${name}`, [name]]),
    attributes.map(([name]) => [`profile.${name}`, aliasesOf(name)]),
    attributes.map(([name, { title = name }]) => [`profile.${name}`, [title]]),
  ]);

  const closestPaths = (column: string): readonly string[] => {
    const bare = column.replace(/^\s*profile\./i, '');
    const near = closeMatches(keyOf(bare), pathByKey.keys()).flatMap((key) => pathByKey.get(key) ?? []);
    return [...new Set(near)];
  };
  /** By what is left without additions: `First Name [Required]`, `Employee Title`. */
  const partlyNamed = (column: string): readonly string[] => {
    const words = column
      .replace(/[[(].*?[\])]/g, ' ')
      .trim()
      .split(/[\s_.-]+/);
    const paths = words.map((_, index) => pathByKey.get(keyOf(words.slice(index).join(''))));
    return paths.filter((path) => path !== undefined);
  };
  return {
    pathOf(column) {
      const name = column.trim();
      if (/^profile\./i.test(name)) return explicitAttribute(name.slice('profile.'.length), known);
      // A name that is right to the letter is never ambiguous, even if another attribute differs only in its `_`.
      if (known.attributes.has(name) && !shortKeys.has(keyOf(name))) return `profile.${name}`;
      return pathByKey.get(keyOf(name));
    },
    closestName: (column) => closestPaths(column).map(nameOf)[0],
    closestNames: (column) =>
      [...new Set([...partlyNamed(column), ...closestPaths(column)])].slice(0, MOST_NEAREST).map(nameOf),
  };
}

const MOST_NEAREST = 3;

/** How a header row or a message calls the value at a path: the attribute without `profile.`, or our own word. */
export function nameOf(path: string): string {
  if (path.startsWith('profile.')) return path.slice('profile.'.length);
  return shortNames.get(path) ?? path;
}

/**
 * The path of the attribute that `profile.<name>` says. Offline a name that we do not know is taken at its word, unless
 * it differs from a known one in nothing but case: Okta has no two such attributes (users.md, section 4).
 */
export function explicitAttribute(name: string, known: KnownAttributes): string | undefined {
  if (known.attributes.has(name)) return `profile.${name}`;
  const lowerCase = name.toLowerCase();
  for (const attribute of known.attributes.keys()) {
    if (attribute.toLowerCase() === lowerCase) return `profile.${attribute}`;
  }
  return known.isOrgSchema || !isAttributeName(name) ? undefined : `profile.${name}`;
}

/** Names that Okta can have (groups-types-schemas.md, section 3.5), and that are safe as keys of an object. */
export function isAttributeName(name: string): boolean {
  return /^[a-z]\w*$/i.test(name);
}

type Spellings = readonly (readonly [path: string, spellings: readonly string[]])[];

/** An earlier list decides over a later one; what one list says of two paths is nobody's (undefined). */
function pathsByKey(lists: readonly Spellings[]): ReadonlyMap<string, string | undefined> {
  const pathByKey = new Map<string, string | undefined>();
  for (const list of lists) {
    const added = new Map<string, string | undefined>();
    for (const [path, spellings] of list) {
      for (const key of spellings.map(keyOf)) {
        added.set(key, added.has(key) && added.get(key) !== path ? undefined : path);
      }
    }
    for (const [key, path] of added) if (!pathByKey.has(key)) pathByKey.set(key, path);
  }
  return pathByKey;
}

function aliasesOf(attribute: string): readonly string[] {
  return (Object.hasOwn(attributeAliases, attribute) && attributeAliases[attribute]) || [];
}

/** A name without what people vary: case, spaces, `_`, `-`, `.`. */
function keyOf(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, '');
}

const shortNames: ReadonlyMap<string, string> = new Map<OktaFieldPath, string>([
  ['credentials.password.value', 'password'],
  ['credentials.recovery_question.question', 'recoveryQuestion'],
  ['credentials.recovery_question.answer', 'recoveryAnswer'],
  ['groupIds', 'groups'],
  ['type.id', 'type'],
]);
const shortKeys: ReadonlySet<string> = new Set([...shortNames.values()].map(keyOf));
