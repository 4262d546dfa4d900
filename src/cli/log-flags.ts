import type { Argv } from 'yargs';
import { Parser } from 'yargs/helpers';

import type { MonitorSettings } from './run-monitor.js';
import type { LogSettings } from './terminal.js';

import { GROUPS, last } from './flags.js';
import { UsageError } from './usage-error.js';

/** What every command understands: how it talks. */
export function logFlags<T>(argv: Argv<T>) {
  return argv
    .option('log-format', {
      choices: ['text', 'json'] as const,
      default: 'text' as const,
      group: GROUPS.talk,
      coerce: last<string>,
      describe: 'On standard error: words, or a JSON event a line',
    })
    .option('log-file', {
      type: 'string',
      group: GROUPS.talk,
      coerce: last<string>,
      describe: 'Add every event to a file, as JSON',
    })
    .option('verbose', {
      type: 'boolean',
      default: false,
      group: GROUPS.talk,
      describe: 'Say every request, wait and retry as well',
    });
}

/**
 * How to talk, by a command line that nobody has checked yet: whatever is wrong with it is to be told the same way.
 */
export function logSettingsOf(args: readonly string[]): LogSettings {
  const argv = glanceAt(args);
  return {
    quiet: argv['quiet'] === true,
    verbose: argv['verbose'] === true,
    format: last(argv['log-format']) === 'json' ? 'json' : 'text',
    logFile: valueOf(argv, 'log-file'),
  };
}

/**
 * Who else is to hear of the command, by the same command line.
 *
 * @throws {UsageError} a flag has no value.
 */
export function monitorSettingsOf(args: readonly string[]): MonitorSettings {
  const argv = glanceAt(args);
  for (const name of WITH_VALUE) {
    if (last(argv[name]) === '') throw new UsageError(`--${name} needs a value.`);
  }
  return {
    command: String(argv._[0] ?? ''),
    metricsFile: valueOf(argv, 'metrics-file'),
    heartbeat: valueOf(argv, 'heartbeat'),
  };
}

const WITH_VALUE = ['log-file', 'metrics-file', 'heartbeat'] as const;

/** The bare parser: yargs itself would print help or completions here already. */
function glanceAt(args: readonly string[]) {
  return Parser([...args], {
    boolean: ['quiet', 'verbose', 'help', 'h', 'version'],
    string: ['log-format', ...WITH_VALUE],
  });
}

function valueOf(argv: ReturnType<typeof glanceAt>, name: (typeof WITH_VALUE)[number]): string | undefined {
  // Who asks for help runs nothing.
  if (argv['help'] === true || argv['h'] === true || argv['version'] === true) return undefined;
  const given = last(argv[name]);
  return typeof given === 'string' && given !== '' ? given : undefined;
}
