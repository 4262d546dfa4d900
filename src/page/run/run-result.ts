import { join } from 'node:path';

import type { FinishedRun } from '../../jobs/run-observer.js';
import { listRun } from '../../jobs/list-runs.js';
import type { Summary } from '../../report/summary.js';
import { plural } from '../../text.js';

import type { LinksFile, RunAction, RunResultView } from '../api/run.js';
import type { PageSession } from '../session.js';

import { isFile, toView } from './listed-run.js';

/** How the work on a run ended. */
export interface EndedAction {
  readonly exitCode: number;
  /** Undefined if the summary says it. */
  readonly headline: string | undefined;
  /** Why it ended before it began. */
  readonly stopped?: { readonly message: string; readonly hint?: string | undefined } | undefined;
}

/** The end of a run, in words, and what can be done next. */
export async function resultOf(
  action: RunAction,
  { exitCode, headline, stopped }: EndedAction,
  {
    finished,
    session,
    runId,
    leftOut,
    links,
  }: {
    readonly finished: FinishedRun | undefined;
    readonly session: PageSession;
    readonly runId: string | undefined;
    readonly leftOut: number;
    readonly links: LinksFile | undefined;
  },
): Promise<RunResultView> {
  const { summary, isGate = false, stopReason } = finished ?? {};
  const isPaused = stopReason?.kind === 'interrupted';
  // A run that is damaged meanwhile still has its summary.
  const listed =
    runId === undefined ? undefined : await listRun(session.context.reports, runId).catch(() => undefined);
  const view = listed && (await toView(listed, session.org));
  const { actions = [], files = [], canCorrect = false, hasReport = false } = view ?? {};
  const { failed = 0, invalid = 0, kept = 0 } = summary?.counts ?? {};
  return {
    exitCode,
    headline: headline ?? headlineOf(action, summary, { isGate, isPaused, leftOut }),
    // That it was paused is in the headline.
    stoppedBecause: stopped?.message ?? (isPaused ? undefined : (summary?.stoppedBecause ?? undefined)),
    hint: stopped?.hint,
    hasReport,
    failedRows: failed + invalid + kept,
    actions: view?.state === 'running' ? [] : actions,
    canCorrect,
    files,
    links:
      links && (await isFile(join(session.context.reports, links.runId, links.file))) ? links : undefined,
  };
}

function headlineOf(
  action: RunAction,
  summary: Summary | undefined,
  {
    isGate,
    isPaused,
    leftOut,
  }: { readonly isGate: boolean; readonly isPaused: boolean; readonly leftOut: number },
): string {
  if (summary === undefined) return 'Nothing was changed.';
  const { counts, stoppedBecause, inTheEnd } = summary;
  const { failed, invalid, notAttempted, kept } = counts;
  const total = counts.total - leftOut;
  if (isGate) {
    return `Nothing was sent: ${invalid + failed} of ${plural(total, 'row')} ${invalid + failed === 1 ? 'has' : 'have'} problems.`;
  }
  const done = counts.total - failed - invalid - notAttempted - kept;
  const [noun, nouns, verb] = WORDS[action];
  const what = total === 1 ? noun : nouns;
  const stopped = stoppedBecause === null ? '' : isPaused ? 'Paused: ' : 'Stopped early: ';
  const others =
    leftOut === 0 ? '' : ` ${plural(leftOut, 'row')} ${leftOut === 1 ? 'was' : 'were'} left out.`;
  const text = `${stopped}${done} of ${total} ${what} ${total === 1 ? 'was' : 'were'} ${verb}.${others}`;
  if (inTheEnd === undefined) return text;
  return `${text} In the end, ${inTheEnd.succeeded} of ${plural(inTheEnd.rows, 'row')} of ${inTheEnd.file} succeeded.`;
}

const WORDS: Readonly<Record<RunAction, readonly [string, string, string]>> = {
  import: ['row', 'rows', 'imported'],
  resume: ['row', 'rows', 'imported'],
  undo: ['user', 'users', 'deleted or restored'],
  verify: ['user', 'users', 'verified'],
  activate: ['user', 'users', 'activated'],
  remind: ['person', 'people', 'reminded'],
};
