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
  /** The first word that is not a flag; the second one after `help`. */
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
  const words: number[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]!;
    if (arg === '--') {
      if (at + 1 < args.length) words.push(at + 1);
      break;
    }
    if (!isFlag(arg)) {
      words.push(at);
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
  // `help import` is `import --help`.
  const asksForHelp = words[0] !== undefined && args[words[0]] === 'help';
  const [commandAt] = asksForHelp ? words.filter((at) => args[at] !== 'help') : words;
  const isHelp = asksForHelp || isOn('help') || isOn('h');
  // After a command, -v may be meant as --verbose.
  const isVersion = isOn('version') || (commandAt === undefined && args.some((arg) => /^-[vV]$/.test(arg)));
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
