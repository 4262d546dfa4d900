#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

import { systemClock } from './clock.js';
import { readPackagedFile } from './packaged-file.js';
import { runCommandLine } from './cli/command-line.js';
import type { InterruptSignal, CommandContext } from './cli/command-context.js';
import { supportsColor } from './cli/colors.js';
import { startedBy } from './cli/started-by.js';
import { Terminal } from './cli/terminal.js';

// By default, V8 lets the heap grow to four times the live objects: 50 MB more in a long run, with no measurable gain in speed.
setFlagsFromString('--heap-growing-percent=50');
// Collecting the young generation on several threads costs a twentieth more CPU time than on one, and is no faster.
setFlagsFromString('--no-parallel-scavenge');
// When some batches of rows live a little longer, V8 allocates the following rows as old objects, which keep all that they refer to
// until a full collection. That happened in a third of the runs, which then took up to a third more CPU time.
setFlagsFromString('--no-allocation-site-pretenuring');

const { version } = JSON.parse(readPackagedFile('package.json')) as { version: string };

/** The command handles the first signal. The second ends the process immediately; the journal is complete without it. */
function handleSignals(): CommandContext['onInterrupt'] {
  const listeners: ((signal: InterruptSignal) => void)[] = [];
  let caught: InterruptSignal | undefined;
  const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // oxlint-disable-next-line unicorn/no-process-exit
      if (caught !== undefined) process.exit(exitCodes[signal]);
      caught = signal;
      for (const listener of listeners) listener(signal);
    });
  }
  return (listener) => {
    listeners.push(listener);
    // The signal may have arrived while the command was loading.
    if (caught !== undefined) listener(caught);
  };
}

// The reader of the output may exit, and its disk may be full: no reason to abandon a run.
let isDataLost = false;
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') isDataLost = true;
});
process.on('exit', () => {
  if (isDataLost && (process.exitCode ?? 0) === 0) process.exitCode = 3;
});

const { env } = process;
const isDumb = env['TERM'] === 'dumb';
const isPlain = env['CI'] !== undefined || env['NO_COLOR'] !== undefined || isDumb;
const terminal = new Terminal({
  stderr: process.stderr,
  isInteractive: process.stderr.isTTY && !isPlain,
  hasColors: supportsColor(env, process.stderr.isTTY && !isDumb),
});
void runCommandLine(process.argv.slice(2), {
  env,
  stdin: process.stdin,
  stdout: process.stdout,
  terminal,
  clock: systemClock,
  random: Math.random,
  version,
  canAsk: process.stdin.isTTY && process.stderr.isTTY && env['CI'] === undefined,
  startedBy,
  asTyped: (path) => path,
  onInterrupt: handleSignals(),
}).then((exitCode) => (process.exitCode = exitCode));
