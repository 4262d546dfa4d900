import { resolve } from 'node:path';

import {
  sendsRows,
  type DateSettings,
  type HiddenRowsAction,
  type IfExists,
  type RunDescription,
  type RunSettings,
} from '../journal/journal-line.js';
import { formatColumnList } from '../mapping/column-list.js';
import type { MappingFile } from '../mapping/mapping-file.js';
import { parseSelection } from '../rows/row-selection.js';

/**
 * Everything that decides what happens to rows: the same type for the command line, for the library and for the journal,
 * from which `resume` reads it back. Every option has a default.
 */
export interface ImportOptions {
  /**
   * Which column feeds which attribute: the path of a mapping file, `preset:` and the name of a preset, or what
   * `parseMappingFile` and `readPreset` return. Without a mapping, columns are recognized by their names.
   */
  readonly mapping?: string | MappingFile | undefined;
  /** Whether users are created active (default) or staged. */
  readonly activate?: boolean | undefined;
  /** Whether users must choose a new password when they first sign in; default false. */
  readonly changePassword?: boolean | undefined;
  /** Names or ids of groups that every user joins. */
  readonly groups?: readonly string[] | undefined;
  /** Name or id of the user type for rows without one; by default the org's default type. */
  readonly userType?: string | undefined;
  /** What happens to a row whose login exists: it fails (default), is skipped, or the user is updated. */
  readonly ifExists?: IfExists | undefined;
  /** Whether an empty cell clears the attribute of an existing user; by default it is left alone. */
  readonly clearEmpty?: boolean | undefined;
  /** Whether groups that the org does not have are created; by default their rows are invalid. */
  readonly createGroups?: boolean | undefined;
  /** Which rows to process, numbered from 1: `1-10,42`, or a function. The others come out as `not-attempted`. */
  readonly only?: string | ((row: number) => boolean) | undefined;
  /** Columns to ignore. */
  readonly ignoreColumns?: readonly string[] | undefined;
  /** Encoding of the file, such as `windows-1252`; detected by default. */
  readonly encoding?: string | undefined;
  /** One character, or `tab`; detected by default. */
  readonly delimiter?: string | undefined;
  /** Sheet of a workbook, by name or by number from 1; by default the first visible one. */
  readonly sheet?: string | undefined;
  /**
   * What happens to the rows of a workbook that a filter or a person has hidden: they are imported as well, or left out (then they come
   * out as `not-attempted`). By default, an import of a workbook with hidden rows is refused.
   */
  readonly hiddenRows?: HiddenRowsAction | undefined;
  /** Line of the header, or its row in a sheet; by default it is found among the first twenty rows, by the names it holds. */
  readonly headerRow?: number | undefined;
  /** Sends that many rows first, and continues only if all of them succeed. */
  readonly canary?: number | undefined;
  /** Stops the run when more rows fail: a number such as `20`, or a share of the file such as `5%`. */
  readonly maxFailures?: string | undefined;
  /** Sends nothing unless every row is valid. */
  readonly allOrNothing?: boolean | undefined;
  /**
   * A file for passwords that the mapping generates, and for activation links, which are not mailed then: `.csv` for one row a person,
   * `.html` for one printable page a person. A file of an earlier run is continued. The file is for its owner only.
   */
  readonly links?: string | undefined;
  /** Liquid template of the pages, for a file that ends in `.html`. */
  readonly letter?: string | undefined;
  /** How many days an activation link is valid, by the settings of the org; default 7. */
  readonly linkDays?: number | undefined;
  /** Maximum number of rows in progress; default 10. The client limits the requests in flight. */
  readonly concurrency?: number | undefined;
}

/** Okta's default; Security > General of the Admin Console shows the org's own. */
export const DEFAULT_LINK_DAYS = 7;

const DEFAULTS = {
  activate: true,
  changePassword: false,
  groups: [],
  ifExists: 'fail',
  clearEmpty: false,
  createGroups: false,
  ignoreColumns: [],
  allOrNothing: false,
  concurrency: 10,
} as const satisfies ImportOptions;

/** The options with their defaults. */
export interface ResolvedOptions
  extends
    Omit<ImportOptions, keyof typeof DEFAULTS>,
    Readonly<{ [Key in keyof typeof DEFAULTS]: NonNullable<ImportOptions[Key]> }> {
  /** Undefined for all rows. */
  readonly isSelected: ((row: number) => boolean) | undefined;
  /** Undefined unless start or end dates decide what is sent. */
  readonly dates?: DateSettings | undefined;
}

const BOOLEANS = ['activate', 'changePassword', 'clearEmpty', 'createGroups', 'allOrNothing'] as const;
const LISTS = ['groups', 'ignoreColumns'] as const;
const HIDDEN_ROWS_ACTIONS: readonly unknown[] = ['include', 'skip'] satisfies readonly HiddenRowsAction[];
const EXISTING_USER_POLICIES: readonly unknown[] = ['fail', 'skip', 'update'] satisfies readonly IfExists[];

/** Programs without types can pass anything, and a wrong value must not change users. @throws {TypeError | RangeError} */
function assertTypes(options: ImportOptions): void {
  for (const name of BOOLEANS) {
    if (!['undefined', 'boolean'].includes(typeof options[name])) {
      throw new TypeError(`${name} must be true or false, not ${JSON.stringify(options[name])}.`);
    }
  }
  for (const name of LISTS) {
    const list: unknown = options[name];
    if (list !== undefined && !(Array.isArray(list) && list.every((item) => typeof item === 'string'))) {
      throw new TypeError(`${name} must be an array of strings, not ${JSON.stringify(list)}.`);
    }
  }
  const { ifExists } = options;
  if (ifExists !== undefined && !EXISTING_USER_POLICIES.includes(ifExists)) {
    throw new RangeError(`ifExists must be "fail", "skip" or "update", not ${JSON.stringify(ifExists)}.`);
  }
}

