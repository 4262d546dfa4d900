import { resolve } from 'node:path';

import type { RunPurpose } from '../jobs/run-folders.js';

import type { Positional } from './command.js';
import type { CommandContext } from './command-context.js';
import { userFlag } from './flags.js';

export const fileArgument: Positional<'file'> = {
  name: 'file',
  label: 'the CSV file',
  describe: 'CSV file (also .gz) or Excel workbook (.xlsx) with a header; - reads stdin',
};

export const runArgument: Positional<'run'> = {
  name: 'run',
  label: 'the run (its ID or folder)',
  describe: 'Run ID, its beginning, "last", or the run folder',
};

/** A run, or the people of a data set. */
export const runOrDatasetArgument: Positional<'run'> = {
  ...runArgument,
  alternative: { flag: 'dataset', value: 'name' },
};

export const datasetFlag = userFlag.text('name', 'The people of this data set of sync, instead of a run');

/**
 * The run or the data set that was named.
 *
 * @throws {RunFolderError} there is no such run.
 */
export async function cohortOf(
  argv: { readonly run: string; readonly dataset: string | undefined; readonly reports: string },
  purpose: RunPurpose,
  context: Pick<CommandContext, 'terminal'>,
): Promise<{ readonly run: string | undefined; readonly dataset: string | undefined }> {
  const { dataset } = argv;
  return { dataset, run: dataset === undefined ? await existingRun(argv, purpose, context) : undefined };
}

/** The arguments that name the same people, from any working directory. */
export function cohortArgs(argv: {
  readonly run: string;
  readonly dataset: string | undefined;
  readonly reports: string;
}): readonly string[] {
  const people = argv.dataset === undefined ? [argv.run] : ['--dataset', argv.dataset];
  return [...people, '--reports', resolve(argv.reports)];
}

/**
 * The full name of the run that was named: a mistyped run is reported before the settings of the org are read.
 *
 * @throws {RunFolderError} there is no such run.
 */
export async function existingRun(
  { run, reports }: { readonly run: string; readonly reports: string },
  purpose: RunPurpose,
  { terminal }: Pick<CommandContext, 'terminal'>,
): Promise<string> {
  const { fullRunName, LAST } = await import('../jobs/find-run.js');
  const name = await fullRunName(reports, run, purpose);
  if (run === LAST && name !== run) {
    terminal.info(`The last run${purpose === 'undo' ? ' that can be undone' : ''} is ${name}.`);
  }
  return name;
}
