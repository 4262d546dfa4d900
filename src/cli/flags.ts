import { DEFAULT_LINK_DAYS } from '../jobs/options.js';

/** Headings of the flags in `--help`, in the order in which they appear. */
export const GROUPS = [
  'User selection',
  'Row handling',
  'Input file',
  'Sandbox org',
  'Okta org',
  'Stop conditions',
  'Rate limits and timeouts',
  'Output and logging',
] as const;

/** A flag as yargs takes it, with what `--help` shows. */
export interface Flag {
  readonly group: (typeof GROUPS)[number];
  /** Begins with a verb or a noun; at most two lines in `--help`. */
  readonly describe: string;
  readonly type: 'string' | 'number' | 'boolean';
  /** Placeholder in `--help`, such as `file`, of a flag that takes a value. */
  readonly value?: string;
  /** A single letter. */
  readonly alias?: string;
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean | string[];
  /** Flags that it cannot be combined with. */
  readonly conflicts?: readonly string[];
}

export type Flags = Readonly<Record<string, Flag>>;

/** Builds flags under one heading of `--help`, from the placeholder of a value, if there is one, and a description. */
function flagsUnder<const G extends Flag['group']>(group: G) {
  return {
    text: (value: string, describe: string) =>
      ({ group, value, describe, type: 'string', requiresArg: true, coerce: last<string> }) as const,
    number: (value: string, describe: string) =>
      ({ group, value, describe, type: 'number', requiresArg: true, coerce: last<number> }) as const,
    /** Several values, separated by commas, which can also be given in several flags. */
    list: (value: string, describe: string) =>
      ({ group, value, describe, type: 'string', requiresArg: true, coerce: joined }) as const,
    /** One of a few words; the first is the default. */
    choice: <const C extends string>(value: string, describe: string, choices: readonly [C, ...C[]]) => {
      const shared = { group, value, describe, choices, default: choices[0] };
      return { ...shared, type: 'string', requiresArg: true, coerce: last<C> } as const;
    },
    /** One of a few words, or nothing. */
    oneOf: <const C extends string>(value: string, describe: string, choices: readonly C[]) =>
      ({ group, value, describe, choices, type: 'string', requiresArg: true, coerce: last<C> }) as const,
    /** Off unless it is given. */
    off: (describe: string) => ({ group, describe, type: 'boolean', default: false }) as const,
    /** On unless it is given as `--no-…`, which is how `--help` shows it. */
    on: (describe: string) => ({ group, describe, type: 'boolean', default: true }) as const,
  };
}

/** When a flag is given twice, the last one counts, as in `--concurrency 5 --concurrency 10`. */
function last<T>(value: T | T[]): T {
  return Array.isArray(value) ? (value.at(-1) as T) : value;
}

function joined(value: string | string[]): string {
  return Array.isArray(value) ? value.join(',') : value;
}

export const userFlag = flagsUnder('User selection');
export const rowFlag = flagsUnder('Row handling');
export const fileFlag = flagsUnder('Input file');
export const sandboxFlag = flagsUnder('Sandbox org');
export const orgFlag = flagsUnder('Okta org');
export const stopFlag = flagsUnder('Stop conditions');
export const rateFlag = flagsUnder('Rate limits and timeouts');
export const outputFlag = flagsUnder('Output and logging');

export const orgUrlFlags = {
  'org-url': orgFlag.text(
    'url',
    'URL of the org (default: OKTA_CLIENT_ORGURL, then okta.yaml). Secrets have no flag',
  ),
  'custom-domain': orgFlag.off('The org URL is a custom domain'),
  'env-file': orgFlag.text('file', 'Read settings from a file of NAME=value lines, such as .env'),
  ca: orgFlag.text('file', 'Trust the certificates (PEM) in this file as well as those of the system'),
} as const;

export const orgFlags = {
  ...orgUrlFlags,
  sandbox: orgFlag.off('Use a sandbox org inside this process'),
} as const;

