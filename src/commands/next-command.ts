import type { Summary } from '../report/summary.js';

import type { RowFlags } from './checks.js';

/** Flags of a run that what is typed next must have as well. */
export interface RepeatedFlags {
  readonly rows: RowFlags;
  /** Those that lead to the same org, as they were typed. */
  readonly wayToOrg: readonly string[];
  /** Where run folders go. */
  readonly reports: string;
}

/** What is left to do after a run, with the command that does it. */
export function nextCommand(
  { counts, stoppedBecause }: Pick<Summary, 'counts' | 'stoppedBecause'>,
  { folder, inDoubt }: { readonly folder: string; readonly inDoubt: number },
  flags: RepeatedFlags,
): string[] {
  if (inDoubt > 0 || stoppedBecause !== null) {
    if (flags.wayToOrg.includes('--sandbox')) {
      return ['The sandbox is gone, with its people: import the file anew.'];
    }
    // The folder says where it is by itself.
    const resume = inShell('resume', folder, ...flags.wayToOrg);
    return [
      inDoubt > 0 ? `To find out about the ${inDoubt} in doubt, and go on: ${resume}` : `To go on: ${resume}`,
    ];
  }
  if (counts.failed + counts.invalid === 0) return [];
  const failed = `${folder}/failed.csv`;
  const reports = flags.reports === 'reports' ? [] : ['--reports', flags.reports];
  const again = inShell('import', failed, ...rowFlagsAsTyped(flags.rows), ...reports, ...flags.wayToOrg);
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

/** A command line that can be pasted into a shell as it stands. */
function inShell(...words: readonly string[]): string {
  return ['okta-csv-import', ...words.map(quotedForShell)].join(' ');
}

function quotedForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
