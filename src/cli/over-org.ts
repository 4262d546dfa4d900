import type { Argv } from 'yargs';

import { scopes } from './scopes.js';
import type { TemplateFormat } from './commands/template.js';
import { loadRequestSettings } from '../settings/requests.js';

import type { CommandContext } from './registration.js';
import { GROUPS, last, orgFlags, orgOption, paceFlags } from './flags.js';
import { UsageError } from './usage-error.js';

/** The commands over an org. */
export function commandsOverOrg(
  argv: Argv,
  { surroundings, end, loadOrg, inspectOrg }: CommandContext,
): Argv {
  return argv
    .command(
      'get <user>',
      'Print one user',
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
          .option('format', {
            group: GROUPS.print,
            choices: ['json', 'yaml', 'table'] as const,
            default: 'json' as const,
            describe: 'How to print it',
          })
          .example('$0 get ada@example.com', '')
          .example("# The token's owner\n$0 get me --format table", ''),
      async (argv) => {
        const { getUser } = await import('./commands/get.js');
        if (argv.user.trim() === '') {
          throw new UsageError('get needs a user: an id, a login, its short name, or me.');
        }
        end(
          await getUser(
            {
              user: argv.user,
              format: argv.format,
              org: await loadOrg(argv, scopes.read),
              requests: loadRequestSettings(argv),
            },
            surroundings,
          ),
        );
      },
    )
    .command(
      'list',
      'List users of the org',
      (argv) =>
        paceFlags(orgFlags(argv))
          .option('q', {
            group: GROUPS.users,
            type: 'string',
            coerce: last<string>,
            describe: 'Beginning of a first name, last name or email',
          })
          .option('search', {
            group: GROUPS.users,
            type: 'string',
            coerce: last<string>,
            conflicts: ['filter', 'q'],
            describe: 'Expression over any attribute',
          })
          .option('filter', {
            group: GROUPS.users,
            type: 'string',
            coerce: last<string>,
            conflicts: ['q'],
            describe: 'Expression over status, lastUpdated, id and a few attributes',
          })
          .option('limit', {
            group: GROUPS.users,
            type: 'number',
            coerce: last<number>,
            describe: 'Most users to list',
          })
          .option('format', {
            group: GROUPS.print,
            choices: ['table', 'csv', 'json', 'ndjson'] as const,
            default: 'table' as const,
            describe: 'How to print them',
          })
          .option('columns', {
            group: GROUPS.print,
            type: 'string',
            coerce: last<string>,
            describe: 'Attributes, and id, status, created, ..., such as login,city,status',
          })
          .example(`$0 list --search 'profile.department eq "Sales"'`, '')
          .example(
            '# A file to edit and import again with --if-exists update\n$0 list --format csv > people.csv',
            '',
          )
          .example(
            `# Who has not been activated yet\n$0 list --filter 'status eq "STAGED"' --columns login,created`,
            '',
          ),
      async (argv) => {
        const { listUsers } = await import('./commands/list.js');
        if (argv.limit !== undefined && !(Number.isInteger(argv.limit) && argv.limit > 0)) {
          throw new UsageError('--limit takes a whole number above 0.');
        }
        end(
          await listUsers(
            {
              q: argv.q,
              search: argv.search,
              filter: argv.filter,
              limit: argv.limit,
              format: argv.format,
              columns: argv.columns === undefined ? undefined : namesIn(argv.columns),
              org: await loadOrg(argv, scopes.read),
              requests: loadRequestSettings(argv),
            },
            surroundings,
          ),
        );
      },
    )
    .command(
      'whoami',
      'Say which org, who is signed in, with which rights, and where each setting comes from',
      (argv) =>
        paceFlags(orgFlags(argv))
          .option('json', {
            group: GROUPS.print,
            type: 'boolean',
            default: false,
            describe: 'As JSON on standard output',
          })
          .example('# The first thing to run when something is wrong\n$0 whoami', ''),
      async (argv) => {
        const { whoami } = await import('./commands/whoami.js');
        const inspected = await inspectOrg(argv, scopes.whoami);
        end(
          await whoami({ ...inspected, requests: loadRequestSettings(argv), json: argv.json }, surroundings),
        );
      },
    )
    .command(
      'template',
      'Write an empty CSV with the columns that users can have',
      (argv) =>
        paceFlags(orgFlags(argv))
          .option('org', { ...orgOption, describe: "With the org's own attributes and types" })
          .option('user-type', {
            group: GROUPS.org,
            type: 'string',
            coerce: last<string>,
            describe: 'Name or id of the user type (default: the default one); with --org',
          })
          .option('explain', {
            group: GROUPS.print,
            type: 'boolean',
            default: false,
            describe: 'Say what each column takes instead',
          })
          .option('json', {
            group: GROUPS.print,
            type: 'boolean',
            default: false,
            describe: 'The same as JSON',
          })
          .option('mapping', {
            group: GROUPS.print,
            type: 'boolean',
            default: false,
            describe: 'Write a mapping file to fill in instead',
          })
          .example('# A file to fill in\n$0 template > people.csv', '')
          .example("# What each of the org's attributes takes\n$0 template --explain --org", ''),
      async (argv) => {
        const { writeTemplate } = await import('./commands/template.js');
        end(
          await writeTemplate(
            {
              format: templateFormatOf(argv),
              userType: argv.userType,
              org: argv.org || argv.sandbox ? await loadOrg(argv, scopes.template) : undefined,
              requests: loadRequestSettings(argv),
            },
            surroundings,
          ),
        );
      },
    )
    .command(
      'sandbox',
      'Serve a sandbox org until stopped',
      (argv) =>
        argv
          .option('port', {
            group: GROUPS.sandbox,
            type: 'number',
            default: 0,
            coerce: last<number>,
            describe: 'Port on 127.0.0.1; 0 lets the system pick',
          })
          .option('rate-limit', {
            group: GROUPS.sandbox,
            type: 'number',
            coerce: last<number>,
            describe: "Requests a minute in every bucket (default: a Workforce org's)",
          })
          .option('concurrency-limit', {
            group: GROUPS.sandbox,
            type: 'number',
            default: 75,
            coerce: last<number>,
            describe: 'Most requests in flight',
          })
          .option('latency', {
            group: GROUPS.sandbox,
            type: 'number',
            default: 0,
            coerce: last<number>,
            describe: 'Milliseconds that every answer takes',
          })
          .option('app-key', {
            group: GROUPS.sandbox,
            type: 'string',
            coerce: last<string>,
            describe: 'Have an app sign in by OAuth: new file for its private key',
          })
          .example('# Prints the two settings that lead to it\n$0 sandbox --port 8080', '')
          .example(
            '# As tight as a small org, and as far away\n$0 sandbox --rate-limit 60 --latency 100',
            '',
          ),
      async (argv) => {
        const { serveSandbox } = await import('./commands/sandbox.js');
        assertWhole('--port', argv.port, 0, 65_535);
        assertWhole('--rate-limit', argv.rateLimit ?? 1, 1, 1_000_000_000);
        assertWhole('--concurrency-limit', argv.concurrencyLimit, 1, 1_000_000);
        assertWhole('--latency', argv.latency, 0, 600_000);
        end(
          await serveSandbox(
            {
              port: argv.port,
              rateLimit: argv.rateLimit,
              concurrencyLimit: argv.concurrencyLimit,
              latencyMs: argv.latency,
              appKey: argv.appKey,
            },
            surroundings,
          ),
        );
      },
    );
}

/** @throws {UsageError} flags that do not go together. */
function templateFormatOf(argv: {
  readonly explain: boolean;
  readonly json: boolean;
  readonly mapping: boolean;
  readonly userType: string | undefined;
  readonly org: boolean;
  readonly sandbox: boolean;
}): TemplateFormat {
  const { explain, json, mapping, userType } = argv;
  if (explain && mapping) throw new UsageError('--explain and --mapping cannot be given together.');
  if (json && !explain) throw new UsageError('--json goes with --explain.');
  if (userType !== undefined && !argv.org && !argv.sandbox) {
    throw new UsageError('--user-type needs the org: give --org as well.');
  }
  if (mapping) return 'mapping';
  if (!explain) return 'csv';
  return json ? 'explain-json' : 'explain';
}

/** @throws {UsageError} there are none. */
function namesIn(columns: string): readonly string[] {
  const names = columns
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new UsageError('--columns takes names, such as login,city,status.');
  return names;
}

/** @throws {UsageError} not a whole number, or out of range. */
function assertWhole(flag: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new UsageError(`${flag} takes a whole number from ${least} to ${most}.`);
}
