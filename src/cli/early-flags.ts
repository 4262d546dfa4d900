import type { MonitorSettings } from './run-monitor.js';
import type { LogSettings } from './terminal.js';

import type { Command } from './command.js';
import { isFlag, readFlag } from './flag-syntax.js';
import type { Flags } from './flags.js';

/**
 * The settings that are needed before the flags of a command are checked, so that an error in them is logged as requested.
 * Reads the unchecked command line, without yargs, which help does not need.
 */
export interface EarlyFlags {
  /** The first word that is not a flag. */
  readonly commandName: string | undefined;
  /** All other arguments. */
  readonly args: readonly string[];
  readonly isHelp: boolean;
  readonly isVersion: boolean;
  readonly log: LogSettings;
  readonly monitor: MonitorSettings;
}

export function readEarlyFlags(args: readonly string[], commands: readonly Command[]): EarlyFlags {
  const flags: Flags = Object.assign({}, ...commands.toReversed().map((command) => command.flags));
  const values = new Map<string, string>();
  let commandAt: number | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]!;
    if (arg === '--') {
      commandAt ??= at + 1 < args.length ? at + 1 : undefined;
      break;
    }
    if (!isFlag(arg)) {
      commandAt ??= at;
      continue;
    }
    const { name, flag, value } = readFlag(arg, flags);
    const next = args[at + 1];
    if (value === undefined && flag?.value !== undefined && next !== undefined && !isFlag(next)) {
      values.set(name, next);
      at += 1;
    } else values.set(name, value ?? 'true');
  }
  const isOn = (name: string): boolean => values.get(name) === 'true';
  const isHelp = isOn('help') || isOn('h');
  const isVersion = isOn('version');
  // Help and version run nothing.
  const valueOf = (name: string): string | undefined =>
    isHelp || isVersion ? undefined : values.get(name) || undefined;
  const commandName = commandAt === undefined ? undefined : args[commandAt];
  return {
    commandName,
    args: args.filter((_, at) => at !== commandAt),
    isHelp,
    isVersion,
    log: {
      quiet: isOn('quiet'),
      verbose: isOn('verbose'),
      format: values.get('log-format') === 'json' ? 'json' : 'text',
      logFile: valueOf('log-file'),
    },
    monitor: {
      command: commandName ?? '',
      metricsFile: valueOf('metrics-file'),
      heartbeat: valueOf('heartbeat'),
    },
  };
}
