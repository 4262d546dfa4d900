import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

import type { Workplace } from './workplace.js';

/** The program as it is installed. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface CliOptions {
  /** Where it runs, and where its temporary files go. */
  readonly at: Workplace;
  /** Added to an environment that is otherwise nearly empty. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** Maximum file size in blocks of 512 bytes, to simulate a full disk. */
  readonly fileSizeLimit?: number;
  /** Arguments of Node itself. */
  readonly nodeArgs?: readonly string[];
}

export interface CliResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `okta-csv-import` to its end. */
export async function cli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).finished;
}

/** `okta-csv-import` while it runs. */
export interface RunningCli {
  readonly process: ChildProcess;
  readonly finished: Promise<CliResult>;
}

/** Starts `okta-csv-import`; if it is still running after the test, it is killed. */
export function startCli(args: readonly string[], options: CliOptions): RunningCli {
  assertBuilt();
  const { at, env, stdin = '', fileSizeLimit, nodeArgs = [] } = options;
  const command = [process.execPath, ...nodeArgs, CLI, ...args];
  const [file = '', ...rest] =
    fileSizeLimit === undefined
      ? command
      : ['/bin/sh', '-c', `ulimit -f ${fileSizeLimit} && exec "$@"`, 'sh', ...command];
  const child = spawn(file, rest, {
    cwd: at.folder,
    env: { PATH: process.env['PATH'], HOME: at.folder, TMPDIR: at.temporary, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  // A program may end without reading its input.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const finished = resultOf(child);
  // A test need not await the result.
  finished.catch(() => {});
  return { process: child, finished };
}

async function resultOf(child: ChildProcess): Promise<CliResult> {
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  assertNoNodeOutput(stderr);
  return { exitCode, stdout, stderr };
}

/** @throws {Error} the program has not been built. */
export function assertBuilt(): void {
  if (!existsSync(CLI)) throw new Error(`There is no ${CLI}: build it with "npm run build" first.`);
}

/** @throws {Error} Node itself printed a stack trace or a warning; users only ever read the program's own messages. */
export function assertNoNodeOutput(stderr: string): void {
  const noise = /^\s+at .+:\d+:\d+\)?$|\b\w*(?:Warning|Exception)\b/m.exec(stderr);
  if (noise !== null) throw new Error(`The program let Node print: ${stderr}`);
}

/** Environment variables with the settings of an org. */
export function orgSettings({ url, token }: { readonly url: string; readonly token: string }): {
  OKTA_CLIENT_ORGURL: string;
  OKTA_CLIENT_TOKEN: string;
} {
  return { OKTA_CLIENT_ORGURL: url, OKTA_CLIENT_TOKEN: token };
}
