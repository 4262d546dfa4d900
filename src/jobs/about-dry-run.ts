import { join } from 'node:path';

import { readEnd } from '../journal/reader.js';
import { RunFolderError } from '../journal/run-folder.js';
import { PAGE_FILE } from '../report/html/write-page.js';
import { quoteForShell } from '../text.js';

import { dryRunCommand, foundRuns, type FoundRun, type RunPurpose } from './run-folders.js';

type DryRun = Extract<FoundRun, { kind: 'dry-run' }>;
type Import = FoundRun & { readonly kind: 'import' };

const NOTHING_TO: Readonly<Record<Exclude<RunPurpose, 'report' | 'resume'>, string>> = {
  undo: 'It changed nothing, so there is nothing to undo',
  verify: 'It changed nothing, so there is nothing to verify',
  activate: 'It created no users, so there is nothing to activate',
  remind: 'It created no users, so there is no one to remind',
  status: 'It created no users, so there is no status to show',
};

/** Says what a dry run was to those who take it for an import, and what to run instead. */
export async function aboutDryRun(
  run: DryRun,
  { reports, purpose }: { readonly reports: string; readonly purpose: RunPurpose },
): Promise<RunFolderError> {
  const { runId, summary } = run;
  const of = summary === undefined ? '' : ` of ${summary.file.name}`;
  return new RunFolderError(
    `${runId} is a dry run (${dryRunCommand(run)})${of}. ${explanation(run, purpose)}.`,
    { hint: await hint(run, reports, purpose) },
  );
}

function explanation({ folder, summary }: DryRun, purpose: RunPurpose): string {
  switch (purpose) {
    case 'report':
      return summary === undefined
        ? 'It has not come to its end, so it has no report'
        : `Its report is complete: ${join(folder, PAGE_FILE)}`;
    case 'resume':
      return summary === undefined
        ? 'It has not come to its end, but a dry run is not resumed'
        : 'It has come to its end, so there is nothing to resume';
    default:
      return NOTHING_TO[purpose];
  }
}

async function hint(run: DryRun, reports: string, purpose: RunPurpose): Promise<string> {
  const { summary } = run;
  if (summary === undefined) return 'Run the same command again, or import the file.';
  const { file, dataset } = summary;
  const imports = purpose === 'report' ? [] : await foundRuns(reports).catch(() => []);
  const imported = imports.find(
    (other): other is Import =>
      other.kind === 'import' &&
      other.description.command === (dataset === undefined ? 'import' : 'sync') &&
      other.description.file.sha256 === file.sha256 &&
      other.description.org === (summary.org ?? other.description.org),
  );
  if (imported !== undefined) {
    // One that has come to its end is not resumed either.
    const end = purpose === 'resume' ? await readEnd(imported.folder) : undefined;
    const verb = end !== undefined && !end.stoppedBecause ? 'report' : purpose;
    return `Use the ${imported.description.command} of the same file instead: okta-csv-import ${verb} ${quoteForShell(imported.folder)}`;
  }
  const name = file.name === 'standard input' ? '-' : file.name;
  const command = dataset === undefined ? ['import', name] : ['sync', name, '--dataset', dataset];
  return `Run this to import the file: okta-csv-import ${command.map(quoteForShell).join(' ')}`;
}
