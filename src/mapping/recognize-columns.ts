import { loginsWithoutAddress } from './choose-column.js';
import type { HeaderField } from './header-names/language-names.js';
import { wordsOf } from './header-words.js';
import { nameOf, type CellMeaning, type HeaderMatcher } from './match-header.js';
import { namesManagerEmail, type HeaderReading } from './read-header-cell.js';
import { fieldByValues, sharesNames } from './sample-values.js';

/** What a column of a file is for, as far as its name, the other columns and some values tell. */
export interface RecognizedColumn {
  readonly column: string;
  /** The path in Okta's request body that it feeds; undefined if that is unknown or ambiguous. */
  readonly path: string | undefined;
  /**
   * - `certain`: Okta's name, or a usual name with one meaning.
   * - `likely`: the other columns or the values decided, or a part of the name was left out. Worth showing.
   * - `none`: not recognized; see `candidates`.
   */
  readonly confidence: 'certain' | 'likely' | 'none';
  /** Why, in a few words: `usual name (German)`. Empty for a name that is not known. */
  readonly reason: string;
  /** What else it may mean, the best first: attributes, `groups`, … Never assumed. */
  readonly candidates: readonly string[];
  /** The column holds whole names, and no other column has the first or the last names. */
  readonly isFullName: boolean;
  /** Another column for the same path has the better values. */
  readonly yields: boolean;
}

export interface RecognizeContext {
  /** Cells of some rows, in the order of the header. They can decide what an ambiguous column means. */
  readonly samples?: readonly (readonly string[])[] | undefined;
  /** Paths that a mapping file feeds already. */
  readonly taken?: ReadonlySet<string> | undefined;
  /** Columns with these indexes are not considered. */
  readonly excluded?: ReadonlySet<number | undefined> | undefined;
}

/** Recognizes the columns of one header, each by its name and by the others. Several columns may feed the same path. */
export function recognizeColumns(
  header: readonly string[],
  matcher: HeaderMatcher,
  { samples = [], taken = new Set(), excluded = new Set() }: RecognizeContext = {},
): readonly RecognizedColumn[] {
  const cells = header.map((column, index): Cell => {
    const meaning = excluded.has(index) ? NO_MEANING : matcher.meaningOf(column);
    const values = samples.map((row) => (row[index] ?? '').trim());
    return { column, meaning, values, found: undefined };
  });
  const languages = languagesOf(cells);
  const foundPaths = (): Set<string> =>
    new Set([...taken, ...cells.flatMap(({ found }) => found?.path ?? [])]);

  for (const cell of cells) cell.found = byItself(cell.meaning, languages, matcher);
  for (const cell of cells) cell.found ??= numbered(cell, cells, matcher);
  // Collecting them again for each of thousands of columns would take seconds.
  let paths = foundPaths();
  for (const cell of cells) {
    if (cell.found !== undefined) continue;
    cell.found = amongOthers(cell, paths, languages, matcher);
    if (cell.found?.path !== undefined) paths.add(cell.found.path);
  }
  settleManagers(cells, paths, matcher);
  paths = foundPaths();
  for (const cell of cells) {
    if (cell.found !== undefined) continue;
    cell.found = byRole(cell, cells, paths, matcher);
    if (cell.found?.path !== undefined) paths.add(cell.found.path);
  }
  const yielding = loginsWithoutAddress(cells.filter(({ found }) => found?.path === 'profile.login'));
  return cells.map((cell) => ({ ...toRecognized(cell, paths, matcher), yields: yielding.has(cell) }));
}

interface Cell {
  readonly column: string;
  readonly meaning: CellMeaning;
  /** Its cells in some rows. */
  readonly values: readonly string[];
  found: Found | undefined;
}

interface Found {
  /** Undefined for whole names that have no path of their own. */
  readonly path: string | undefined;
  readonly isCertain: boolean;
  readonly reason: string;
  readonly isFullName?: boolean;
}

const NO_MEANING: CellMeaning = { kind: 'usual', readings: [], title: undefined };

/** Fields whose path depends on the other columns. */
const ROLES: ReadonlySet<HeaderField> = new Set<HeaderField>(['name', 'fullName', 'address']);

/** Columns whose name has one meaning. */
function byItself(
  meaning: CellMeaning,
  languages: ReadonlyMap<string, number>,
  { pathOfField }: HeaderMatcher,
): Found | undefined {
  if (meaning.kind === 'okta') return { path: meaning.path, isCertain: true, reason: meaning.reason };
  const usable = usableReadings(meaning, languages);
  const [reading] = usable;
  if (reading === undefined || fieldsOf(usable).size > 1 || ROLES.has(reading.field)) return undefined;
  const path = pathOfField(reading.field);
  if (path === undefined || meaning.title !== undefined) return undefined;
  const isCertain = usable.some(({ strength, isExact }) => strength === 'sure' && isExact);
  return { path, isCertain, reason: reading.reason };
}

