import type { UserSchemaAttribute } from '../okta/types.js';
import type { ColumnMeaning, ColumnRecognizer } from '../rows/column-recognizer.js';
import type { MappingFile } from './mapping-file.js';
import { createHeaderMatcher } from './match-header.js';
import { createTemplateCompiler } from './template.js';

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
  const { pathOf } = createHeaderMatcher({
    attributes: new Map(Object.entries(attributes)),
    isOrgSchema: false,
  });
  const given = new Map<string, ColumnMeaning>(ignoreColumns.map((name) => [keyOf(name), 'other']));
  for (const [name, meaning] of mappingFile === undefined ? [] : columnsOf(mappingFile)) {
    given.set(keyOf(name), meaning);
  }
  return (name) => {
    const path = pathOf(name);
    return given.get(keyOf(name)) ?? (path === undefined ? undefined : meaningOf(path));
  };
}

/** The columns that a mapping file names. */
function* columnsOf({
  fields,
  ignore,
}: MappingFile): Generator<readonly [name: string, meaning: ColumnMeaning]> {
  for (const { column } of ignore) yield [column, 'other'];
  for (const { path, source } of fields) {
    if (source.kind === 'column') {
      for (const column of [source.column, ...(source.orElse ?? [])]) yield [column, meaningOf(path)];
    } else if (source.kind === 'template') {
      for (const column of createTemplateCompiler([])(source.template).columns) yield [column, 'other'];
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