export const rateFlags = {
  concurrency: { ...rateFlag.number('n', 'Maximum number of requests in flight'), default: 10 },
  'rate-limit-share': {
    ...rateFlag.number('n', 'Share of each rate limit of the org to use, from 0 to 1'),
    default: 0.9,
  },
  'request-timeout': { ...rateFlag.number('seconds', 'Time to wait for a response'), default: 30 },
  'give-up-after': {
    ...rateFlag.number('seconds', 'Stop the run when the org has been unavailable for this long'),
    default: 300,
  },
} as const;

export const stopFlags = {
  canary: stopFlag.number('n', 'Send the first N rows; continue only if all succeed'),
  'max-failures': stopFlag.text('n|n%', 'Stop when more rows than this are invalid or fail: 20, or 5%'),
} as const;

/** How every command logs. */
export const logFlags = {
  'log-format': outputFlag.choice('format', 'Log format on stderr: text, or one JSON event per line', [
    'text',
    'json',
  ]),
  'log-file': outputFlag.text('file', 'Append every event to a file, as JSON'),
  verbose: outputFlag.off('Also log every request, wait and retry'),
} as const;

/** What the commands with a run folder print and write. */
export const reportFlags = {
  reports: { ...outputFlag.text('folder', 'Folder that holds the run folders'), default: 'reports' },
  json: outputFlag.off('Print the summary as JSON on stdout'),
  quiet: outputFlag.off('Print only warnings and errors'),
  progress: outputFlag.on('Do not show progress'),
  'metrics-file': outputFlag.text('file', 'Write metrics of the run to a file, for Prometheus (.prom)'),
  heartbeat: outputFlag.text('url', 'Ping a URL when the run starts and when it ends'),
} as const;

/** What a dry run shows of the first rows. */
export const previewFlag = {
  group: 'Output and logging',
  type: 'boolean',
  describe: 'Dry run: show the values of the first rows as they would be sent (default: at a terminal)',
} as const satisfies Flag;

/** How to read the input file, where detection is wrong. */
export const dialectFlags = {
  encoding: fileFlag.text('name', 'Encoding of the file, such as windows-1252 (default: detected)'),
  delimiter: fileFlag.text('character', 'Delimiter of the file, such as ";" or tab (default: detected)'),
  sheet: fileFlag.text('name|n', 'Sheet of a workbook, by name or number (default: the first visible)'),
  'header-row': fileFlag.number('n', 'Line of the header (default: found among the first 20 rows)'),
} as const;

/** Where passwords and activation links go instead of into emails. */
export const linksFlags = {
  links: rowFlag.text(
    'file',
    'Write activation links and passwords to a file instead of emails: .csv or .html pages',
  ),
  letter: rowFlag.text('file', 'With --links letters.html: Liquid template of the page'),
  'link-days': {
    ...rowFlag.number('n', 'With --links: how long the links of the org are valid'),
    default: DEFAULT_LINK_DAYS,
  },
} as const;

/** How rows become users. */
export const rowFlags = {
  mapping: rowFlag.text('file', 'Mapping file (YAML), or preset:okta, google, entra, bamboohr, workday'),
  activate: rowFlag.on('Create users STAGED instead of active'),
  'change-password': rowFlag.off('Require a new password at the first sign-in'),
  group: {
    group: 'Row handling',
    value: 'name|id',
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    describe: 'Add every user to this group; repeatable',
  },
  'user-type': rowFlag.text('name|id', 'User type of rows that do not name one'),
  'if-exists': rowFlag.choice('action', 'What to do when the user already exists', [
    'fail',
    'skip',
    'update',
  ]),
  'clear-empty': rowFlag.off('With --if-exists update: an empty cell clears the attribute'),
  'create-groups': rowFlag.off('Create groups that do not exist'),
  ...linksFlags,
  only: rowFlag.list('rows', 'Process only these rows, such as 1-10,42'),
  ...dialectFlags,
  'hidden-rows': fileFlag.oneOf('action', 'What to do with hidden rows of a workbook', ['include', 'skip']),
  'ignore-columns': fileFlag.list('columns', 'Columns to ignore, such as Notes,Badge'),
  'run-id': outputFlag.text('id', 'Name of the run folder (default: time and file name)'),
} as const;
