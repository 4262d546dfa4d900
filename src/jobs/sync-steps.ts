import { STOP_OPTIONS, toArgs } from './options.js';
import type { FinishedRun } from './run-observer.js';
import type { PlanSection, SyncPlanText } from './sync-plan-text.js';
import { syncText } from '../report/sync-text.js';
import { escapeControlCharacters } from '../text.js';

import { inShell, type EndedRun, type RepeatedArgs } from './next-steps.js';

type SyncArgs = Pick<RepeatedArgs, 'options' | 'orgArgs'>;

/** What a sync came to, and what to do next. */
export function syncNextSteps(run: FinishedRun, args: SyncArgs): string[] {
  const { syncPlan, summary } = run;
  const { sync } = summary;
  const line = sync === undefined ? [] : [syncText(sync)];
  if (syncPlan !== undefined) {
    return [...line, ...syncPlan.sections.map(sectionText), ...brakesText(syncPlan)];
  }
  return [...line, ...remainingSteps(run, args)];
}

/** The same for readers of the report page, which has the counts already. All paths are absolute. */
export function syncPageSteps(
  run: EndedRun & Partial<Pick<FinishedRun, 'syncPlan'>>,
  args: SyncArgs,
): string[] {
  const { summary, folder = '', syncPlan } = run;
  const { counts, stoppedBecause } = summary;
  if (syncPlan !== undefined) return brakesText(syncPlan);
  const remaining = remainingSteps(run, args);
  const changed = counts.created + counts.updated + counts.suspended + counts.deactivated;
  if (changed === 0 || stoppedBecause !== null || run.inDoubt > 0 || args.orgArgs.includes('--sandbox')) {
    return remaining;
  }
  return [
    ...remaining,
    `To compare the changed users with the org, run: ${inShell('verify', folder, ...args.orgArgs)}`,
    `To take this run back, run: ${inShell('undo', folder, ...args.orgArgs)}`,
  ];
}

function remainingSteps(
  { summary, folder = '', inDoubt, stopReason }: EndedRun,
  { options, orgArgs }: SyncArgs,
): string[] {
  const { counts, stoppedBecause, file } = summary;
  if (orgArgs.includes('--sandbox')) return [];
  const failed = `${folder}/${file.sheet === undefined ? 'failed.csv' : 'failed.xlsx'}`;
  const resume = inShell('resume', folder, ...toArgs(options, STOP_OPTIONS), ...orgArgs);
  if (stopReason?.kind === 'stop-condition') {
    return [
      `Check the failed rows in ${failed}.`,
      'If the file or its mapping is wrong, correct it and run the same command again: it takes over what this run has done.',
      `If only those rows are wrong, complete the run with the same stop condition: ${resume}`,
    ];
  }
  if (inDoubt > 0 || stoppedBecause !== null) {
    return [`The next run of the data set completes this one. To complete it now, run: ${resume}`];
  }
  const bad = counts.failed + counts.invalid;
  if (bad === 0) return [];
  const [which, again] = bad === 1 ? ['1 row is', 'it'] : [`${bad} rows are`, 'them'];
  return [
    `${which} in ${failed}, with what is wrong. Correct ${again} where the file comes from: the next run of the data set tries ${again} again.`,
  ];
}

function sectionText({ title, people, examples }: PlanSection): string {
  const more = people - examples.length;
  const lines = [...examples, ...(more > 0 ? [`and ${more} more: see results.csv`] : [])];
  return [`${title} (${people}):`, ...lines.map((line) => `  ${escapeControlCharacters(line)}`)].join('\n');
}

function brakesText({ brakes }: SyncPlanText): string[] {
  if (brakes.length === 0) return [];
  const title = 'A run would stop before its first write, because this looks like a mistake (exit code 3):';
  return [[title, ...brakes.map((brake) => `  ${brake}`)].join('\n')];
}
