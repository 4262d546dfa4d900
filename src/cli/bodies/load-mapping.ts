import { readFile } from 'node:fs/promises';

import { hasErrorCode, OktaImportError } from '../../errors.js';
import { CanceledError } from '../../rows/cancellation.js';
import { UnreadableFileError } from '../../csv/source.js';
import { parseMappingFile, type MappingFile } from '../../mapping/mapping-file.js';
import { readPreset } from '../../mapping/presets.js';
import { compileRowChecks, type Checks, type RowRules } from '../../jobs/compile-checks.js';
import type { OrgMetadata } from '../../org/org-metadata.js';
import { FailureGroups } from '../../report/failure-groups.js';
import type { IfExists } from '../../journal/journal-line.js';
import { messageOf } from '../../text.js';

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
    if (hasErrorCode(error, 'ENOENT')) {
      throw new UnreadableFileError(path, 'does not exist', 'Check the spelling and the folder.', error);
    }
    const why = messageOf(error);
    throw new UnreadableFileError(
      path,
      `cannot be read (${why})`,
      'Give a mapping file with --mapping.',
      error,
    );
  }
  return parseMappingFile(text, path);
}

/** Checks, with what was odd about rows and did not keep them from being sent. */
export interface GatheringChecks extends Checks {
  readonly warnings: FailureGroups;
}

/** An error about a file, saying which; those that name it already, and interrupts, stay as they are. */
export function aboutFile(error: unknown, name: string): unknown {
  if (
    error instanceof OktaImportError &&
    !(error instanceof CanceledError) &&
    !error.message.includes(name)
  ) {
    error.message = `${name}: ${error.message}`;
  }
  return error;
}

/** Compiles the checks of a file, and gathers what they find odd. @throws {ColumnsError} */
export function compileChecks(
  header: readonly string[],
  flags: RowFlags,
  mappingFile: MappingFile | undefined,
  knowledge: OrgMetadata,
): GatheringChecks {
  const warnings = new FailureGroups();
  const checks = compileRowChecks(header, rulesOf(flags), {
    mappingFile,
    knowledge,
    onWarning: (warning, { row, login }) => {
      const base = { row: row.row, line: row.line, login, attempts: 0, durationMs: 0 };
      warnings.add({ ...base, status: 'invalid', problems: [warning] });
    },
  });
  return { ...checks, warnings };
}

/** The flags as the pipeline has them. */
export function rulesOf({ group, ...flags }: RowFlags): RowRules {
  return { ...flags, groups: group };
}
