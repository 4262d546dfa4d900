import { readFile } from 'node:fs/promises';

import { OktaImportError } from '../errors.js';
import { StoppedError } from '../run/stop.js';
import { UnreadableFileError } from '../csv/source.js';
import type { Row } from '../csv/records.js';
import { createHeaderRecogniser } from '../people/header.js';
import { parseMappingFile, type MappingFile } from '../people/mapping-file.js';
import type { Problem } from '../people/problem.js';
import { compileMapping, type Mapping } from '../people/mapping.js';
import { readPreset } from '../people/presets.js';
import { toUserRequest } from '../people/user-request.js';
import { Causes } from '../report/terminal.js';
import type { IfExists } from '../run/journal.js';
import type { CheckedRow } from '../run/plan.js';
import { createChecker } from '../schema/check.js';

import type { OrgKnowledge } from './org.js';

/** The flags that decide what becomes of a row, the same for `import`, `validate` and `resume`. */
export interface RowFlags {
  /** Path of a mapping file, or `preset:` and the name of one that ships with the program. */
  readonly mapping: string | undefined;
  readonly activate: boolean;
  readonly changePassword: boolean;
  readonly group: readonly string[];
  readonly userType: string | undefined;
  /** What to do where the login is taken. */
  readonly ifExists: IfExists;
  /** Whether an empty cell empties the attribute of a user who is there. */
  readonly clearEmpty: boolean;
  /** Whether groups that are not there are created. */
  readonly createGroups: boolean;
  readonly only: string | undefined;
  readonly ignoreColumns: readonly string[];
  readonly encoding: string | undefined;
  readonly delimiter: string | undefined;
  /** Of a workbook: name or number. */
  readonly sheet: string | undefined;
}

const PRESET = 'preset:';

/** @throws {MappingFileError | UnreadableFileError | UnknownPresetError} */
export async function readMapping(path: string | undefined): Promise<MappingFile | undefined> {
  if (path === undefined) return undefined;
  if (path.startsWith(PRESET)) return readPreset(path.slice(PRESET.length));
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnreadableFileError(
      path,
      `cannot be read (${why})`,
      'Give a mapping file with --mapping.',
      error,
    );
  }
  return parseMappingFile(text, path);
}

/** Rows of one file become checked rows, the same way whether they are sent afterwards or not. */
export interface Checks {
  readonly mapping: Mapping;
  /** What was odd about rows that were checked, and did not keep them from being sent. */
  readonly warnings: Causes;
  /** Adds to them. */
  readonly warn: (warning: Problem, about: { readonly row: Row; readonly login: string | undefined }) => void;
  check(rows: AsyncIterable<Row>): AsyncGenerator<CheckedRow>;
}

/** An error about a file, saying which; those that name it already, and interrupts, stay as they are. */
export function aboutFile(error: unknown, name: string): unknown {
  if (error instanceof OktaImportError && !(error instanceof StoppedError) && !error.message.includes(name)) {
    error.message = `${name}: ${error.message}`;
  }
  return error;
}

/** Whether any row can name a user type: if none does, the org need not be asked for its types. */
export function namesUserTypes(
  header: readonly string[],
  flags: Pick<RowFlags, 'userType'>,
  mappingFile: MappingFile | undefined,
): boolean {
  const { pathOf } = createHeaderRecogniser({ attributes: new Map(), isOrgSchema: false });
  return (
    flags.userType !== undefined ||
    mappingFile?.feeds.some(({ path }) => path === 'type.id') === true ||
    header.some((column) => pathOf(column) === 'type.id')
  );
}

/** @throws {ColumnsError} header, mapping and org do not fit together. */
export function compileChecks(
  header: readonly string[],
  flags: RowFlags,
  mappingFile: MappingFile | undefined,
  knowledge: OrgKnowledge,
): Checks {
  const { isOrgSchema } = knowledge;
  const mapping = compileMapping(header, {
    mappingFile,
    attributes: knowledge.attributes,
    isOrgSchema,
    ignoreColumns: flags.ignoreColumns,
    everyone: { groups: flags.group, type: flags.userType },
    emptyIsNull: flags.clearEmpty,
  });
  const warnings = new Causes();
  const warn: Checks['warn'] = (warning, { row, login }) => {
    const base = { row: row.row, line: row.line, login, attempts: 0, durationMs: 0 };
    warnings.add({ ...base, status: 'invalid', problems: [warning] });
  };
  const problemsOf = createChecker({
    schemaFor: knowledge.schemaFor,
    activate: flags.activate,
    changePassword: flags.changePassword,
    columnOf: mapping.columnOf,
    isOrgSchema,
    onWarning: warn,
  });
  return {
    mapping,
    warnings,
    warn,
    async *check(rows) {
      for await (const row of rows) {
        const mapped = toUserRequest(row, mapping);
        yield { mapped, problems: problemsOf(mapped) };
      }
    },
  };
}
