import { withAbsolutePaths } from './absolute-paths.js';
import type { Monitor, MonitorSettings } from './run-monitor.js';
import type { Command } from './command.js';
import type { CommandContext } from './command-context.js';
import { activateCommand } from './commands/activate.js';
import { completionCommand } from './commands/completion.js';
import { getCommand } from './commands/get.js';
import { importCommand } from './commands/import.js';
import { datasetsCommand } from './commands/datasets.js';
import { statusCommand } from './commands/status.js';
import { syncCommand } from './commands/sync.js';
import { listCommand } from './commands/list.js';
import { mappingCommand } from './commands/mapping.js';
import { remindCommand } from './commands/remind.js';
import { reportCommand } from './commands/report.js';
import { runsCommand } from './commands/runs.js';
import { resumeCommand } from './commands/resume.js';
import { sandboxCommand } from './commands/sandbox.js';
import { templateCommand } from './commands/template.js';
import { uiCommand } from './commands/ui.js';
import { undoCommand } from './commands/undo.js';
import { validateCommand } from './commands/validate.js';
import { verifyCommand } from './commands/verify.js';
import { whoamiCommand } from './commands/whoami.js';
import { readEarlyFlags, type EarlyFlags } from './early-flags.js';
import { commandHelp, programHelp } from './help.js';
import { missingCommand, unknownCommand } from './usage-error.js';

/** In the order of `--help`. */
export const COMMANDS: readonly Command[] = [
  importCommand,
  uiCommand,
  syncCommand,
  validateCommand,
  mappingCommand,
  templateCommand,
  runsCommand,
  resumeCommand,
  activateCommand,
  statusCommand,
  remindCommand,
  verifyCommand,
  undoCommand,
  datasetsCommand,
  reportCommand,
  whoamiCommand,
  getCommand,
  listCommand,
  sandboxCommand,
  completionCommand,
];

/**
 * Runs a command line and reports what goes wrong.
 *
 * @param args - without the program's name.
 * @returns the exit code.
 */
export async function runCommandLine(args: readonly string[], context: CommandContext): Promise<number> {
  const { terminal } = context;
  let monitor: Monitor | undefined;
  let exitCode: number;
  try {
    if (args[0] === COMPLETIONS_FLAG) return await printCompletions(args, context);
    const early = readEarlyFlags(args, COMMANDS);
    await terminal.open(early.log);
    monitor = await startMonitor(early.monitor, context);
    exitCode = await runCommand(early, { ...context, monitor });
  } catch (error) {
    exitCode = terminal.fail(error);
  }
  await monitor?.end(exitCode);
  terminal.close();
  return exitCode;
}

/** With it, the completion script asks for completions. */
const COMPLETIONS_FLAG = '--get-yargs-completions';

async function printCompletions(args: readonly string[], context: CommandContext): Promise<number> {
  const { completionsOf } = await import('./completion.js');
  context.stdout.write(`${await completionsOf(args, COMMANDS, context)}\n`);
  return 0;
}

async function startMonitor(
  settings: MonitorSettings,
  context: CommandContext,
): Promise<Monitor | undefined> {
  if (settings.metricsFile === undefined && settings.heartbeat === undefined) return undefined;
  const { Monitor } = await import('./run-monitor.js');
  const monitor = new Monitor(settings, context);
  await monitor.start();
  return monitor;
}

/** @throws {UsageError} */
async function runCommand(early: EarlyFlags, context: CommandContext): Promise<number> {
  const { commandName, args, isHelp, isVersion } = early;
  const { stdout, version } = context;
  const command = COMMANDS.find(({ name }) => name === commandName);
  if (isVersion) {
    stdout.write(`${version}\n`);
    return 0;
  }
  if (command === undefined) {
    const names = COMMANDS.map(({ name }) => name);
    if (commandName !== undefined) throw unknownCommand(commandName, names);
    if (!isHelp) throw missingCommand();
    stdout.write(programHelp(COMMANDS));
    return 0;
  }
  if (isHelp) {
    stdout.write(commandHelp(command));
    return 0;
  }
  // Help needs no parser.
  const { parseArguments } = await import('./parse-arguments.js');
  let { asTyped } = context;
  return command.run(
    (flags, positional) => {
      const argv = parseArguments(args, { name: command.name, flags, positional });
      if (context.terminal.isTerminal || !('reports' in flags)) return argv;
      const absolute = withAbsolutePaths(argv, flags, positional);
      ({ asTyped } = absolute);
      return absolute.argv;
    },
    { ...context, asTyped: (path) => asTyped(path), typedArgs: args },
  );
}