/** Those that are not only hints. */
function usableReadings(
  meaning: CellMeaning,
  languages: ReadonlyMap<string, number>,
): readonly HeaderReading[] {
  if (meaning.kind === 'okta') return [];
  const sure = meaning.readings.filter(({ strength }) => strength === 'sure');
  if (sure.length > 0) return sure;
  return meaning.readings.filter(
    ({ strength, language }) => strength === 'in-language' && languages.has(language),
  );
}

/** How many columns have a name of each language, and of no field in another meaning. English is everywhere. */
function languagesOf(cells: readonly Cell[]): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  for (const { meaning } of cells) {
    if (meaning.kind === 'okta') continue;
    const sure = meaning.readings.filter(({ strength }) => strength === 'sure');
    if (fieldsOf(sure).size !== 1) continue;
    const languages = new Set(sure.map(({ language }) => language));
    if (languages.has('English')) continue;
    for (const language of languages) columns.set(language, (columns.get(language) ?? 0) + 1);
  }
  return columns;
}

/** `Group 1`, `Group 2`: columns of one list, such as the groups or an attribute with several values. */
function numbered(cell: Cell, cells: readonly Cell[], matcher: HeaderMatcher): Found | undefined {
  const base = listBaseOf(cell.column, matcher);
  if (base === undefined) return undefined;
  const others = cells.filter(
    (other) => other !== cell && (other.found?.path === base || listBaseOf(other.column, matcher) === base),
  );
  return { path: base, isCertain: others.length > 0, reason: 'numbered column' };
}

/** The list that a numbered column is part of; undefined for other columns. */
function listBaseOf(column: string, matcher: HeaderMatcher): string | undefined {
  const words = wordsOf(column);
  const named = words.filter((word) => !/^\d+$/.test(word));
  if (named.length === words.length || named.length === 0) return undefined;
  const name = named.join(' ');
  const path = matcher.pathOf(name) ?? matcher.pathOf(`${name}s`);
  return path !== undefined && isList(path, matcher) ? path : undefined;
}

function isList(path: string, { known }: HeaderMatcher): boolean {
  return path === 'groupIds' || known.attributes.get(nameOf(path))?.type === 'array';
}

/** Whether columns are parts of one list: they have numbers, except perhaps one. */
export function isOneList(path: string, columns: readonly string[], matcher: HeaderMatcher): boolean {
  const unnumbered = columns.filter((column) => listBaseOf(column, matcher) !== path);
  return isList(path, matcher) && unnumbered.length <= 1;
}

const NAMES = ['firstName', 'lastName'] as const satisfies readonly HeaderField[];

/** A name with several meanings: by the language of the table, by what is still missing, or by its values. */
function amongOthers(
  { meaning, values }: Cell,
  paths: ReadonlySet<string>,
  languages: ReadonlyMap<string, number>,
  { pathOfField }: HeaderMatcher,
): Found | undefined {
  const all = usableReadings(meaning, languages).filter(({ field }) => !ROLES.has(field));
  if (meaning.kind === 'okta' || meaning.title !== undefined || fieldsOf(all).size < 2) return undefined;
  const most = Math.max(0, ...languages.values());
  const inLanguage = all.filter(({ language }) => most > 0 && languages.get(language) === most);
  const readings = fieldsOf(inLanguage).size > 0 ? inLanguage : all;
  const fields = [...fieldsOf(readings)];
  const found = (field: HeaderField, reason: string): Found | undefined => {
    const path = pathOfField(field);
    return path === undefined ? undefined : { path, isCertain: false, reason };
  };
  const [only, ...more] = fields;
  if (only !== undefined && more.length === 0) {
    return found(only, `usual name (${readings[0]?.language ?? ''}), like the other columns`);
  }
  const byValues = fieldByValues(fields, values);
  if (byValues !== undefined) return found(byValues, 'by its values');
  const free = fields.filter((field) => !paths.has(pathOfField(field) ?? ''));
  const missing = NAMES.find((field) => free.includes(field));
  if (missing !== undefined) return found(missing, 'no other column has it');
  const [last, ...rest] = free;
  return last === undefined || rest.length > 0 ? undefined : found(last, 'by the other columns');
}

