#!/usr/bin/env node
import { readFileSync } from 'node:fs';

import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';

import { systemClock } from './clock.js';
import type { RowFlags } from './commands/checks.js';
import type { InterruptSignal, Surroundings } from './commands/surroundings.js';
import { OktaImportError } from './errors.js';
import { loadOrg, loadRequestSettings } from './settings/load.js';

/** The command line cannot be understood. */
class UsageError extends OktaImportError {
  override readonly code = 'ERR_USAGE';
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const GROUPS = {
  rows: 'What becomes of a row:',
  file: 'The file:',
  org: 'The org:',
  pace: 'Pace and patience:',
  talk: 'Report and talk:',
} as const;

/** Flags that come last are meant, as in `--concurrency 5 --concurrency 10`; lists are given by repetition. */
const last = <T>(value: T | T[]): T => (Array.isArray(value) ? (value.at(-1) as T) : value);

function orgFlags<T>(argv: Argv<T>) {
  return argv
    .option('org-url', {
      type: 'string',
      group: GROUPS.org,
      coerce: last<string>,
      describe: 'The org; else OKTA_CLIENT_ORGURL. The token is OKTA_CLIENT_TOKEN',
    })
    .option('sandbox', {
      type: 'boolean',
      default: false,
      group: GROUPS.org,
      describe: 'A sandbox org inside this process',
    });
}

function paceFlags<T>(argv: Argv<T>) {
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

function talkFlags<T>(argv: Argv<T>) {
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
    });
}

function rowFlags<T>(argv: Argv<T>) {
  return argv
    .option('mapping', {
      type: 'string',
      group: GROUPS.rows,
      coerce: last<string>,
      describe: 'Mapping file (YAML); columns are recognised by name without one',
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
    .option('run-id', {
      type: 'string',
      group: GROUPS.talk,
      coerce: last<string>,
      describe: 'Name of the run folder (default: time and file name)',
    });
}

interface RowArguments extends Omit<
  RowFlags,
  'ignoreColumns' | 'mapping' | 'userType' | 'only' | 'encoding' | 'delimiter'
> {
  readonly mapping?: string | undefined;
  readonly userType?: string | undefined;
  readonly only?: string | undefined;
  readonly ignoreColumns?: string | undefined;
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
}

function rowFlagsOf(argv: RowArguments): RowFlags {
  return {
    mapping: argv.mapping,
    activate: argv.activate,
    changePassword: argv.changePassword,
    group: argv.group,
    userType: argv.userType,
    only: argv.only,
    ignoreColumns: (argv.ignoreColumns ?? '')
      .split(',')
      .map((column) => column.trim())
      .filter((column) => column !== ''),
    encoding: argv.encoding,
    delimiter: argv.delimiter,
  };
}

/** Runs the command of the arguments. @returns the exit code. */
async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env } = process;
  let exitCode = 0;
  await yargs(args)
    .scriptName('okta-csv-import')
    .usage('$0 <command>\n\nTurns a CSV of people into users of an Okta org.')
    .command(
      'import <file>',
      'Create a user for every row of a CSV',
      (argv) =>
        talkFlags(paceFlags(orgFlags(rowFlags(fileArgument(argv)))))
          .option('dry-run', {
            type: 'boolean',
            default: false,
            group: GROUPS.org,
            describe: 'Only check the file, as validate does',
          })
          .option('org', orgOption)
          .example('$0 import people.csv --sandbox', 'Try it without an org')
          .example('$0 import people.csv --group "New hires" --no-activate', ''),
      async (argv) => {
        if (argv.dryRun) {
          exitCode = await validate(argv);
          return;
        }
        const { importFile } = await import('./commands/import.js');
        exitCode = await importFile(
          {
            file: argv.file,
            rows: rowFlagsOf(argv),
            org: loadOrg(argv, env),
            requests: loadRequestSettings(argv),
            talk: argv,
            reports: argv.reports,
            runId: argv.runId,
          },
          surroundings,
        );
      },
    )
    .command(
      'validate <file>',
      'Say what import would say of every row; write nothing to the org',
      (argv) =>
        talkFlags(paceFlags(orgFlags(rowFlags(fileArgument(argv)))))
          .option('org', orgOption)
          .example('$0 validate people.csv', 'Offline: needs no org and no token')
          .example('$0 validate people.csv --org', "With the org's own attributes, groups and types"),
      async (argv) => {
        exitCode = await validate(argv);
      },
    )
    .command(
      'resume <run>',
      'Go on with a run that stopped',
      (argv) =>
        talkFlags(
          paceFlags(
            orgFlags(
              argv.positional('run', {
                type: 'string',
                demandOption: true,
                describe: 'Run id, or its folder',
              }),
            ),
          ),
        )
          .option('file', {
            type: 'string',
            group: GROUPS.file,
            coerce: last<string>,
            describe: 'Where the file is now, if it was moved',
          })
          .example('$0 resume 2026-11-24T02-00-00Z-people', ''),
      async (argv) => {
        const { resumeRun } = await import('./commands/resume.js');
        exitCode = await resumeRun(
          {
            run: argv.run,
            file: argv.file,
            org: loadOrg(argv, env),
            requests: loadRequestSettings(argv),
            talk: argv,
            reports: argv.reports,
          },
          surroundings,
        );
      },
    )
    .command(
      'get <user>',
      'Print one user as JSON',
      (argv) =>
        paceFlags(
          orgFlags(
            argv.positional('user', {
              type: 'string',
              demandOption: true,
              describe: 'Okta id, login, login short name, or me',
            }),
          ),
        )
          .example('$0 get ada@example.com', '')
          .example('$0 get me', "The token's owner"),
      async (argv) => {
        const { getUser } = await import('./commands/get.js');
        exitCode = await getUser(
          { user: argv.user, org: loadOrg(argv, env), requests: loadRequestSettings(argv) },
          surroundings,
        );
      },
    )
    .command(
      'list',
      'List users of the org',
      (argv) =>
        paceFlags(orgFlags(argv))
          .option('q', {
            type: 'string',
            coerce: last<string>,
            describe: 'Beginning of a first name, last name or email',
          })
          .option('search', {
            type: 'string',
            coerce: last<string>,
            conflicts: ['filter', 'q'],
            describe: 'Expression over any attribute',
          })
          .option('filter', {
            type: 'string',
            coerce: last<string>,
            conflicts: ['q'],
            describe: 'Expression over status, lastUpdated, id and a few attributes',
          })
          .option('limit', { type: 'number', coerce: last<number>, describe: 'Most users to list' })
          .option('format', {
            choices: ['table', 'csv', 'json', 'ndjson'] as const,
            default: 'table' as const,
            describe: 'How to print them',
          })
          .example(`$0 list --search 'profile.department eq "Sales"'`, '')
          .example(`$0 list --filter 'status eq "STAGED"' --format csv`, ''),
      async (argv) => {
        const { listUsers } = await import('./commands/list.js');
        if (argv.limit !== undefined && !(Number.isInteger(argv.limit) && argv.limit > 0)) {
          throw new UsageError('--limit takes a whole number above 0.');
        }
        exitCode = await listUsers(
          {
            q: argv.q,
            search: argv.search,
            filter: argv.filter,
            limit: argv.limit,
            format: argv.format,
            org: loadOrg(argv, env),
            requests: loadRequestSettings(argv),
          },
          surroundings,
        );
      },
    )
    .command(
      'sandbox',
      'Serve a sandbox org until stopped',
      (argv) =>
        argv
          .option('port', {
            type: 'number',
            default: 0,
            coerce: last<number>,
            describe: 'Port on 127.0.0.1; 0 lets the system pick',
          })
          .option('rate-limit', {
            type: 'number',
            coerce: last<number>,
            describe: "Requests a minute in every bucket (default: a Workforce org's)",
          })
          .option('concurrency-limit', {
            type: 'number',
            default: 75,
            coerce: last<number>,
            describe: 'Most requests in flight',
          })
          .option('latency', {
            type: 'number',
            default: 0,
            coerce: last<number>,
            describe: 'Milliseconds that every answer takes',
          })
          .example('$0 sandbox --port 8080', ''),
      async (argv) => {
        const { serveSandbox } = await import('./commands/sandbox.js');
        exitCode = await serveSandbox(
          {
            port: argv.port,
            rateLimit: argv.rateLimit,
            concurrencyLimit: argv.concurrencyLimit,
            latencyMs: argv.latency,
          },
          surroundings,
        );
      },
    )
    .demandCommand(1, 1, 'Name a command.', 'Name one command.')
    .strict()
    .recommendCommands()
    .version(version)
    .alias('help', 'h')
    .wrap(80)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(message, { hint: 'See okta-csv-import --help.' });
    })
    .parseAsync();
  return exitCode;

  async function validate(
    argv: RowArguments & {
      readonly file: string;
      readonly org: boolean;
      readonly sandbox: boolean;
      readonly orgUrl?: string | undefined;
      readonly reports: string;
      readonly runId?: string | undefined;
      readonly json: boolean;
      readonly quiet: boolean;
      readonly progress: boolean;
      readonly concurrency: number;
      readonly rateLimitShare: number;
      readonly requestTimeout: number;
      readonly giveUpAfter: number;
    },
  ): Promise<number> {
    const { validateFile } = await import('./commands/validate.js');
    return validateFile(
      {
        file: argv.file,
        rows: rowFlagsOf(argv),
        org: argv.org || argv.sandbox ? loadOrg(argv, env) : undefined,
        requests: loadRequestSettings(argv),
        talk: argv,
        reports: argv.reports,
        runId: argv.runId,
      },
      surroundings,
    );
  }
}

