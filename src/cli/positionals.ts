import type { Positional } from './command.js';

export const fileArgument: Positional<'file'> = {
  name: 'file',
  label: 'the CSV file',
  describe: 'CSV file (also .gz) or Excel workbook (.xlsx) with a header; - reads stdin',
};

export const runArgument: Positional<'run'> = {
  name: 'run',
  label: 'the run (its ID or folder)',
  describe: 'Run ID or run folder',
};

/**
 * The run that was named, once it is known to exist: a mistyped run is reported before the settings of the org are read.
 *
 * @throws {UnknownRunError}
 */
export async function existingRun({ run, reports }: { run: string; reports: string }): Promise<string> {
  const { findRunFolder } = await import('../journal/run-folder.js');
  await findRunFolder(reports, run);
  return run;
}
