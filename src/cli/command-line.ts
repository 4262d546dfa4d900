import yargs from 'yargs';

import type { Monitor, MonitorSettings } from './run-monitor.js';
import type { Surroundings } from './command-context.js';
import type { Environment } from '../settings/load.js';

import { commandContext } from './registration.js';
import { GROUPS } from './flags.js';
import { readableHelp } from './help.js';
import { commandsOverFile } from './over-file.js';
import { commandsOverOrg } from './over-org.js';
import { commandsOverRun } from './over-run.js';
import { logFlags, monitorSettingsOf, logSettingsOf } from './log-flags.js';
import { usageError } from './usage-error.js';

const COMMANDS = [
  'import',
  'validate',
  'mapping',
  'resume',
  'activate',
  'verify',
  'undo',
  'report',
  'get',
  'list',
  'whoami',
  'template',
  'sandbox',
  'completion',
];

const EXIT_CODES =
  'Exit codes: 0 every row is as wished; 1 some rows are invalid or failed; 2 bad usage, settings or file, and ' +
  'nothing was sent; 3 stopped early (resume goes on); 4 this file is being imported already; ' +
  '130 and 143 interrupted (resume goes on).';

/**
 * Runs what the command line says, and tells those who want to hear of it.
 *
 * @param env - the process's environment.
 * @returns the exit code; whatever was wrong has been said.
 */
export async function runCommandLine(
  args: readonly string[],
  env: Environment,
  surroundings: Surroundings,
): Promise<number> {
  const { terminal } = surroundings;
  let monitor: Monitor | undefined;
  let exitCode: number;
  try {
    await terminal.open(logSettingsOf(args));
    monitor = await startMonitor(monitorSettingsOf(args), surroundings);
    exitCode = await runCommand(args, env, { ...surroundings, monitor });
  } catch (error) {
    exitCode = terminal.fail(error);
  }
  await monitor?.end(exitCode);
  terminal.close();
  return exitCode;
}

async function startMonitor(
  settings: MonitorSettings,
  surroundings: Surroundings,
): Promise<Monitor | undefined> {
  if (settings.metricsFile === undefined && settings.heartbeat === undefined) return undefined;
  const { Monitor } = await import('./run-monitor.js');
  const monitor = new Monitor(settings, surroundings);
  await monitor.start();
  return monitor;
}

/**
 * Every command and its flags; a verb is loaded when it is called for.
 *
 * @returns the exit code.
 * @throws {UsageError} the command line cannot be understood.
 */
async function runCommand(
  args: readonly string[],
  env: Environment,
  surroundings: Surroundings,
): Promise<number> {
  let exitCode = 0;
  const context = commandContext(env, { surroundings, end: (code) => (exitCode = code) });
  const parser = yargs(args)
    // Our words are English, and those of yargs are read by usageError and readableHelp.
    .locale('en')
    .updateStrings({ 'Positionals:': 'What it takes:' })
    .scriptName('okta-csv-import')
    .usage('$0 <command>\n\nTurns a CSV of people into users of an Okta org.')
    .example('# Try it: no account, no settings\n$0 import people.csv --sandbox', '')
    .example('# What would happen in your org; writes nothing\n$0 validate people.csv --org', '')
    .example('# All flags of a command\n$0 import --help', '')
    .epilogue(EXIT_CODES);
  logFlags(parser);
  commandsOverFile(parser, context);
  commandsOverRun(parser, context);
  commandsOverOrg(parser, context);
  await parser
    .demandCommand(1, 1, 'Name a command.', 'Name one command.')
    .strict()
    .recommendCommands()
    .command(
      'completion',
      'Print a script that completes commands and flags in the shell that $SHELL names',
      (argv) =>
        argv
          .example('# bash\n$0 completion >> ~/.bashrc', '')
          .example('# zsh\n$0 completion >> ~/.zshrc', ''),
      () => void parser.showCompletionScript(),
    )
    .version(surroundings.version)
    .alias('help', 'h')
    .group(['help', 'version'], GROUPS.help)
    // readableHelp does, in a fifth of the time.
    .wrap(null)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? usageError(message, args, { commands: COMMANDS, flags: flagsOf(parser) });
    })
    .parseAsync(args, {}, (_error, _argv, output) => {
      if (output !== '') surroundings.stdout.write(`${readableHelp(output, Object.values(GROUPS))}\n`);
    });
  return exitCode;
}

/** The flags of the command that is being parsed; yargs knows, its types do not. */
function flagsOf(parser: object): string[] {
  if (!('getOptions' in parser && typeof parser.getOptions === 'function')) return [];
  const { key } = parser.getOptions() as { readonly key: Readonly<Record<string, unknown>> };
  return Object.keys(key);
}
