import { DEFAULT_LINK_DAYS, type ImportOptions } from '../jobs/options.js';
import { parseColumnList } from '../mapping/column-list.js';
import type { OrgFlags } from '../settings/load.js';

import { rateFlags, reportFlags } from './flags.js';
import { UsageError } from './usage-error.js';

/** The flags of `import` and `validate` that are options of the job, as they were parsed. */
interface RowArguments extends Omit<
  ImportOptions,
  'groups' | 'ignoreColumns' | 'only' | 'canary' | 'maxFailures'
> {
  readonly group: readonly string[];
  readonly only?: string | undefined;
  readonly ignoreColumns?: string | undefined;
}

/** The options of an import or a dry run. @throws {UsageError} invalid or conflicting flags. */
export function toImportOptions(argv: RowArguments): ImportOptions {
  if (argv.group.some((group) => group.trim() === '')) {
    throw new UsageError('--group needs the name or ID of a group.');
  }
  if (argv.links !== undefined && argv.activate === false) {
    throw new UsageError(
      '--links is about users who are activated. Leave out --no-activate, or use activate --links later.',
    );
  }
  if (argv.clearEmpty && argv.ifExists !== 'update') {
    throw new UsageError('--clear-empty needs --if-exists update: a new user has no value to clear.');
  }
  return {
    ...toDialectOptions(argv),
    ...toLinkOptions(argv),
    mapping: argv.mapping,
    activate: argv.activate,
    changePassword: argv.changePassword,
    groups: argv.group,
    userType: argv.userType,
    ifExists: argv.ifExists,
    clearEmpty: argv.clearEmpty,
    createGroups: argv.createGroups,
    only: argv.only,
    hiddenRows: argv.hiddenRows,
    ignoreColumns: parseColumnList(argv.ignoreColumns ?? ''),
    concurrency: argv.concurrency,
    allOrNothing: argv.allOrNothing,
  };
}

type LinkOptions = Pick<ImportOptions, 'links' | 'letter' | 'linkDays'>;

/** Where passwords and activation links go; nothing without `--links`. @throws {UsageError} */
export function toLinkOptions({ links, letter, linkDays = DEFAULT_LINK_DAYS }: LinkOptions): LinkOptions {
  if (links === undefined) {
    if (letter !== undefined) throw new UsageError('--letter needs --links letters.html.');
    return {};
  }
  if (!/\.(?:csv|html?)$/i.test(links)) {
    throw new UsageError('--links takes a .csv file for a mail merge, or an .html file for pages to print.');
  }
  if (letter !== undefined && !/\.html?$/i.test(links)) {
    throw new UsageError('--letter needs --links letters.html.');
  }
  if (!(linkDays > 0 && linkDays <= 365)) {
    throw new UsageError('--link-days takes a number of days from 1 to 365.');
  }
  return { links, letter, linkDays };
}

type DialectOptions = Pick<ImportOptions, 'encoding' | 'delimiter' | 'sheet' | 'headerRow'>;

/** How to read the file. @throws {UsageError} */
export function toDialectOptions({ encoding, delimiter, sheet, headerRow }: DialectOptions): DialectOptions {
  if (headerRow !== undefined && !(Number.isInteger(headerRow) && headerRow > 0)) {
    throw new UsageError('--header-row takes a whole number above 0.');
  }
  return { encoding, delimiter, sheet, headerRow };
}

/** When a run stops early. @throws {UsageError} */
export function toStopOptions(
  argv: Pick<ImportOptions, 'canary' | 'maxFailures'>,
): Pick<ImportOptions, 'canary' | 'maxFailures'> {
  const { canary, maxFailures } = argv;
  if (canary !== undefined && !(Number.isInteger(canary) && canary > 0)) {
    throw new UsageError('--canary takes a whole number above 0.');
  }
  return { canary, maxFailures };
}

/** The flags that select the org, as typed in the next command. */
export function orgArgs({ sandbox, orgUrl, customDomain, envFile, ca }: OrgFlags): string[] {
  return [
    ...(sandbox === true ? ['--sandbox'] : []),
    ...(orgUrl === undefined ? [] : ['--org-url', orgUrl]),
    ...(customDomain === true ? ['--custom-domain'] : []),
    ...(envFile === undefined ? [] : ['--env-file', envFile]),
    ...(ca === undefined ? [] : ['--ca', ca]),
  ];
}

/** The flags about rate limits and timeouts that are not at their defaults, as typed in the next command. */
export function rateArgs(argv: Readonly<Record<keyof typeof rateFlags, number>>): string[] {
  const names = Object.keys(rateFlags) as (keyof typeof rateFlags)[];
  return names.flatMap((name) =>
    argv[name] === rateFlags[name].default ? [] : [`--${name}`, String(argv[name])],
  );
}

/** The folder of the runs, as it was typed, in the next command. */
export function reportsArgs(reports: string): string[] {
  return reports === reportFlags.reports.default ? [] : ['--reports', reports];
}

/** `--per-minute` @throws {UsageError} */
export function perMinuteOf({ perMinute }: { readonly perMinute: number | undefined }): number | undefined {
  if (perMinute === undefined || (perMinute > 0 && perMinute <= 100_000)) return perMinute;
  throw new UsageError('--per-minute takes a number above 0, at most 100000.');
}

const UNITS_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

/** A time such as `3d`, `12h` or `30m`, in milliseconds; a number alone is days. @throws {UsageError} */
export function durationOf(flag: string, text: string): number {
  const [, number, unit = 'd'] = /^\s*(\d{1,5})\s*([dhm])?\s*$/i.exec(text) ?? [];
  const unitMs = UNITS_MS[unit.toLowerCase()];
  if (number !== undefined && unitMs !== undefined) return Number(number) * unitMs;
  throw new UsageError(`${flag} takes a time such as 3d, 12h or 30m.`);
}
