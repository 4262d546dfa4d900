import type { RunPurpose } from '../jobs/run-folders.js';

import type { Positional } from './command.js';
import type { CommandContext } from './command-context.js';

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
