import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';

import { systemClock, type Clock } from '../../src/clock.js';
import { runCommandLine } from '../../src/cli/command-line.js';
import type { InterruptSignal } from '../../src/cli/command-context.js';
import { supportsColor } from '../../src/cli/colors.js';
import { Terminal } from '../../src/cli/terminal.js';

import { assertBuilt, assertNoNodeOutput, type CliOptions, type CliResult } from './cli.js';

export interface InProcessOptions extends Pick<CliOptions, 'at' | 'env' | 'stdin'> {
  /** Input at a terminal. Without it there is no terminal, and no question is asked. */
  readonly typed?: string;
  /** Interrupts the command when it resolves, as Ctrl-C or a supervisor would. */
  readonly interrupt?: Promise<InterruptSignal>;
  /** Default: the system's. */
  readonly clock?: Clock;
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Everybody's, so that transcripts are alike. */
const STARTED_BY = { user: 'ada', host: 'workbench', timeZone: 'India Standard Time', utcOffsetMinutes: 330 };

/** Commands run one at a time, because the environment and the working directory belong to the whole process. */
let previous: Promise<unknown> = Promise.resolve();

/**
 * Runs `okta-csv-import` to its end inside this process, at a tenth of the cost of a separate one. Takes the options of
 * the `cli` of cli.ts, except for limits that only a process can have.
 */
export function cli(args: readonly string[], options: InProcessOptions): Promise<CliResult> {
  const result = previous.then(() => run(args, options));
  previous = result.catch(() => {});
  return result;
}

async function run(
  args: readonly string[],
  { at, env: added, stdin = '', typed, interrupt, clock = systemClock }: InProcessOptions,
): Promise<CliResult> {
  // The report page needs built files.
  assertBuilt();
  const leave = enter(at.folder, {
    PATH: process.env['PATH'],
    HOME: at.folder,
    TMPDIR: at.temporary,
    ...added,
  });
  const stdout = new Captured();
  const stderr = new Captured();
  const warnings: Error[] = [];
  const collect = (warning: Error): void => void warnings.push(warning);
  process.on('warning', collect);
  try {
    const { env } = process;
    const exitCode = await runCommandLine(args, {
      env,
      stdin: Readable.from(typed === undefined ? [Buffer.from(stdin)] : [Buffer.from(typed)]),
      stdout,
      terminal: new Terminal({ stderr, isInteractive: false, hasColors: supportsColor(env, false) }),
      clock,
      random: Math.random,
      version,
      canAsk: typed !== undefined && env['CI'] === undefined,
      startedBy: () => STARTED_BY,
      asTyped: (path) => path,
      onInterrupt: (listener) => void interrupt?.then(listener),
    });
    // Node emits warnings in the next tick.
    await new Promise((resolve) => setImmediate(resolve));
    assertNoNodeOutput([stderr.text, ...warnings.map(String)].join('\n'));
    return { exitCode, stdout: stdout.text, stderr: stderr.text };
  } finally {
    process.off('warning', collect);
    leave();
  }
}

/** @returns a function that restores the working directory and the environment. */
function enter(folder: string, env: Readonly<Record<string, string | undefined>>): () => void {
  const before = { folder: process.cwd(), env: { ...process.env } };
  process.chdir(folder);
  setEnvironment(env);
  return () => {
    process.chdir(before.folder);
    setEnvironment(before.env);
  };
}

function setEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] = value;
}

class Captured extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
