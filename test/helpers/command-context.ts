import { Writable } from 'node:stream';

import { systemClock, type Clock } from '../../src/clock.js';
import type { Environment } from '../../src/settings/layers.js';
import { Terminal } from '../../src/cli/terminal.js';
import type { InterruptSignal, CommandContext } from '../../src/cli/command-context.js';

/** The context of a command that runs inside the test process. */
export interface TestCommandContext extends CommandContext {
  readonly printed: { stdout: string; stderr: string };
  interrupt(signal: InterruptSignal): void;
}

/** @param stdout - replaces a stream that accepts everything immediately. */
export function commandContext({
  stdout,
  env = {},
  clock = systemClock,
}: {
  readonly stdout?: Writable;
  readonly env?: Environment;
  readonly clock?: Clock;
} = {}): TestCommandContext {
  const printed = { stdout: '', stderr: '' };
  const into = (name: keyof typeof printed): Writable =>
    new Writable({
      decodeStrings: false,
      write(chunk: string, _, done) {
        printed[name] += chunk;
        done();
      },
    });
  const listeners: ((signal: InterruptSignal) => void)[] = [];
  return {
    printed,
    stdin: (async function* () {})(),
    stdout: stdout ?? into('stdout'),
    terminal: new Terminal({ stderr: into('stderr'), isInteractive: false, hasColors: false }),
    env,
    clock,
    random: Math.random,
    version: '0.0.0',
    canAsk: false,
    startedBy: () => ({ utcOffsetMinutes: 0 }),
    asTyped: (path) => path,
    onInterrupt: (listener) => void listeners.push(listener),
    interrupt: (signal) => {
      for (const listener of listeners) listener(signal);
    },
  };
}
