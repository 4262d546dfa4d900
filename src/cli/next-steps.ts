import { ROW_OPTIONS, STOP_OPTIONS, toArgs, type ImportOptions } from '../jobs/options.js';
import type { FinishedRun } from '../jobs/run-observer.js';
import { escapeControlCharacters, plural } from '../text.js';

/** What the next command must repeat. */
export interface RepeatedArgs {
  readonly options: ImportOptions;
  /** Those that lead to the same org, as they were typed. */
  readonly orgArgs: readonly string[];
  /** Where run folders go. */
  readonly reports: string;
}

/** What can be done after an import, with the command that does it. */
export function importNextSteps(
  { summary, folder = '', inDoubt, stopReason }: FinishedRun,
  { options, orgArgs, reports }: RepeatedArgs,
): string[] {
  const { counts, stoppedBecause } = summary;
  const failed = `${folder}/failed.csv`;
  if (inDoubt > 0 || stoppedBecause !== null) {
    if (orgArgs.includes('--sandbox')) {
      return ['The sandbox is gone, with its people: import the file anew.'];
    }
    // The folder says where it is by itself.
    const resume = inShell('resume', folder, ...toArgs(options, STOP_OPTIONS), ...orgArgs);
    const what = inDoubt > 0 ? `find out about the ${inDoubt} in doubt, and go on` : 'go on';
    if (stopReason?.kind !== 'stop-condition') return [`To ${what}: ${resume}`];
    const again = counts.created === 0 ? 'anew' : 'anew, with --if-exists update for those who were created';
    return [
      `Look at the bad rows first: ${failed}`,
      `If the file or its mapping is wrong, correct it and import it ${again}: resume takes the file only as it was.`,
      `If only those rows are bad, ${what}, with the brake kept: ${resume}`,
    ];
  }
  if (counts.failed + counts.invalid === 0) return [];
  const reportArgs = reports === 'reports' ? [] : ['--reports', reports];
  const again = inShell('import', failed, ...toArgs(options, ROW_OPTIONS), ...reportArgs, ...orgArgs);
  return [`To mend and send what is left, correct ${failed}, then: ${again}`];
}

/** What a dry run came to, or that it keeps an all-or-nothing import from starting. */
export function validateNextSteps({ isGate, isInputBroken, estimate }: FinishedRun): string[] {
  if (isGate) return isInputBroken ? [] : ['Nothing was sent: not every row is good (--all-or-nothing).'];
  if (estimate === undefined) return [];
  const { creates, updates, minutes, activationMails, sample } = estimate;
  if (creates + updates === 0) return ['The plan: nothing would be written.'];
  const time =
    minutes === undefined
      ? ''
      : minutes === 0
        ? ', within a minute'
        : `, in about ${minutes} min at this share`;
  const mails = plural(activationMails, 'activation mail');
  return [
    `The plan: ${creates} would be created${updates > 0 ? `, ${updates} updated` : ''}${time}; ${mails} would go out.`,
    ...(sample === undefined
      ? []
      : [`The first request: ${escapeControlCharacters(JSON.stringify(sample))}`]),
  ];
}

/** After an undo or an activation. */
export function followUpNextSteps({ summary, groups }: FinishedRun): string[] {
  if (summary.stoppedBecause !== null) return ['To go on, give the same command again.'];
  if (summary.command !== 'undo' || groups.length === 0) return [];
  const names = groups.map(({ name, groupId }) => `${name} (${groupId})`).join(', ');
  return [`Groups that the run created stay, with whoever is in them: ${escapeControlCharacters(names)}`];
}

/** A command line that can be pasted into a shell as it stands. */
export function inShell(...words: readonly string[]): string {
  return ['okta-csv-import', ...words.map(quotedForShell)].join(' ');
}

function quotedForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