const orgOption = {
  type: 'boolean',
  default: false,
  group: GROUPS.org,
  describe: "Dry run: check against the org's attributes, groups and types too",
} as const;

function fileArgument<T>(argv: Argv<T>) {
  return argv.positional('file', {
    type: 'string',
    demandOption: true,
    describe: 'CSV file with a header; - reads standard input',
  });
}

/** What went wrong, in words. @returns the exit code. */
function report(error: unknown): number {
  if (error instanceof OktaImportError) {
    process.stderr.write(`okta-csv-import: ${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`${error.hint}\n`);
    return error.code === 'ERR_LOCKED' ? 4 : 2;
  }
  process.stderr.write(
    `okta-csv-import: a bug, not something you did. Please report this:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return 3;
}

/** The first signal is the command's to hear; the second ends the process at once, and the journal has all that matters. */
function listenToSignals(): Surroundings['onInterrupt'] {
  const listeners: ((signal: InterruptSignal) => void)[] = [];
  let isInterrupted = false;
  const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // oxlint-disable-next-line unicorn/no-process-exit
      if (isInterrupted) process.exit(exitCodes[signal]);
      isInterrupted = true;
      for (const listener of listeners) listener(signal);
    });
  }
  return (listener) => listeners.push(listener);
}

// Whoever reads our talk or data may leave; that is no reason to leave a run half done.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const isPlain =
  process.env['CI'] !== undefined || process.env['NO_COLOR'] !== undefined || process.env['TERM'] === 'dumb';
try {
  process.exitCode = await run(hideBin(process.argv), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: systemClock,
    random: Math.random,
    version,
    isInteractive: process.stderr.isTTY && !isPlain,
    onInterrupt: listenToSignals(),
  });
} catch (error) {
  process.exitCode = report(error);
}
