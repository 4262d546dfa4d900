import type { UserSchemaAttribute } from '../okta/types.js';
import { isNearlySame } from '../text.js';

import { headerDictionary } from './header-dictionary.js';
import type { HeaderField } from './header-names/language-names.js';
import { headerKey, readHeaderText, wordsOf } from './header-words.js';
import { oktaFieldPaths, type OktaFieldPath } from './okta-field-paths.js';
import { isQualifying, readHeaderCell, type HeaderReading } from './read-header-cell.js';

export interface KnownAttributes {
  readonly attributes: ReadonlyMap<string, UserSchemaAttribute>;
  /** False offline: the org may have other attributes. */
  readonly isOrgSchema: boolean;
}

/** What one header cell means by itself. */
export type CellMeaning =
  /** Okta's own name for it, or its title in the org. */
  | { readonly kind: 'okta'; readonly path: string; readonly reason: string }
  /** Usual names: none, one, or several for an ambiguous one. */
  | {
      readonly kind: 'usual';
      readonly readings: readonly HeaderReading[];
      readonly title: string | undefined;
    };

/** Recognizes columns by their names. `recognizeColumns` also considers the other columns. */
export interface HeaderMatcher {
  readonly known: KnownAttributes;
  readonly meaningOf: (column: string) => CellMeaning;
  /** The path that a column with this name feeds; undefined if the name is unknown, or depends on the other columns. */
  readonly pathOf: (column: string) => string | undefined;
  /** The path of a field; undefined if the org has no such attribute. */
  readonly pathOfField: (field: HeaderField) => string | undefined;
  /** Names that differ by a typo, the closest first: an attribute, `password`, `groups`, … None is better than a wrong one. */
  readonly closestNames: (column: string) => readonly string[];
}

/**
 * Names are looked up in this order: Okta's field paths and our short names for them, names of attributes, usual names and
 * titles in the org's schema. A usual name of one attribute that is the title of another is ambiguous.
 *
 * @see docs/mapping.md, "How columns are recognized"
 */
export function createHeaderMatcher(known: KnownAttributes): HeaderMatcher {
  const attributes = [...known.attributes];
  const pathByTitle = pathsByKey([
    attributes.map(([name, { title = name }]) => [`profile.${name}`, [title]] as const),
  ]);
  const pathByKey = pathsByKey([
    fieldNames,
    attributes.map(([name]) => [`profile.${name}`, [name]]),
    // The org may call a custom attribute so.
    [['realmId', REALM_NAMES.filter((name) => !pathByTitle.has(headerKey(wordsOf(name))))]],
  ]);
  const pathOfField = createFieldResolver(known);

  const oktaPathOf = (name: string, key: string): string | undefined => {
    if (/^profile\./i.test(name)) return explicitAttribute(name.slice('profile.'.length), known);
    // An exact name is never ambiguous, even if another attribute differs only in a `_`.
    if (known.attributes.has(name) && !shortKeys.has(key)) return `profile.${name}`;
    return pathByKey.get(key);
  };
  const pathOfWords = (words: readonly string[]): string | undefined =>
    pathByKey.get(headerKey(words)) ?? pathByTitle.get(headerKey(words));
  /** `Badge number*` and `Badge number (four digits)` for the attribute `badgeNumber`. */
  const decoratedPathOf = (column: string): string | undefined => {
    const { words, outside, remarks } = readHeaderText(column);
    return pathOfWords(words) ?? (remarks.some(isQualifying) ? undefined : pathOfWords(outside));
  };
  const meaningOf = (column: string): CellMeaning => {
    const name = column.trim();
    const key = headerKey(wordsOf(name));
    const path = oktaPathOf(name, key);
    if (path !== undefined) return { kind: 'okta', path, reason: 'Okta name' };
    const title = pathByTitle.get(key);
    const readings = readHeaderCell(column);
    const isSame = readings.every(({ field }) => pathOfField(field) === title);
    if (title !== undefined && isSame) return { kind: 'okta', path: title, reason: 'title in Okta' };
    const decorated = readings.length === 0 ? decoratedPathOf(column) : undefined;
    if (decorated !== undefined) return { kind: 'okta', path: decorated, reason: 'Okta name' };
    return { kind: 'usual', readings, title };
  };
  return {
    known,
    meaningOf,
    pathOfField,
    pathOf(column) {
      const meaning = meaningOf(column);
      if (meaning.kind === 'okta') return meaning.path;
      const sure = meaning.readings.filter(({ strength }) => strength === 'sure');
      const fields = new Set(sure.map(({ field }) => field));
      const [field] = fields;
      return field === undefined || fields.size > 1 || meaning.title !== undefined
        ? undefined
        : pathOfField(field);
    },
    closestNames(column) {
      const wanted = headerKey(wordsOf(column.replace(/^\s*profile\./i, '')));
      const pathOfKey = (key: string): string | undefined =>
        pathByKey.get(key) ?? pathByTitle.get(key) ?? pathOfName(key, pathOfField);
      const keys = new Set([...pathByKey.keys(), ...pathByTitle.keys(), ...headerDictionary().keys]);
      return closestPaths(wanted, keys, pathOfKey).map(nameOf);
    },
  };
}

