#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

import { systemClock } from './clock.js';
import { packageRoot } from './package-root.js';
import { runCommandLine } from './cli/command-line.js';
import type { InterruptSignal, CommandContext } from './cli/command-context.js';
import { supportsColor } from './cli/colors.js';
import { Terminal } from './cli/terminal.js';

// V8 lets garbage grow to four times what is alive: fifty megabytes of a long run, which buy no speed that can be measured.
setFlagsFromString('--heap-growing-percent=50');

const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot()), 'utf8')) as {
  version: string;
};

/** The first signal is the command's to hear; the second ends the process at once, and the journal has all that matters. */
function listenToSignals(): CommandContext['onInterrupt'] {
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
    // It may have come while the command was being loaded.
    if (caught !== undefined) listener(caught);
  };
}

// Whoever reads our talk or data may leave, and the disk that it goes to may be full: no reason to leave a run half done.
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
process.exitCode = await runCommandLine(process.argv.slice(2), {
  env,
  stdin: process.stdin,
  stdout: process.stdout,
  terminal,
  clock: systemClock,
  random: Math.random,
  version,
  canAsk: process.stdin.isTTY && process.stderr.isTTY && env['CI'] === undefined,
  onInterrupt: listenToSignals(),
});
