import { ROW_OPTIONS, STOP_OPTIONS, toArgs, type ImportOptions } from './options.js';
import type { FinishedRun } from './run-observer.js';
import type { StartsLater, Summary } from '../report/summary.js';
import { escapeControlCharacters, listOf, plural, quoteForShell, quoted } from '../text.js';

import { domainsText } from './mail-text.js';

/** Arguments that the next command must repeat. */
export interface RepeatedArgs {
  readonly options: ImportOptions;
  /** Arguments that select the org, as they were typed. */
  readonly orgArgs: readonly string[];
  /** Where run folders go. */
  readonly reports: string;
}

/** How a run ended, as far as it decides what to do next. */
export interface EndedRun extends Pick<FinishedRun, 'folder' | 'inDoubt' | 'stopReason'> {
  readonly summary: Pick<Summary, 'counts' | 'stoppedBecause' | 'file' | 'startsLater'>;
}

/** What to do after an import, with the commands. */
export function importNextSteps(
  { summary, folder = '', inDoubt, stopReason }: EndedRun,
  { options, orgArgs, reports }: RepeatedArgs,
): string[] {
  const { counts, stoppedBecause } = summary;
  const failed = `${folder}/${summary.file.sheet === undefined ? 'failed.csv' : 'failed.xlsx'}`;
  if (inDoubt > 0 || stoppedBecause !== null) {
    if (orgArgs.includes('--sandbox')) return ['The sandbox and its users are gone. Import the file again.'];
    // The path of the folder includes the reports folder.
    const resume = inShell('resume', folder, ...toArgs(options, STOP_OPTIONS), ...orgArgs);
    const goal = resumeGoal(inDoubt, stoppedBecause !== null);
    if (stopReason?.kind !== 'stop-condition') return [`To ${goal}, run: ${resume}`];
    const update = counts.created === 0 ? '' : ', with --if-exists update for the users created so far';
    return [
      `Check the failed rows in ${failed}.`,
      `If the file or its mapping is wrong, fix it and import it again${update}; resume accepts only the unchanged file.`,
      `If only those rows are wrong, ${goal} with the same stop condition: ${resume}`,
    ];
  }
  const later = laterStarts(summary.startsLater, folder, orgArgs);
  if (counts.failed + counts.invalid === 0) return later;
  const reportArgs = reports === 'reports' ? [] : ['--reports', reports];
  const retry = inShell('import', failed, ...toArgs(options, ROW_OPTIONS), ...reportArgs, ...orgArgs);
  return [...later, `To retry the remaining rows, fix ${failed} and run: ${retry}`];
}

/** How the people get active who start later. */
function laterStarts(
  startsLater: StartsLater | undefined,
  folder: string,
  orgArgs: readonly string[],
): string[] {
  if (startsLater === undefined || orgArgs.includes('--sandbox')) return [];
  const { users, next } = startsLater;
  const command = inShell('activate', folder, '--due', ...orgArgs);
  return [
    `${plural(users, 'user is', 'users are')} staged until the start date (${users === 1 ? '' : 'the first: '}${next}). To activate them on the day, run this every day: ${command}`,
  ];
}

function resumeGoal(inDoubt: number, hasRemainingRows: boolean): string {
  const goals = [
    ...(inDoubt > 0 ? [`settle ${plural(inDoubt, 'unknown outcome')}`] : []),
    ...(hasRemainingRows ? ['import the remaining rows'] : []),
  ];
  return goals.join(' and ');
}

/** The plan of a dry run, or that it blocked an all-or-nothing import. */
export function validateNextSteps({ isGate, isInputBroken, estimate }: FinishedRun): string[] {
  if (isGate) {
    return isInputBroken ? [] : ['Nothing was sent, because some rows are invalid (--all-or-nothing).'];
  }
  if (estimate === undefined) return [];
  const {
    creates,
    updates,
    minutes,
    activationMails,
    mailDomains = [],
    groupsToCreate,
    sample,
    startLater,
  } = estimate;
  if (creates + updates === 0) return ['Plan: no changes.'];
  const users = `${plural(creates, 'user')} would be created${updates > 0 ? `, ${updates} updated` : ''}`;
  const time =
    minutes === undefined
      ? ''
      : minutes === 0
        ? ', in less than a minute'
        : `, in about ${minutes} min at this rate-limit share`;
  return [
    ...(startLater === undefined
      ? []
      : [`${plural(startLater, 'user')} would be staged until the start date.`]),
    `Plan: ${users}${time}; ${plural(activationMails, 'activation email')} would be sent${domainsText(activationMails, mailDomains)}.`,
    ...(groupsToCreate.length === 0 ? [] : [groupsText(groupsToCreate)]),
    ...(sample === undefined ? [] : [`First request: ${escapeControlCharacters(JSON.stringify(sample))}`]),
  ];
}

const MAX_GROUPS_LISTED = 10;

function groupsText(names: readonly string[]): string {
  const shown = names.slice(0, MAX_GROUPS_LISTED).map(quoted);
  const more = names.length - shown.length;
  return escapeControlCharacters(
    `${plural(names.length, 'group')} would be created: ${listOf(more > 0 ? [...shown, `${more} more`] : shown)}.`,
  );
}

/** What to do after an undo or an activation. */
export function followUpNextSteps({ summary, groups }: FinishedRun): string[] {
  if (summary.stoppedBecause !== null) return ['To continue, run the same command again.'];
  if (summary.command !== 'undo' || groups.length === 0) return [];
  const names = groups.map(({ name, groupId }) => `${name} (${groupId})`).join(', ');
  return [`Groups that the run created are kept, with their members: ${escapeControlCharacters(names)}`];
}

/** A command line that can be pasted into a shell. */
export function inShell(...words: readonly string[]): string {
  return ['okta-csv-import', ...words.map(quoteForShell)].join(' ');
}