/** @throws {TypeError | RangeError | SelectionError} an option makes no sense. */
export function resolveOptions(options: ImportOptions): ResolvedOptions {
  assertTypes(options);
  const concurrency = options.concurrency ?? DEFAULTS.concurrency;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new RangeError(`concurrency must be a whole number above 0, not ${concurrency}.`);
  }
  const { canary, only, headerRow, hiddenRows } = options;
  if (hiddenRows !== undefined && !HIDDEN_ROWS_ACTIONS.includes(hiddenRows)) {
    throw new RangeError(`hiddenRows must be "include" or "skip", not ${JSON.stringify(hiddenRows)}.`);
  }
  if (headerRow !== undefined && (!Number.isInteger(headerRow) || headerRow < 1)) {
    throw new RangeError(`headerRow must be a whole number above 0, not ${headerRow}.`);
  }
  if (canary !== undefined && (!Number.isInteger(canary) || canary < 1)) {
    throw new RangeError(`canary must be a whole number above 0, not ${canary}.`);
  }
  return {
    ...options,
    activate: options.activate ?? DEFAULTS.activate,
    changePassword: options.changePassword ?? DEFAULTS.changePassword,
    groups: options.groups ?? DEFAULTS.groups,
    ifExists: options.ifExists ?? DEFAULTS.ifExists,
    clearEmpty: options.clearEmpty ?? DEFAULTS.clearEmpty,
    createGroups: options.createGroups ?? DEFAULTS.createGroups,
    ignoreColumns: options.ignoreColumns ?? DEFAULTS.ignoreColumns,
    allOrNothing: options.allOrNothing ?? DEFAULTS.allOrNothing,
    concurrency,
    isSelected: typeof only === 'string' ? parseSelection(only) : only,
  };
}

/** What the journal remembers of the options. */
export function toSettings(options: ResolvedOptions): RunSettings {
  const { mapping, only } = options;
  return {
    mapping: typeof mapping === 'object' ? mapping.fileName : mapping,
    activate: options.activate,
    changePassword: options.changePassword,
    groups: options.groups,
    userType: options.userType,
    ifExists: options.ifExists,
    clearEmpty: options.clearEmpty,
    createGroups: options.createGroups,
    only: typeof only === 'string' ? only : undefined,
    ignoreColumns: options.ignoreColumns,
    encoding: options.encoding,
    delimiter: options.delimiter,
    sheet: options.sheet,
    hiddenRows: options.hiddenRows,
    headerRow: options.headerRow,
    ...(options.links !== undefined && {
      links: resolve(options.links),
      letter: options.letter && resolve(options.letter),
      linkDays: options.linkDays,
    }),
    ...(options.dates && { dates: options.dates }),
  };
}

/** The options that continue a run: its settings, with what may differ from one process to the next. */
export function fromSettings(
  settings: RunSettings,
  { canary, maxFailures, concurrency }: Pick<ImportOptions, 'canary' | 'maxFailures' | 'concurrency'>,
): ImportOptions {
  return { ...settings, canary, maxFailures, concurrency };
}

/** Options that apply when the failed rows are imported again. */
export const ROW_OPTIONS = [
  'mapping',
  'activate',
  'changePassword',
  'groups',
  'userType',
  'ifExists',
  'clearEmpty',
  'createGroups',
  'ignoreColumns',
  'delimiter',
  'links',
  'letter',
  'linkDays',
] as const satisfies readonly (keyof ImportOptions)[];

/** Options that apply when a command is run for the same file again. */
export const SAME_FILE_OPTIONS = [
  ...ROW_OPTIONS,
  'encoding',
  'sheet',
  'headerRow',
  'hiddenRows',
  'only',
] as const satisfies readonly (keyof ImportOptions)[];

/** The flags of a run, as words of a command line: those that change what it does. */
export function shownFlags(options: ImportOptions): readonly string[] {
  return toArgs(options, [...SAME_FILE_OPTIONS, 'allOrNothing', ...STOP_OPTIONS]);
}

/** The flags of a past run, as far as its journal has them. */
export function flagsOf({
  command,
  settings,
}: Pick<RunDescription, 'command' | 'settings'>): readonly string[] {
  if (sendsRows({ command })) return shownFlags(fromSettings(settings, {}));
  return settings.sendEmail === false ? ['--no-send-email'] : [];
}

/** Options that are given again when a run is resumed; the journal remembers the others. */
export const STOP_OPTIONS = ['canary', 'maxFailures'] as const satisfies readonly (keyof ImportOptions)[];

/** Options as the flags that set them; those with their default value are left out. */
export function toArgs(options: ImportOptions, names: readonly (keyof ImportOptions)[]): string[] {
  const defaults: ImportOptions = DEFAULTS;
  return names.flatMap((name) => {
    const value = options[name];
    if (value === undefined || typeof value === 'function' || value === defaults[name]) return [];
    if (name === 'linkDays' && value === DEFAULT_LINK_DAYS) return [];
    const flag = flagOf(name);
    if (typeof value === 'boolean') return [value ? `--${flag}` : `--no-${flag}`];
    if (Array.isArray(value)) {
      if (name === 'groups') return value.flatMap((item: string) => [`--${flag}`, item]);
      return value.length === 0 ? [] : [`--${flag}`, formatColumnList(value)];
    }
    return [`--${flag}`, typeof value === 'object' && 'fileName' in value ? value.fileName : String(value)];
  });
}

/** The flag that sets an option: `--if-exists` for `ifExists`. */
function flagOf(name: keyof ImportOptions): string {
  if (name === 'groups') return 'group';
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
