import type { UserSchemaAttribute } from '../okta/types.js';
import type { ColumnMeaning, ColumnRecognizer } from '../rows/column-recognizer.js';
import type { MappingFile } from './mapping-file.js';
import { createHeaderMatcher, type HeaderMatcher } from './match-header.js';
import { recognizeColumns } from './recognize-columns.js';
import { createTemplateCompiler } from './template.js';
import { columnsOf } from './value-source.js';

export interface RecognizerOptions {
  readonly mappingFile?: MappingFile | undefined;
  readonly ignoreColumns?: readonly string[] | undefined;
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
}

/** Recognizes the columns of a file by their names before the file is mapped: the usual names, and those that the user gave. */
export function createColumnRecognizer({
  mappingFile,
  ignoreColumns = [],
  attributes,
}: RecognizerOptions): ColumnRecognizer {
  const matcher = createHeaderMatcher({
    attributes: new Map(Object.entries(attributes)),
    isOrgSchema: false,
  });
  const given = new Map<string, ColumnMeaning>(ignoreColumns.map((name) => [keyOf(name), 'other']));
  for (const [name, meaning] of mappingFile === undefined ? [] : columnsNamedBy(mappingFile)) {
    // The name of a person may be a part of the login as well.
    if (given.get(keyOf(name)) !== 'address') given.set(keyOf(name), meaning);
  }
  // A reader asks for the same names again and again, of which a file can have thousands.
  const usual = new Map<string, ColumnMeaning | undefined>();
  return (name) => {
    const known = given.get(keyOf(name));
    if (known !== undefined) return known;
    if (!usual.has(name)) usual.set(name, usualMeaning(name, matcher));
    return usual.get(name);
  };
}

/** Also of names whose meaning depends on the other columns, or is ambiguous: they are names of columns all the same. */
function usualMeaning(name: string, matcher: HeaderMatcher): ColumnMeaning | undefined {
  const meaning = matcher.meaningOf(name);
  if (meaning.kind === 'okta') return meaningOf(meaning.path);
  const [found] = recognizeColumns([name], matcher);
  if (found?.path !== undefined) return meaningOf(found.path);
  const sure = meaning.readings.filter(({ strength }) => strength === 'sure');
  if (sure.length === 0) return undefined;
  return found?.isFullName === true ? 'name' : 'other';
}

/** The columns that a mapping file names. */
function* columnsNamedBy({
  fields,
  ignore,
}: MappingFile): Generator<readonly [name: string, meaning: ColumnMeaning]> {
  for (const { column } of ignore) yield [column, 'other'];
  for (const { path, source } of fields) {
    for (const column of columnsOf(source)) yield [column, meaningOf(path)];
    if (source.kind === 'column') {
      for (const column of source.orElse ?? []) yield [column, meaningOf(path)];
    } else if (source.kind === 'template') {
      const meaning = meaningOf(path) === 'address' ? 'address' : 'other';
      for (const column of createTemplateCompiler([])(source.template).columns) yield [column, meaning];
    }
  }
}

function meaningOf(path: string): ColumnMeaning {
  if (path === 'groupIds') return 'groups';
  if (['profile.login', 'profile.email'].includes(path)) return 'address';
  return NAME_PATHS.has(path) ? 'name' : 'other';
}

const NAME_PATHS: ReadonlySet<string> = new Set(
  ['firstName', 'lastName', 'middleName', 'displayName', 'nickName'].map((name) => `profile.${name}`),
);

function keyOf(name: string): string {
  return name.trim().toLowerCase();
}
