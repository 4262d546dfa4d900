import { chmod, copyFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { generatesPasswords } from '../../jobs/links.js';
import type { ImportOptions } from '../../jobs/options.js';
import { createRunFolder, defaultRunId } from '../../journal/run-folder.js';
import { isFailedCsv } from '../../mapping/generated-file.js';
import { createPrivateFile } from '../../private-file.js';
import { ReportError } from '../../report/report-error.js';

import { PageRequestError, StepNotReadyError } from '../page-error.js';
import type { PageSession } from '../session.js';
import type { CheckStep, ColumnsStep, OpenTable } from '../steps.js';

/** Below the reports folder: files and mappings that runs of the page read. A run can be resumed as long as they are there. */
export const FILES_FOLDER = 'files';
const OWNER_ONLY = 0o600;

/** What an import of the page reads. */
export interface PlanInput {
  /** Of the rows: the file that `ui` was given, or a copy that outlives the page. */
  readonly path: string;
  /** For messages. */
  readonly name: string;
  /** The path for the command line. */
  readonly typedPath: string;
  /** Whether it is a copy with edits. */
  readonly isEdited: boolean;
  /** Of the rows that were written: see `CheckStep`. */
  readonly version: number;
  readonly excludedRows: readonly number[];
  /** Folder of the run in which these rows failed; undefined if it is not known. */
  readonly retried: string | undefined;
  /** How to read it, and with which mapping. */
  readonly options: Pick<
    ImportOptions,
    'mapping' | 'encoding' | 'delimiter' | 'sheet' | 'headerRow' | 'hiddenRows'
  >;
  /** Removes what was written for it. */
  remove(): Promise<void>;
}

/**
 * Writes what an import reads: the rows as edited, and the mapping. A file that `ui` was given and that was not edited is read
 * where it is.
 *
 * @throws {StepNotReadyError | RunFolderError}
 */
export async function writePlanInput(session: PageSession): Promise<PlanInput> {
  await session.check?.settled();
  const { table, columns, check, typedPath } = readySteps(session);
  const { clock, reports } = session.context;
  const { excludedRows, hasEdits, version } = check;
  const { rows } = check.state;
  if (rows > 0 && excludedRows.length === rows) {
    throw new StepNotReadyError('All rows are unticked.', { hint: 'Tick the rows to import.' });
  }
  const files = join(reports, FILES_FOLDER);
  const { folder } = await createRunFolder(files, undefined, defaultRunId(clock.now(), table.name));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const mapping = join(folder, 'mapping.yaml');
    await writePrivate(mapping, columns.mappingFile?.text ?? columns.state.yaml);
    const isOfRun = isFailedCsv(table.header) && typedPath !== undefined;
    const retried = isOfRun ? dirname(table.path) : undefined;
    const shared = { name: table.name, isEdited: hasEdits, version, excludedRows, retried, remove };
    if (hasEdits) {
      const path = join(folder, editedName(table.name));
      await check.writeCsv(path);
      // The detection must not see anything else in a file that is known.
      const reading = { encoding: 'utf-8', delimiter: ',', headerRow: 1 };
      return { ...shared, path, typedPath: path, options: { mapping, ...reading } };
    }
    const options = { mapping, ...table.reading };
    if (typedPath !== undefined) return { ...shared, path: table.path, typedPath, options };
    const path = join(folder, safeName(table.name));
    await copyFile(table.path, path);
    await chmod(path, OWNER_ONLY);
    return { ...shared, path, typedPath: path, options };
  } catch (error) {
    await remove();
    // A writer of CSV reports what it writes, which is no report here.
    const cause = error instanceof ReportError ? error.cause : error;
    if (!(cause instanceof Error && 'syscall' in cause)) throw error;
    throw new PageRequestError(`The files of the plan cannot be written to ${files}: ${cause.message}.`, {
      hint: 'Free some disk space, then plan again. Your edits are kept as long as the program runs.',
    });
  }
}

/** @throws {StepNotReadyError} */
function readySteps({ file, columns, check }: PageSession): {
  readonly table: OpenTable;
  readonly columns: ColumnsStep;
  readonly check: CheckStep;
  readonly typedPath: string | undefined;
} {
  const table = file?.table;
  if (file === undefined || table === undefined) {
    throw new StepNotReadyError('There is no file yet.', { hint: 'Choose a file first.' });
  }
  if (columns?.mappingFile === undefined || check === undefined) {
    throw new StepNotReadyError('Some columns are not mapped yet.', {
      hint: 'Complete the step Columns first.',
    });
  }
  if (generatesPasswords(columns.mappingFile)) {
    throw new StepNotReadyError(
      'The mapping generates passwords, but the page has no file to write them to.',
      {
        hint: 'Remove "generate" from the mapping file and load it again in the step Columns: Okta then emails an activation link to everyone without a password. To keep the passwords, import on the command line with --links letters.html.',
      },
    );
  }
  if (check.state.status === 'running') {
    throw new StepNotReadyError('The rows are still being checked.', {
      hint: 'Wait until the check has ended, then plan again.',
    });
  }
  return { table, columns, check, typedPath: file.state.path };
}

async function writePrivate(path: string, text: string): Promise<void> {
  const file = await createPrivateFile(path);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/** `people.xlsx` → `people-edited.csv` */
function editedName(name: string): string {
  return `${safeName(name).replace(/(?:\.(?:csv|tsv|txt|xlsx|xlsm))?(?:\.gz)?$/i, '')}-edited.csv`;
}

/** A name that a browser sent, as the name of a file in a folder. */
function safeName(name: string): string {
  const safe = name
    .replaceAll(/[\p{C}/\\:*?"<>|]+/gu, '_')
    .replace(/^[.-]+/, '')
    .slice(-100);
  return safe === '' || safe === 'mapping.yaml' ? 'people.csv' : safe;
}
