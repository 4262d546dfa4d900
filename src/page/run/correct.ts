import { join } from 'node:path';

import type { ListedRun } from '../../jobs/list-runs.js';
import type { RunSettings } from '../../journal/journal-line.js';

import type { PlanOptions } from '../api/plan.js';
import { openNamedFile } from '../file/file-routes.js';
import { PageRequestError, StepNotReadyError } from '../page-error.js';
import type { PageSession } from '../session.js';

import { isFile } from './listed-run.js';

/** Reads the mapping of the columns from a mapping file. */
export type LoadMapping = (fileName: string, yaml: string) => Promise<void>;

/**
 * Opens the failed rows of a run as the file of the page, with the mapping and the options of the run. Importing them completes
 * the run: their `_line` column says which rows they are.
 *
 * @throws {StepNotReadyError}
 */
export async function correctFailedRows(
  session: PageSession,
  { folder, description }: ListedRun,
  loadMapping: LoadMapping,
): Promise<void> {
  const workbook = join(folder, 'failed.xlsx');
  const file = await openNamedFile(session, (await isFile(workbook)) ? workbook : join(folder, 'failed.csv'));
  if (session.file !== file) {
    throw new PageRequestError('Another file was opened in another tab.', {
      status: 409,
      hint: 'This page shows the other file. To correct the failed rows, choose "Correct failed rows" again.',
    });
  }
  const { problem } = file.state;
  if (file.table === undefined) {
    throw new StepNotReadyError(problem?.message ?? 'The failed rows cannot be read.', {
      hint: problem?.hint ?? 'Open the report of the run to see what happened to its rows.',
    });
  }
  const { mapping, settings } = description ?? {};
  if (mapping !== undefined) await loadMapping('mapping.yaml', mapping.content);
  if (settings !== undefined) session.rememberPlanOptions(toPlanOptions(settings));
}

function toPlanOptions({
  ifExists = 'fail',
  activate,
  groups,
  createGroups = false,
  clearEmpty = false,
  changePassword,
}: RunSettings): PlanOptions {
  return {
    ifExists,
    activate,
    groups,
    createGroups,
    clearEmpty,
    changePassword,
    canary: undefined,
    maxFailures: undefined,
    allOrNothing: false,
  };
}
