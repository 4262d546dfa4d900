import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const COMMON = ['--concurrency', '20', '--rate-limit-share', '1', '--no-progress'];

const children = new Set();

/**
 * Starts the built program.
 *
 * @param options.shiftMs - how far its clock is ahead; may be negative.
 * @param options.fileBlocks - the largest file that it can write, in blocks of 512 bytes.
 * @param options.waitsDividedBy - shortens its pauses.
 * @param options.syncsFolder - where to record what it has forced to the disk.
 */
export function startProgram(args, options) {
  const { work, reports, sandbox, flags = [], fileBlocks = 'unlimited' } = options;
  const { shiftMs = 0, waitsDividedBy = 1, syncsFolder } = options;
  const preloads = [
    ...(shiftMs === 0 ? [] : [preload('shifted-clock.mjs', { ms: shiftMs })]),
    ...(waitsDividedBy === 1 ? [] : [preload('shorter-waits.mjs', { factor: waitsDividedBy })]),
    ...(syncsFolder === undefined ? [] : [preload('synced-length.mjs', { folder: syncsFolder })]),
  ];
  const command = [process.execPath, ...preloads, CLI, ...args, '--reports', reports, ...COMMON, ...flags];
  const child = spawn('/bin/sh', ['-c', `ulimit -f ${fileBlocks} && exec "$@"`, 'sh', ...command], {
    env: { ...process.env, TMPDIR: work, OKTA_CLIENT_ORGURL: sandbox.url, OKTA_CLIENT_TOKEN: sandbox.token },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.add(child);
  child.once('close', () => children.delete(child));
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  return {
    /** Resolves to the exit code, or to the signal that ended it. */
    ended,
    log: () => log,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: (signal) => child.kill(signal),
  };
}

/** Runs the built program to its end. @throws for an exit code that is not expected. */
export async function runProgram(args, expectedExitCodes, options) {
  const program = startProgram(args, options);
  const exitCode = await program.ended;
  if (!expectedExitCodes.includes(exitCode)) {
    throw new Error(`${args.join(' ')}: exit code ${exitCode}\n${program.log()}`);
  }
  return exitCode;
}

export function killPrograms() {
  for (const child of children) child.kill('SIGKILL');
}

function preload(file, parameters) {
  const url = new URL(file, import.meta.url);
  url.search = String(new URLSearchParams(parameters));
  return `--import=${url.href}`;
}