/** With a column for the manager, one for the manager's email address says who that is. */
function settleManagers(
  cells: readonly Cell[],
  paths: ReadonlySet<string>,
  { pathOfField }: HeaderMatcher,
): void {
  const managers = cells.filter(({ found }) => found?.path === 'profile.manager');
  const emails = managers.filter(({ column }) => namesManagerEmail(column));
  const path = pathOfField('managerId');
  if (emails.length === managers.length) return;
  for (const cell of emails) {
    const isFree = path !== undefined && !paths.has(path);
    cell.found = isFree ? { path, isCertain: false, reason: 'by the other columns' } : undefined;
  }
}

/** Names and addresses, which depend on the other columns. */
function byRole(
  cell: Cell,
  cells: readonly Cell[],
  paths: ReadonlySet<string>,
  { pathOfField }: HeaderMatcher,
): Found | undefined {
  const { meaning } = cell;
  if (meaning.kind === 'okta' || meaning.title !== undefined) return undefined;
  const sure = meaning.readings.filter(({ strength }) => strength === 'sure');
  const [reading, ...others] = sure;
  if (reading === undefined || others.some(({ field }) => field !== reading.field)) return undefined;
  const free = (field: HeaderField): string | undefined => {
    const path = pathOfField(field);
    return path === undefined || paths.has(path) ? undefined : path;
  };
  const [first, last] = [free('firstName'), free('lastName')];
  const displayName = free('displayName');
  switch (reading.field) {
    case 'address': {
      const hasCity = paths.has('profile.city') || paths.has('profile.zipCode');
      const path = hasCity ? free('streetAddress') : free('postalAddress');
      return path === undefined
        ? undefined
        : {
            path,
            isCertain: false,
            reason: hasCity ? 'an address beside a city' : 'an address without a city',
          };
    }
    case 'fullName':
      if (first === undefined && last === undefined) {
        return displayName === undefined
          ? undefined
          : { path: displayName, isCertain: reading.isExact, reason: reading.reason };
      }
      return { path: displayName, isCertain: reading.isExact, reason: reading.reason, isFullName: true };
    case 'name': {
      const isWhole = sharesNames(
        cell.values,
        namesIn(cells, first === undefined ? 'firstName' : 'lastName'),
      );
      if (first !== undefined && last !== undefined) {
        return { path: undefined, isCertain: false, reason: 'no other column has names', isFullName: true };
      }
      const path = isWhole ? displayName : (first ?? last ?? displayName);
      if (path === undefined) return undefined;
      const isFullName = isWhole && (first ?? last) !== undefined;
      return { path, isCertain: false, reason: 'by the other columns', isFullName };
    }
    default:
      return undefined;
  }
}

/** The values of the column that feeds an attribute. */
function namesIn(cells: readonly Cell[], attribute: string): readonly string[] {
  return cells.find(({ found }) => found?.path === `profile.${attribute}`)?.values ?? [];
}

function fieldsOf(readings: readonly HeaderReading[]): ReadonlySet<HeaderField> {
  return new Set(readings.map(({ field }) => field));
}

function toRecognized(
  { column, meaning, found }: Cell,
  paths: ReadonlySet<string>,
  { pathOfField, known }: HeaderMatcher,
): Omit<RecognizedColumn, 'yields'> {
  if (found !== undefined) {
    const { path, isCertain, reason, isFullName = isMissingNames(path, paths, known) } = found;
    const confidence = isCertain ? 'certain' : 'likely';
    return { column, path, confidence, reason, candidates: [], isFullName };
  }
  const readings = meaning.kind === 'okta' ? [] : meaning.readings;
  const title = meaning.kind === 'okta' ? undefined : meaning.title;
  const meant = [title, ...readings.map(({ field }) => pathOfField(candidateOf(field, paths)))];
  const candidates = [...new Set(meant.filter((path) => path !== undefined).map(nameOf))];
  const reason = candidates.length > 1 ? 'ambiguous' : (readings[0]?.reason ?? '');
  return { column, path: undefined, confidence: 'none', reason, candidates, isFullName: false };
}

function candidateOf(field: HeaderField, paths: ReadonlySet<string>): HeaderField {
  if (field === 'name' || field === 'fullName') return 'displayName';
  if (field === 'address') return 'postalAddress';
  return field === 'manager' && paths.has('profile.manager') ? 'managerId' : field;
}

/** A display name is a whole name as well. */
function isMissingNames(
  path: string | undefined,
  paths: ReadonlySet<string>,
  { attributes }: HeaderMatcher['known'],
): boolean {
  if (path !== 'profile.displayName') return false;
  return ['firstName', 'lastName'].some((name) => attributes.has(name) && !paths.has(`profile.${name}`));
}
