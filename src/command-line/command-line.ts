import yargs from 'yargs';

import type { Surroundings } from '../commands/surroundings.js';
import type { Environment } from '../settings/load.js';

import type { CommandContext } from './context.js';
import { commandsOverFile } from './over-file.js';
import { commandsOverOrg } from './over-org.js';
import { commandsOverRun } from './over-run.js';
import { usageError } from './usage-error.js';

const COMMANDS = [
  'import',
  'validate',
  'mapping',
  'resume',
  'activate',
  'verify',
  'undo',
  'get',
  'list',
  'whoami',
  'template',
  'sandbox',
];

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
  const context: CommandContext = { env, surroundings, end: (code) => (exitCode = code) };
  const parser = yargs(args)
    .scriptName('okta-csv-import')
    .usage('$0 <command>\n\nTurns a CSV of people into users of an Okta org.');
  commandsOverFile(parser, context);
  commandsOverRun(parser, context);
  commandsOverOrg(parser, context);
  await parser
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
}

/** The flags of the command that is being parsed; yargs knows, its types do not. */
function flagsOf(parser: object): string[] {
  if (!('getOptions' in parser && typeof parser.getOptions === 'function')) return [];
  const { key } = parser.getOptions() as { readonly key: Readonly<Record<string, unknown>> };
  return Object.keys(key);
}
