#!/usr/bin/env node
import { readFileSync } from 'node:fs';

import { hideBin } from 'yargs/helpers';

import { systemClock } from './clock.js';
import { runCommandLine } from './command-line/command-line.js';
import type { InterruptSignal, Surroundings } from './commands/surroundings.js';
import { OktaImportError } from './errors.js';
import { printable } from './report/terminal.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What went wrong, in words. @returns the exit code. */
function report(error: unknown): number {
  if (error instanceof OktaImportError) {
    const words = error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
    // What an error quotes of a file may steer nothing.
    process.stderr.write(`okta-csv-import: ${words.split('\n').map(printable).join('\n')}\n`);
    return error.exitCode;
  }
  process.stderr.write(
    `okta-csv-import: a bug, not something you did. Please report this:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return 3;
}

/** The first signal is the command's to hear; the second ends the process at once, and the journal has all that matters. */
function listenToSignals(): Surroundings['onInterrupt'] {
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

const isPlain =
  process.env['CI'] !== undefined || process.env['NO_COLOR'] !== undefined || process.env['TERM'] === 'dumb';
try {
  process.exitCode = await runCommandLine(hideBin(process.argv), process.env, {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: systemClock,
    random: Math.random,
    version,
    isInteractive: process.stderr.isTTY && !isPlain,
    onInterrupt: listenToSignals(),
  });
} catch (error) {
  process.exitCode = report(error);
}
