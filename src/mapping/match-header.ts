import type { UserSchemaAttribute } from '../okta/types.js';
import type { OktaFieldPath } from './okta-field-paths.js';
import { attributeAliases, fieldAliases } from './header-aliases.js';
import { closeMatches } from '../text.js';

export interface KnownAttributes {
  readonly attributes: ReadonlyMap<string, UserSchemaAttribute>;
  /** False offline: the org may have other attributes. */
  readonly isOrgSchema: boolean;
}

/** Recognizes columns by their names. */
export interface HeaderMatcher {
  /** The path that a column with this name feeds; undefined if the name is unknown or ambiguous. */
  readonly pathOf: (column: string) => string | undefined;
  /** The closest known name: an attribute, `password`, `groups`, ... */
  readonly closestName: (column: string) => string | undefined;
  /** All similar names, the closest first. */
  readonly closestNames: (column: string) => readonly string[];
}

/**
 * Names are looked up in this order: Okta's field paths and our short names for them, names of attributes, usual aliases, titles in
 * the org's schema.
 *
 * @see docs/mapping.md, "How columns are recognized"
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
  /** By the name without additions: `First Name [Required]`, `Employee Title`. */
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
      // An exact name is never ambiguous, even if another attribute differs only in a `_`.
      if (known.attributes.has(name) && !shortKeys.has(keyOf(name))) return `profile.${name}`;
      return pathByKey.get(keyOf(name));
    },
    closestName: (column) => closestPaths(column).map(nameOf)[0],
    closestNames: (column) =>
      [...new Set([...partlyNamed(column), ...closestPaths(column)])].slice(0, MAX_CLOSEST).map(nameOf),
  };
}

const MAX_CLOSEST = 3;

/** The name of a path in headers and messages: the attribute without `profile.`, or our short name. */
export function nameOf(path: string): string {
  if (path.startsWith('profile.')) return path.slice('profile.'.length);
  return shortNames.get(path) ?? path;
}

/**
 * The path for an explicit `profile.<name>`. Offline, an unknown name is accepted, unless it differs from a known one only in case:
 * Okta has no two attributes whose names differ only in case.
 */
export function explicitAttribute(name: string, known: KnownAttributes): string | undefined {
  if (known.attributes.has(name)) return `profile.${name}`;
  const lowerCase = name.toLowerCase();
  for (const attribute of known.attributes.keys()) {
    if (attribute.toLowerCase() === lowerCase) return `profile.${attribute}`;
  }
  return known.isOrgSchema || !isAttributeName(name) ? undefined : `profile.${name}`;
}

/** Whether Okta allows the name for an attribute (Okta API reference, Schemas). */
export function isAttributeName(name: string): boolean {
  return /^[a-z]\w*$/i.test(name);
}

type Aliases = readonly (readonly [path: string, names: readonly string[]])[];

/** Earlier lists take precedence. A name that one list has for two paths is ambiguous: undefined. */
function pathsByKey(lists: readonly Aliases[]): ReadonlyMap<string, string | undefined> {
  const pathByKey = new Map<string, string | undefined>();
  for (const list of lists) {
    const added = new Map<string, string | undefined>();
    for (const [path, names] of list) {
      for (const key of names.map(keyOf)) {
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

/** A name without case, spaces, `_`, `-` and `.`. */
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
