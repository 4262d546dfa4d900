import { dirname, resolve } from 'node:path';

import { fromSettings, shownFlags } from './options.js';
import type { FinishedRun } from './run-observer.js';
import type { PastOutcome } from '../report/html/run-page.js';
import type { Summary } from '../report/summary.js';

import { importNextSteps, inShell, type EndedRun, type RepeatedArgs } from './next-steps.js';
import { syncPageSteps } from './sync-steps.js';

/** What to do after an import, for readers of its report page: all paths are absolute. */
export function importPageSteps(run: EndedRun, args: RepeatedArgs): readonly string[] {
  const { folder, summary } = run;
  const { options, orgArgs, reports } = absolute(args);
  const isStaged = options.activate === false && summary.counts.created > 0;
  const staged =
    isStaged && folder !== undefined && !orgArgs.includes('--sandbox')
      ? [`To activate the staged users, run: ${inShell('activate', folder, ...orgArgs)}`]
      : [];
  return [...importNextSteps(run, { options, orgArgs, reports }), ...staged];
}

/** What to do after a dry run. */
export function validatePageSteps(
  { summary, folder }: FinishedRun,
  { file, ...args }: RepeatedArgs & { /** As it was typed. */ readonly file: string },
): readonly string[] {
  const { counts, file: read } = summary;
  const failedFile = read.sheet === undefined ? 'failed.csv' : 'failed.xlsx';
  const bad = counts.invalid + counts.failed;
  const good = counts.total - bad - counts.notAttempted;
  const fix = bad === 0 ? [] : [`Fix the failed rows in the file, or in their copy ${folder}/${failedFile}.`];
  // Standard input cannot be read again.
  if (file === '-' || good === 0) return fix;
  const rows = bad === 0 ? 'the file' : `the other ${good === 1 ? 'row' : 'rows'}`;
  const { options, orgArgs, reports } = absolute(args);
  const reportArgs = args.reports === 'reports' ? [] : ['--reports', reports];
  const words = [resolve(file), ...shownFlags(options), ...reportArgs, ...orgArgs];
  return [...fix, `To import ${rows}, run: ${inShell('import', ...words)}`];
}

/** What to do after an undo or an activation. */
export function followUpPageSteps({
  summary: { stoppedBecause, command },
  folder = '',
}: Pick<FinishedRun, 'folder'> & {
  readonly summary: Pick<Summary, 'stoppedBecause' | 'command'>;
}): readonly string[] {
  if (stoppedBecause === null) return [];
  return [`To continue, run: ${inShell(command, folder.replace(new RegExp(`-${command}$`), ''))}`];
}

/** What to do about a run that is known from its journal. @param folder - absolute. */
export function pastPageSteps(run: PastOutcome, folder: string): readonly string[] {
  const { summary, settings, inDoubt } = run;
  const hasStopped = summary.exitCode === null || summary.stoppedBecause !== null;
  const stoppedBecause = hasStopped ? (summary.stoppedBecause ?? 'interrupted') : null;
  const ended = { summary: { ...summary, stoppedBecause }, folder, inDoubt, stopReason: undefined };
  if (summary.command === 'sync') return syncPageSteps(ended, { options: {}, orgArgs: [] });
  if (summary.command !== 'import') return followUpPageSteps(ended);
  return importPageSteps(ended, {
    options: fromSettings(settings, {}),
    orgArgs: [],
    reports: dirname(folder),
  });
}

/** The same arguments, for any working directory. */
function absolute({ options, orgArgs, reports }: RepeatedArgs): RepeatedArgs {
  const { mapping } = options;
  const isPath = typeof mapping === 'string' && !mapping.startsWith('preset:');
  return {
    options: isPath ? { ...options, mapping: resolve(mapping) } : options,
    orgArgs: orgArgs.map((word, index) =>
      ['--env-file', '--ca'].includes(orgArgs[index - 1] ?? '') ? resolve(word) : word,
    ),
    reports: resolve(reports),
  };
}
