import type { Argv } from 'yargs';

/** Headings of the flags in `--help`, in the order in which they stand there. */
export const GROUPS = {
  users: 'Which users:',
  print: 'What is printed:',
  rows: 'What becomes of a row:',
  file: 'The file:',
  sandbox: 'The sandbox org:',
  org: 'The org:',
  pace: 'Pace and patience:',
  talk: 'Report and talk:',
  help: 'Help:',
} as const;

/** Flags that come last are meant, as in `--concurrency 5 --concurrency 10`; lists are given by repetition. */
export const last = <T>(value: T | T[]): T => (Array.isArray(value) ? (value.at(-1) as T) : value);

export function orgUrlFlag<T>(argv: Argv<T>) {
  return argv
    .option('org-url', {
      type: 'string',
      group: GROUPS.org,
      coerce: last<string>,
      describe: 'The org; else OKTA_CLIENT_ORGURL, else okta.yaml. Secrets have no flag',
    })
    .option('custom-domain', {
      type: 'boolean',
      default: false,
      group: GROUPS.org,
      describe: "The org's URL is a domain of its own, not Okta's",
    })
    .option('env-file', {
      type: 'string',
      group: GROUPS.org,
      coerce: last<string>,
      describe: 'File of NAME=value lines to read settings from, such as .env',
    })
    .option('ca', {
      type: 'string',
      group: GROUPS.org,
      coerce: last<string>,
      describe: "File of certificates (PEM) to trust besides the system's",
    });
}

export function orgFlags<T>(argv: Argv<T>) {
  return orgUrlFlag(argv).option('sandbox', {
    type: 'boolean',
    default: false,
    group: GROUPS.org,
    describe: 'A sandbox org inside this process',
  });
}

export function paceFlags<T>(argv: Argv<T>) {
  return argv
    .option('concurrency', {
      type: 'number',
      default: 10,
      group: GROUPS.pace,
      coerce: last<number>,
      describe: 'Most requests in flight',
    })
    .option('rate-limit-share', {
      type: 'number',
      default: 0.9,
      group: GROUPS.pace,
      coerce: last<number>,
      describe: "Share of each of the org's rate limits that may be used",
    })
    .option('request-timeout', {
      type: 'number',
      default: 30,
      group: GROUPS.pace,
      coerce: last<number>,
      describe: 'Seconds to wait for an answer',
    })
    .option('give-up-after', {
      type: 'number',
      default: 300,
      group: GROUPS.pace,
      coerce: last<number>,
      describe: 'Seconds that the org may be away before the run stops',
    });
}

export function brakeFlags<T>(argv: Argv<T>) {
  return argv
    .option('canary', {
      type: 'number',
      group: GROUPS.pace,
      coerce: last<number>,
      describe: 'Send so many rows first, the others only if all of those succeed',
    })
    .option('max-failures', {
      type: 'string',
      group: GROUPS.pace,
      coerce: last<string>,
      describe: 'Stop when more rows than that are bad: 20, or 5%',
    });
}

export function talkFlags<T>(argv: Argv<T>) {
  return argv
    .option('reports', {
      type: 'string',
      default: 'reports',
      group: GROUPS.talk,
      coerce: last<string>,
      describe: 'Where run folders go',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      group: GROUPS.talk,
      describe: 'The summary as JSON on standard output',
    })
    .option('quiet', {
      type: 'boolean',
      default: false,
      group: GROUPS.talk,
      describe: 'Say only what went wrong',
    })
    .option('progress', {
      type: 'boolean',
      default: true,
      group: GROUPS.talk,
      describe: 'Show how far the run is; --no-progress does not',
    })
    .option('metrics-file', {
      type: 'string',
      group: GROUPS.talk,
      coerce: last<string>,
      describe: 'Keep metrics of the run in a file, for Prometheus (.prom)',
    })
    .option('heartbeat', {
      type: 'string',
      group: GROUPS.talk,
      coerce: last<string>,
      describe: 'URL to tell that the run started and how it ended',
    });
}

/** How the file is to be read, where detection is wrong. */
export function dialectFlags<T>(argv: Argv<T>) {
  return argv
    .option('encoding', {
      type: 'string',
      group: GROUPS.file,
      coerce: last<string>,
      describe: 'Encoding of the file, such as windows-1252',
    })
    .option('delimiter', {
      type: 'string',
      group: GROUPS.file,
      coerce: last<string>,
      describe: 'Delimiter of the file, such as ";" or tab',
    })
    .option('sheet', {
      type: 'string',
      group: GROUPS.file,
      coerce: last<string>,
      describe: 'Sheet of a workbook, by name or number (default: the first)',
    });
}

export function rowFlags<T>(argv: Argv<T>) {
  return dialectFlags(argv)
    .option('mapping', {
      type: 'string',
      group: GROUPS.rows,
      coerce: last<string>,
      describe: 'Mapping file (YAML), or preset:okta, google, entra, bamboohr, workday',
    })
    .option('activate', {
      type: 'boolean',
      default: true,
      group: GROUPS.rows,
      describe: 'Create people active; --no-activate creates them STAGED',
    })
    .option('change-password', {
      type: 'boolean',
      default: false,
      group: GROUPS.rows,
      describe: 'People choose a new password when they first sign in',
    })
    .option('group', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      group: GROUPS.rows,
      describe: 'Name or id of a group that everyone joins; repeatable',
    })
    .option('user-type', {
      type: 'string',
      group: GROUPS.rows,
      coerce: last<string>,
      describe: 'Name or id of the user type of everyone whose row says none',
    })
    .option('if-exists', {
      choices: ['fail', 'skip', 'update'] as const,
      default: 'fail' as const,
      group: GROUPS.rows,
      coerce: last<'fail' | 'skip' | 'update'>,
      describe: 'Where the login is taken: the row fails, is left alone, or the user is brought up to date',
    })
    .option('clear-empty', {
      type: 'boolean',
      default: false,
      group: GROUPS.rows,
      describe: 'With --if-exists update: an empty cell empties the attribute',
    })
    .option('create-groups', {
      type: 'boolean',
      default: false,
      group: GROUPS.rows,
      describe: 'Create the groups that the org does not have',
    })
    .option('only', {
      type: 'string',
      group: GROUPS.rows,
      coerce: last<string>,
      describe: 'Rows to do, such as 1-10,42',
    })
    .option('ignore-columns', {
      type: 'string',
      group: GROUPS.file,
      coerce: last<string>,
      describe: 'Columns that feed nothing, such as Notes,Badge',
    })
    .option('run-id', {
      type: 'string',
      group: GROUPS.talk,
      coerce: last<string>,
      describe: 'Name of the run folder (default: time and file name)',
    });
}

export const orgOption = {
  type: 'boolean',
  default: false,
  group: GROUPS.org,
  describe: "Dry run: check against the org's attributes, groups and types too",
} as const;

export function fileArgument<T>(argv: Argv<T>) {
  return (
    argv
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'CSV (also .gz) or Excel workbook (.xlsx) with a header; - reads standard input',
      })
      // Else yargs makes an empty text of "-".
      .nargs('file', 1)
  );
}

export function runArgument<T>(argv: Argv<T>) {
  return argv.positional('run', { type: 'string', demandOption: true, describe: 'Run id, or its folder' });
}
