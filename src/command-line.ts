import yargs from 'yargs';

import {
  brakeFlags,
  brakesOf,
  dialectFlags,
  fileArgument,
  last,
  orgFlags,
  orgUrlFlag,
  orgOption,
  paceFlags,
  rowFlags,
  rowFlagsOf,
  runArgument,
  talkFlags,
  GROUPS,
  UsageError,
  usageError,
  type RowArguments,
} from './commands/flags.js';
import type { Surroundings } from './commands/surroundings.js';
import { loadOrg, loadRequestSettings, type Environment } from './settings/load.js';

const COMMANDS = ['import', 'validate', 'mapping', 'resume', 'verify', 'undo', 'get', 'list', 'sandbox'];

/** @throws {UsageError} not a whole number, or out of range. */
function assertWhole(flag: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new UsageError(`${flag} takes a whole number from ${least} to ${most}.`);
}

/** The flags of the command that is being parsed; yargs knows, its types do not. */
function flagsOf(parser: object): string[] {
  if (!('getOptions' in parser && typeof parser.getOptions === 'function')) return [];
  const { key } = parser.getOptions() as { readonly key: Readonly<Record<string, unknown>> };
  return Object.keys(key);
}

/**
 * Every command and its flags; a verb is loaded when it is called for.
 *
 * @param env - the process's environment.
 * @returns the exit code.
 * @throws {UsageError} the command line cannot be understood.
 */
export async function runCommandLine(
  args: readonly string[],
  env: Environment,
  surroundings: Surroundings,
): Promise<number> {
  let exitCode = 0;
  const parser = yargs(args);
  await parser
    .scriptName('okta-csv-import')
    .usage('$0 <command>\n\nTurns a CSV of people into users of an Okta org.')
    .command(
      'import <file>',
      'Create a user for every row of a CSV',
      (argv) =>
        talkFlags(brakeFlags(paceFlags(orgFlags(rowFlags(fileArgument(argv))))))
          .option('all-or-nothing', {
            type: 'boolean',
            default: false,
            group: GROUPS.rows,
            describe: 'Send nothing unless every row is good',
          })
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
            brakes: brakesOf(argv),
            allOrNothing: argv.allOrNothing,
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
      'mapping <file>',
      'Write a commented first mapping for a file',
      (argv) =>
        paceFlags(orgFlags(dialectFlags(fileArgument(argv))))
          .option('org', { ...orgOption, describe: "Know the org's own attributes too" })
          .option('output', {
            type: 'string',
            alias: 'o',
            group: GROUPS.talk,
            coerce: last<string>,
            describe: 'File to write; standard output without it',
          })
          .example('$0 mapping people.csv --output people.yaml', ''),
      async (argv) => {
        const { draftMappingFile } = await import('./commands/mapping.js');
        exitCode = await draftMappingFile(
          {
            file: argv.file,
            output: argv.output,
            encoding: argv.encoding,
            delimiter: argv.delimiter,
            sheet: argv.sheet,
            org: argv.org || argv.sandbox ? loadOrg(argv, env) : undefined,
            requests: loadRequestSettings(argv),
          },
          surroundings,
        );
      },
    )
    .command(
      'resume <run>',
      'Go on with a run that stopped',
      (argv) =>
        talkFlags(brakeFlags(paceFlags(orgUrlFlag(runArgument(argv)))))
          .option('file', {
            type: 'string',
            nargs: 1,
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
            brakes: brakesOf(argv),
            talk: argv,
            reports: argv.reports,
          },
          surroundings,
        );
      },
    )
    .command(
      'verify <run>',
      'Read back every user that a run says it created',
      (argv) =>
        talkFlags(paceFlags(orgUrlFlag(runArgument(argv)))).example(
          '$0 verify 2026-11-24T02-00-00Z-people',
          '',
        ),
      async (argv) => {
        const { verifyRun } = await import('./commands/verify.js');
        exitCode = await verifyRun(
          {
            run: argv.run,
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
      'undo <run>',
      'Delete the users that a run created, after showing what it will do',
      (argv) =>
        talkFlags(paceFlags(orgUrlFlag(runArgument(argv))))
          .option('yes', { type: 'boolean', default: false, describe: 'Do it without asking, for scripts' })
          .option('force', {
            type: 'boolean',
            default: false,
            describe: 'Users as well whose profile was changed since',
          })
          .example('$0 undo 2026-11-24T02-00-00Z-people', 'Shows what it would delete, and asks'),
      async (argv) => {
        const { undoRun } = await import('./commands/undo.js');
        exitCode = await undoRun(
          {
            run: argv.run,
            yes: argv.yes,
            force: argv.force,
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
        if (argv.user.trim() === '') {
          throw new UsageError('get needs a user: an id, a login, its short name, or me.');
        }
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
        assertWhole('--port', argv.port, 0, 65_535);
        assertWhole('--rate-limit', argv.rateLimit ?? 1, 1, 1_000_000_000);
        assertWhole('--concurrency-limit', argv.concurrencyLimit, 1, 1_000_000);
        assertWhole('--latency', argv.latency, 0, 600_000);
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
    .version(surroundings.version)
    .alias('help', 'h')
    .wrap(80)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? usageError(message, args, { commands: COMMANDS, flags: flagsOf(parser) });
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
