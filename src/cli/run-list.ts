import { basename, dirname, join } from 'node:path';

import type { ListedRun, UnreadableRun } from '../jobs/list-runs.js';
import type { NextAction } from '../jobs/next-actions.js';
import { fromSettings, ROW_OPTIONS, toArgs } from '../jobs/options.js';
import { nonZero, type Counts } from '../rows/counts.js';
import { STATUSES } from '../rows/status-table.js';

import { inShell } from '../jobs/next-steps.js';

/** The heading of the table of runs. */
export const RUN_TABLE_HEADING = [
  'RUN',
  'STARTED (UTC)',
  'COMMAND',
  'FILE',
  'ORG',
  'RESULT',
  'EXIT',
  'NEXT',
] as const;

/** A run as a line of the table. */
export function runTableRow(run: ListedRun | UnreadableRun): string[] {
  if ('problem' in run) return [run.runId, '', '', '', '', run.problem, '', ''];
  const { runId, startedAt, command, dataset, file, org, counts, exitCode, state, next, undo } = run;
  return [
    runId,
    startedAt.slice(0, 16).replace('T', ' '),
    dataset === undefined ? command : `${command} (${dataset})`,
    file?.name ?? '',
    org === undefined ? '' : new URL(org).host,
    [...(counts === undefined ? [] : [countsText(counts)]), ...(undo === 'done' ? ['undone'] : [])].join(
      '; ',
    ),
    state === 'ended' && exitCode !== undefined ? String(exitCode) : state,
    next.join(', '),
  ];
}

/** A run as `--json` prints it. @param asTyped - see `CommandContext`. */
export function runJson(run: ListedRun | UnreadableRun, asTyped: (path: string) => string): object {
  if ('problem' in run) return { ...run, folder: asTyped(run.folder) };
  const { runId, command, isDryRun, state, startedAt, finishedAt, file, org, counts, undo, next } = run;
  return {
    runId,
    folder: asTyped(run.folder),
    command,
    isDryRun,
    dataset: run.dataset ?? null,
    state,
    startedAt,
    finishedAt: finishedAt ?? null,
    file: file?.name ?? null,
    org: org ?? null,
    counts: counts ?? null,
    exitCode: run.exitCode ?? null,
    stoppedBecause: run.stoppedBecause ?? null,
    isUndone: undo === 'done',
    next: next.map((action) => ({ action, command: nextCommand(run, action, asTyped) })),
  };
}

/** @returns null when the run does not know all arguments. */
function nextCommand(
  { folder: path, command, description, file, isDryRun }: ListedRun,
  action: NextAction,
  asTyped: (path: string) => string,
): string | null {
  // A dry run keeps neither the path of its file nor its flags.
  if (isDryRun || description === undefined) return null;
  const folder = asTyped(path);
  if (action === 'import') {
    const failed = join(folder, file?.sheet === undefined ? 'failed.csv' : 'failed.xlsx');
    const reports = dirname(folder) === 'reports' ? [] : ['--reports', dirname(folder)];
    return inShell(
      'import',
      failed,
      ...toArgs(fromSettings(description.settings, {}), ROW_OPTIONS),
      ...reports,
    );
  }
  // A follow-up is continued by the command about its run.
  const suffix = `-${command}`;
  const isFollowUp = command === action && basename(folder).endsWith(suffix);
  return inShell(action, isFollowUp ? folder.slice(0, -suffix.length) : folder);
}

/** `55 created, 5 failed` */
function countsText(counts: Counts): string {
  const present = nonZero(counts);
  const parts = STATUSES.flatMap(({ count, label }) => {
    const rows = present[count];
    return rows === undefined ? [] : [`${rows} ${label}`];
  });
  return parts.join(', ') || 'no rows';
}
