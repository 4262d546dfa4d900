import type { Summary } from '../report/summary.js';

import type { RowFlags } from './bodies/load-mapping.js';

/** When a run with a wrong mapping stops by itself. */
export interface StopConditionFlags {
  readonly canary: number | undefined;
  /** `20` or `5%`. */
  readonly maxFailures: string | undefined;
}

/** Flags of a run that what is typed next must have as well. */
export interface RepeatedFlags {
  readonly rows: RowFlags;
  readonly brakes: StopConditionFlags;
  /** Those that lead to the same org, as they were typed. */
  readonly orgArgs: readonly string[];
  /** Where run folders go. */
  readonly reports: string;
}

/** What became of a run, as far as its counts do not say. */
interface Ended {
  readonly folder: string;
  readonly inDoubt: number;
  /** A brake stopped it. */
  readonly isBraked: boolean;
}

/** What is left to do after a run, with the command that does it. */
export function nextSteps(
  { counts, stoppedBecause }: Pick<Summary, 'counts' | 'stoppedBecause'>,
  { folder, inDoubt, isBraked }: Ended,
  flags: RepeatedFlags,
): string[] {
  const failed = `${folder}/failed.csv`;
  if (inDoubt > 0 || stoppedBecause !== null) {
    if (flags.orgArgs.includes('--sandbox')) {
      return ['The sandbox is gone, with its people: import the file anew.'];
    }
    // The folder says where it is by itself.
    const resume = inShell('resume', folder, ...brakesAsTyped(flags.brakes), ...flags.orgArgs);
    const what = inDoubt > 0 ? `find out about the ${inDoubt} in doubt, and go on` : 'go on';
    if (!isBraked) return [`To ${what}: ${resume}`];
    const again = counts.created === 0 ? 'anew' : 'anew, with --if-exists update for those who were created';
    return [
      `Look at the bad rows first: ${failed}`,
      `If the file or its mapping is wrong, correct it and import it ${again}: resume takes the file only as it was.`,
      `If only those rows are bad, ${what}, with the brake kept: ${resume}`,
    ];
  }
  if (counts.failed + counts.invalid === 0) return [];
  const reports = flags.reports === 'reports' ? [] : ['--reports', flags.reports];
  const again = inShell('import', failed, ...rowFlagsAsTyped(flags.rows), ...reports, ...flags.orgArgs);
  return [`To mend and send what is left, correct ${failed}, then: ${again}`];
}

/** The flags that decide what becomes of a row, so that mended rows are treated like the others. */
function rowFlagsAsTyped(flags: RowFlags): string[] {
  return [
    ...(flags.mapping === undefined ? [] : ['--mapping', flags.mapping]),
    ...(flags.activate ? [] : ['--no-activate']),
    ...(flags.changePassword ? ['--change-password'] : []),
    ...flags.group.flatMap((group) => ['--group', group]),
    ...(flags.userType === undefined ? [] : ['--user-type', flags.userType]),
    ...(flags.ifExists === 'fail' ? [] : ['--if-exists', flags.ifExists]),
    ...(flags.clearEmpty ? ['--clear-empty'] : []),
    ...(flags.createGroups ? ['--create-groups'] : []),
    ...(flags.ignoreColumns.length === 0 ? [] : ['--ignore-columns', flags.ignoreColumns.join(',')]),
    ...(flags.delimiter === undefined ? [] : ['--delimiter', flags.delimiter]),
  ];
}

function brakesAsTyped({ canary, maxFailures }: StopConditionFlags): string[] {
  return [
    ...(canary === undefined ? [] : ['--canary', String(canary)]),
    ...(maxFailures === undefined ? [] : ['--max-failures', maxFailures]),
  ];
}

/** A command line that can be pasted into a shell as it stands. */
function inShell(...words: readonly string[]): string {
  return ['okta-csv-import', ...words.map(quotedForShell)].join(' ');
}

function quotedForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
