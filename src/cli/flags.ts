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

/** What every flag declares. */
interface FlagText {
  readonly group: (typeof GROUPS)[number];
  /** Begins with a verb or a noun; at most two lines in `--help`. */
  readonly describe: string;
  /** A single letter. */
  readonly alias?: string;
}

/** A flag that takes a value. */
interface ValueFlagText extends FlagText {
  /** Placeholder in `--help`, such as `file`. */
  readonly value: string;
  /** Flags that it cannot be combined with. */
  readonly conflicts?: readonly string[];
}

/** A flag as yargs takes it, with what `--help` shows. */
export interface Flag extends FlagText {
  readonly type: 'string' | 'number' | 'boolean';
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean | string[];
  readonly conflicts?: readonly string[];
}

export type Flags = Readonly<Record<string, Flag>>;

/** A flag that takes a text. */
export function text<const F extends ValueFlagText & { readonly default?: string }>(flag: F) {
  return { ...flag, type: 'string', requiresArg: true, coerce: last<string> } as const;
}

/** A flag that takes a number. */
export function number<const F extends ValueFlagText & { readonly default?: number }>(flag: F) {
  return { ...flag, type: 'number', requiresArg: true, coerce: last<number> } as const;
}

/** A flag that takes one of a few words. */
export function choice<const C extends string, const F extends ValueFlagText & { readonly default: C }>(
  choices: readonly C[],
  flag: F,
) {
  return { ...flag, choices, type: 'string', requiresArg: true, coerce: last<C> } as const;
}

/** A flag that is off unless it is given. */
export function off<const F extends FlagText>(flag: F) {
  return { ...flag, type: 'boolean', default: false } as const;
}

/** A flag that is on unless it is given as `--no-…`, which is how `--help` shows it. */
export function on<const F extends FlagText>(flag: F) {
  return { ...flag, type: 'boolean', default: true } as const;
}

/** When a flag is given twice, the last one counts, as in `--concurrency 5 --concurrency 10`. */
function last<T>(value: T | T[]): T {
  return Array.isArray(value) ? (value.at(-1) as T) : value;
}

export const orgUrlFlags = {
  'org-url': text({
    group: 'Okta org',
    value: 'url',
    describe: 'URL of the org (default: OKTA_CLIENT_ORGURL, then okta.yaml). Secrets have no flag',
  }),
  'custom-domain': off({ group: 'Okta org', describe: 'The org URL is a custom domain' }),
  'env-file': text({
    group: 'Okta org',
    value: 'file',
    describe: 'Read settings from a file of NAME=value lines, such as .env',
  }),
  ca: text({
    group: 'Okta org',
    value: 'file',
    describe: 'Trust the certificates (PEM) in this file as well as those of the system',
  }),
} as const;

export const orgFlags = {
  ...orgUrlFlags,
  sandbox: off({ group: 'Okta org', describe: 'Use a sandbox org inside this process' }),
} as const;

export const rateFlags = {
  concurrency: number({
    group: 'Rate limits and timeouts',
    value: 'n',
    default: 10,
    describe: 'Maximum number of requests in flight',
  }),
  'rate-limit-share': number({
    group: 'Rate limits and timeouts',
    value: 'n',
    default: 0.9,
    describe: 'Share of each rate limit of the org to use, from 0 to 1',
  }),
  'request-timeout': number({
    group: 'Rate limits and timeouts',
    value: 'seconds',
    default: 30,
    describe: 'Time to wait for a response',
  }),
  'give-up-after': number({
    group: 'Rate limits and timeouts',
    value: 'seconds',
    default: 300,
    describe: 'Stop the run when the org has been unavailable for this long',
  }),
} as const;

export const stopFlags = {
  canary: number({
    group: 'Stop conditions',
    value: 'n',
    describe: 'Send the first N rows; continue only if all succeed',
  }),
  'max-failures': text({
    group: 'Stop conditions',
    value: 'n|n%',
    describe: 'Stop when more rows than this are invalid or fail: 20, or 5%',
  }),
} as const;

/** How every command logs. */
export const logFlags = {
  'log-format': choice(['text', 'json'], {
    group: 'Output and logging',
    value: 'format',
    default: 'text',
    describe: 'Log format on stderr: text, or one JSON event per line',
  }),
  'log-file': text({
    group: 'Output and logging',
    value: 'file',
    describe: 'Append every event to a file, as JSON',
  }),
  verbose: off({ group: 'Output and logging', describe: 'Also log every request, wait and retry' }),
} as const;

/** What the commands with a run folder print and write. */
export const reportFlags = {
  reports: text({
    group: 'Output and logging',
    value: 'folder',
    default: 'reports',
    describe: 'Folder that holds the run folders',
  }),
  json: off({ group: 'Output and logging', describe: 'Print the summary as JSON on stdout' }),
  quiet: off({ group: 'Output and logging', describe: 'Print only warnings and errors' }),
  progress: on({ group: 'Output and logging', describe: 'Do not show progress' }),
  'metrics-file': text({
    group: 'Output and logging',
    value: 'file',
    describe: 'Write metrics of the run to a file, for Prometheus (.prom)',
  }),
  heartbeat: text({
    group: 'Output and logging',
    value: 'url',
    describe: 'Ping a URL when the run starts and when it ends',
  }),
} as const;

/** How to read the input file, where detection is wrong. */
export const dialectFlags = {
  encoding: text({
    group: 'Input file',
    value: 'name',
    describe: 'Encoding of the file, such as windows-1252 (default: detected)',
  }),
  delimiter: text({
    group: 'Input file',
    value: 'character',
    describe: 'Delimiter of the file, such as ";" or tab (default: detected)',
  }),
  sheet: text({
    group: 'Input file',
    value: 'name|n',
    describe: 'Sheet of a workbook, by name or number (default: the first)',
  }),
} as const;

/** How rows become users. */
export const rowFlags = {
  mapping: text({
    group: 'Row handling',
    value: 'file',
    describe: 'Mapping file (YAML), or preset:okta, google, entra, bamboohr, workday',
  }),
  activate: on({ group: 'Row handling', describe: 'Create users STAGED instead of active' }),
  'change-password': off({
    group: 'Row handling',
    describe: 'Require a new password at the first sign-in',
  }),
  group: {
    group: 'Row handling',
    value: 'name|id',
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    describe: 'Add every user to this group; repeatable',
  },
  'user-type': text({
    group: 'Row handling',
    value: 'name|id',
    describe: 'User type of rows that do not name one',
  }),
  'if-exists': choice(['fail', 'skip', 'update'], {
    group: 'Row handling',
    value: 'action',
    default: 'fail',
    describe: 'What to do when the user already exists',
  }),
  'clear-empty': off({
    group: 'Row handling',
    describe: 'With --if-exists update: an empty cell clears the attribute',
  }),
  'create-groups': off({ group: 'Row handling', describe: 'Create groups that do not exist' }),
  only: text({ group: 'Row handling', value: 'rows', describe: 'Process only these rows, such as 1-10,42' }),
  ...dialectFlags,
  'ignore-columns': text({
    group: 'Input file',
    value: 'columns',
    describe: 'Columns to ignore, such as Notes,Badge',
  }),
  'run-id': text({
    group: 'Output and logging',
    value: 'id',
    describe: 'Name of the run folder (default: time and file name)',
  }),
} as const;
