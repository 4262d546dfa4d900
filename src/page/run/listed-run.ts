import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import type { ListedRun, UnreadableRun } from '../../jobs/list-runs.js';
import { sendsRows } from '../../journal/journal-line.js';
import { PAGE_FILE } from '../../report/html/write-page.js';

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
  const files: RunFile[] = [];
  for (const name of RUN_FILES) if (await isFile(join(run.folder, name))) files.push(name);
  if ('problem' in run) {
    return {
      runId: run.runId,
      command: '',
      state: 'unreadable',
      startedAt: '',
      file: undefined,
      org: undefined,
      isThisOrg: false,
      counts: {},
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
    isThisOrg,
    counts: run.counts === undefined ? {} : byStatus(run.counts),
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
