import type { ArgumentsCamelCase, Argv } from 'yargs';

import { scopes } from './scopes.js';
import { loadRequestSettings } from '../settings/requests.js';

import type { CommandContext } from './registration.js';
import {
  brakeFlags,
  dialectFlags,
  fileArgument,
  GROUPS,
  last,
  orgFlags,
  orgOption,
  paceFlags,
  rowFlags,
  talkFlags,
} from './flags.js';
import { brakesOf, rowFlagsOf, wayToOrg } from './flag-values.js';

/** The commands over a file of people. */
export function commandsOverFile(argv: Argv, context: CommandContext): Argv {
  const { surroundings, end, loadOrg } = context;
  return argv
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
          .option('yes', {
            type: 'boolean',
            default: false,
            group: GROUPS.org,
            describe: 'Import without asking; nobody is asked where no terminal is',
          })
          .option('dry-run', {
            type: 'boolean',
            default: false,
            group: GROUPS.org,
            describe: 'Only check the file, as validate does',
          })
          .option('org', orgOption)
          .example('# Try it without an org\n$0 import people.csv --sandbox', '')
          .example(
            '# A pilot batch, then everybody, stopping when something is wrong\n$0 import people.csv --only 1-5',
            '',
          )
          .example('$0 import people.csv --canary 10 --max-failures 5%', '')
          .example(
            '# Every night, from an export of all people\n$0 import people.csv --if-exists update --quiet',
            '',
          )
          .example(
            '# Import now, activate and mail later (see activate)\n$0 import people.csv --group "New hires" --no-activate',
            '',
          ),
      async (argv) => {
        if (argv.dryRun) {
          end(await validate(argv, context));
          return;
        }
        const { importFile } = await import('./bodies/import.js');
        end(
          await importFile(
            {
              file: argv.file,
              rows: rowFlagsOf(argv),
              org: await loadOrg(argv, scopes.import(argv)),
              requests: loadRequestSettings(argv),
              brakes: brakesOf(argv),
              allOrNothing: argv.allOrNothing,
              yes: argv.yes,
              talk: argv,
              reports: argv.reports,
              wayToOrg: wayToOrg(argv),
              runId: argv.runId,
            },
            surroundings,
          ),
        );
      },
    )
    .command(
      'validate <file>',
      'Say what import would say of every row; write nothing to the org',
      (argv) =>
        validateFlags(argv)
          .example('# Offline: needs no org and no token\n$0 validate people.csv', '')
          .example(
            "# With the org's own attributes, groups, types and logins, ending in a plan\n$0 validate people.csv --org",
            '',
          )
          .example('# What a nightly run would change\n$0 validate people.csv --org --if-exists update', ''),
      async (argv) => {
        end(await validate(argv, context));
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
          .example(
            '# A first mapping to correct by hand, then to import with\n$0 mapping people.csv --output people.yaml',
            '',
          )
          .example('$0 import people.csv --mapping people.yaml', ''),
      async (argv) => {
        const { draftMappingFile } = await import('./commands/mapping.js');
        end(
          await draftMappingFile(
            {
              file: argv.file,
              output: argv.output,
              encoding: argv.encoding,
              delimiter: argv.delimiter,
              sheet: argv.sheet,
              org: argv.org || argv.sandbox ? await loadOrg(argv, scopes.mapping) : undefined,
              requests: loadRequestSettings(argv),
            },
            surroundings,
          ),
        );
      },
    );
}

const validateFlags = (argv: Argv) =>
  talkFlags(paceFlags(orgFlags(rowFlags(fileArgument(argv))))).option('org', orgOption);

async function validate(
  argv: ArgumentsOf<typeof validateFlags>,
  { surroundings, loadOrg }: CommandContext,
): Promise<number> {
  const { validateFile } = await import('./bodies/validate.js');
  return validateFile(
    {
      file: argv.file,
      rows: rowFlagsOf(argv),
      org: argv.org || argv.sandbox ? await loadOrg(argv, scopes.validate) : undefined,
      requests: loadRequestSettings(argv),
      talk: argv,
      reports: argv.reports,
      runId: argv.runId,
    },
    surroundings,
  );
}

type ArgumentsOf<Flags extends (argv: Argv) => unknown> =
  ReturnType<Flags> extends Argv<infer T> ? ArgumentsCamelCase<T> : never;
