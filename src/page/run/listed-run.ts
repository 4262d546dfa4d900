import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import type { ListedRun, UnreadableRun } from '../../jobs/list-runs.js';
import { sendsRows } from '../../journal/journal-line.js';
import { PAGE_FILE } from '../../report/html/write-page.js';
import { countSelected } from '../../rows/row-selection.js';

import type { ListedRunView, RunAction, RunFile } from '../api/run.js';
import { byStatus } from '../counts.js';
import type { PageOrg } from '../session.js';

export const RUN_FILES = [
  'results.csv',
  'failed.csv',
  'failed.xlsx',
  'edited.csv',
  'links.csv',
  'letters.html',
] as const satisfies readonly RunFile[];

/** A run of the reports folder, as the page lists it. */
export async function toView(run: ListedRun | UnreadableRun, org: PageOrg): Promise<ListedRunView> {
  const files = await filesOf(run.folder);
  if ('problem' in run) {
    return {
      runId: run.runId,
      command: '',
      state: 'unreadable',
      startedAt: '',
      file: undefined,
      org: undefined,
      isSandbox: false,
      isThisOrg: false,
      counts: {},
      leftOut: 0,
      isUndone: false,
      problem: run.problem,
      actions: [],
      canCorrect: false,
      hasReport: false,
      files,
    };
  }
  const isThisOrg = org.connect !== undefined && run.org !== undefined && run.org === org.state.url;
  const actions = isThisOrg ? actionsOf(run) : [];
  return {
    runId: run.runId,
    command: run.dataset === undefined ? run.command : `${run.command} (${run.dataset})`,
    state: run.state,
    startedAt: run.startedAt,
    file: run.file?.name,
    org: run.org === undefined ? undefined : new URL(run.org).host,
    isSandbox: run.org !== undefined && isSandboxUrl(run.org),
    isThisOrg,
    counts: run.counts === undefined ? {} : byStatus(run.counts),
    leftOut: leftOutOf(run),
    isUndone: run.undo === 'done',
    problem: run.stoppedBecause,
    actions,
    canCorrect:
      run.next.includes('import') && !run.isDryRun && files.some((name) => name.startsWith('failed')),
    // That of an interrupted or running run is rebuilt from its journal.
    hasReport: run.description !== undefined || (await isFile(join(run.folder, PAGE_FILE))),
    files,
  };
}

/** The files offered for download: those of failed rows only if rows have failed. */
async function filesOf(folder: string): Promise<readonly RunFile[]> {
  const hasFailedRows = await hasRows(join(folder, 'failed.csv'));
  const files: RunFile[] = [];
  for (const name of RUN_FILES) {
    if (name.startsWith('failed') && !hasFailedRows) continue;
    if (await isFile(join(folder, name))) files.push(name);
  }
  return files;
}

/** Whether a CSV file has rows below its header, which may contain quoted line breaks. */
async function hasRows(path: string): Promise<boolean> {
  if (!(await isFile(path))) return false;
  let isQuoted = false;
  let isAfterHeader = false;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      for (const byte of chunk) {
        if (isAfterHeader) return true;
        if (byte === QUOTE) isQuoted = !isQuoted;
        else if (byte === LINE_FEED && !isQuoted) isAfterHeader = true;
      }
    }
    return false;
  } catch {
    // A file that cannot be read is named when it is downloaded.
    return true;
  }
}

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/**
 * How many rows a run left out as requested: those that `only` does not select, and hidden ones. They are counted as not attempted; if
 * nothing stopped the run, no other rows are.
 */
export function leftOutOf({ description, counts, state, stoppedBecause }: ListedRun): number {
  const notAttempted = counts?.notAttempted ?? 0;
  if (state === 'ended' && stoppedBecause === undefined) return notAttempted;
  return Math.min(notAttempted, notSelectedIn(description));
}

/** How many rows of its file a run left out because `only` does not select them. */
export function notSelectedIn(description: ListedRun['description']): number {
  const { settings, file } = description ?? {};
  const rows = file?.records ?? 0;
  return settings?.only === undefined ? 0 : rows - countSelected(settings.only, rows);
}

/** Only sandbox orgs, which have loopback addresses, are reached by plain HTTP. */
function isSandboxUrl(org: string): boolean {
  return new URL(org).protocol === 'http:';
}

const ACTIONS = ['resume', 'activate', 'verify', 'undo'] as const satisfies readonly RunAction[];

/** What can be done with a run, the most pressing first. */
export function actionsOf(run: ListedRun): readonly RunAction[] {
  const { description, next, state, undo, counts } = run;
  if (description === undefined) return [];
  const actions: RunAction[] = ACTIONS.filter((action) => next.includes(action));
  // Those who are active may not have signed in yet.
  const canRemind =
    sendsRows(description) &&
    state === 'ended' &&
    undo === 'none' &&
    (counts?.created ?? 0) > 0 &&
    !next.includes('activate') &&
    !next.includes('resume');
  return canRemind ? [...actions, 'remind'] : actions;
}

export async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