/** The path of a name that means one thing only, in all languages, and that needs no other column of its language. */
function pathOfName(key: string, pathOfField: HeaderMatcher['pathOfField']): string | undefined {
  const meanings = headerDictionary()
    .meaningsOf([key])
    .filter(({ strength }) => strength !== 'in-language');
  const paths = new Set(meanings.map(({ field }) => pathOfField(field)));
  const [path] = paths;
  return paths.size === 1 ? path : undefined;
}

/** How many letters of a name may be wrong: a name of four letters with one edit is another word (`Land`, `lang`). */
function maxEdits({ length }: string): number {
  if (length < 5) return 0;
  return length < 10 ? 1 : 2;
}

function closestPaths(
  wanted: string,
  keys: Iterable<string>,
  pathOfKey: (key: string) => string | undefined,
): readonly string[] {
  const budget = maxEdits(wanted);
  for (let edits = 1; edits <= budget; edits += 1) {
    const paths = new Set<string>();
    for (const key of keys) {
      if (!isNearlySame(wanted, key, edits)) continue;
      const path = pathOfKey(key);
      if (path !== undefined) paths.add(path);
    }
    // Of several, each may be the wrong one.
    if (paths.size > 0) return paths.size === 1 ? [...paths] : [];
  }
  return [];
}

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

const REALM_NAMES = ['realm', 'realmName'];

type Names = readonly (readonly [path: string, names: readonly string[]])[];

/** Earlier lists take precedence. A name that one list has for two paths is ambiguous: undefined. */
function pathsByKey(lists: readonly Names[]): ReadonlyMap<string, string | undefined> {
  const pathByKey = new Map<string, string | undefined>();
  for (const list of lists) {
    const added = new Map<string, string | undefined>();
    for (const [path, names] of list) {
      for (const key of names.map((name) => headerKey(wordsOf(name)))) {
        if (key === '') continue;
        added.set(key, added.has(key) && added.get(key) !== path ? undefined : path);
      }
    }
    for (const [key, path] of added) if (!pathByKey.has(key)) pathByKey.set(key, path);
  }
  return pathByKey;
}

/** Names of columns that are not attributes. They take precedence over a custom attribute with that name. */
const fieldNames: readonly (readonly [path: OktaFieldPath, names: readonly string[]])[] = [
  ['credentials.password.value', ['password']],
  ['credentials.recovery_question.question', ['recoveryQuestion']],
  ['credentials.recovery_question.answer', ['recoveryAnswer']],
  ['groupIds', ['groups', 'group']],
  ['type.id', ['type']],
  ['credentials.password.hook.type', ['credentials.password.hook']],
  // A column of that name may also feed an attribute of the org.
  ...oktaFieldPaths
    .filter((path) => path !== 'start' && path !== 'end')
    .map((path) => [path, [path]] as const),
];

/** Fields that are not part of the profile. */
const FIELD_PATHS: Readonly<Partial<Record<HeaderField, OktaFieldPath>>> = {
  password: 'credentials.password.value',
  recoveryQuestion: 'credentials.recovery_question.question',
  recoveryAnswer: 'credentials.recovery_question.answer',
  groups: 'groupIds',
  startDate: 'start',
  endDate: 'end',
};

/** Fields that an org has under one of several names, if at all. */
const CUSTOM_NAMES: Readonly<Partial<Record<HeaderField, readonly string[]>>> = {
  startDate: [
    'startDate',
    'hireDate',
    'dateOfHire',
    'joinDate',
    'joiningDate',
    'employmentStartDate',
    'entryDate',
  ],
  endDate: ['endDate', 'terminationDate', 'lastDay', 'exitDate', 'leavingDate', 'contractEndDate'],
  location: ['location', 'office', 'officeLocation', 'workLocation', 'site'],
};

function createFieldResolver({ attributes }: KnownAttributes): HeaderMatcher['pathOfField'] {
  const custom = (names: readonly string[]): string | undefined => {
    const keys = new Set(names.map((name) => headerKey(wordsOf(name))));
    const own = [...attributes.keys()].filter((name) => keys.has(headerKey(wordsOf(name))));
    return own.length === 1 ? `profile.${own[0]}` : undefined;
  };
  return (field) => {
    const names = CUSTOM_NAMES[field];
    const own = names === undefined ? undefined : custom(names);
    if (own !== undefined) return own;
    return FIELD_PATHS[field] ?? (attributes.has(field) ? `profile.${field}` : undefined);
  };
}

const shortNames: ReadonlyMap<string, string> = new Map<OktaFieldPath, string>([
  ['credentials.password.value', 'password'],
  ['credentials.recovery_question.question', 'recoveryQuestion'],
  ['credentials.recovery_question.answer', 'recoveryAnswer'],
  ['groupIds', 'groups'],
  ['type.id', 'type'],
]);
const shortKeys: ReadonlySet<string> = new Set(
  [...shortNames.values()].map((name) => headerKey(wordsOf(name))),
);
