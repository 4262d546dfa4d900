import { startCli, type CliOptions } from './cli.js';

/**
 * Where a process dies, as by `kill -9`: before or after it writes to its journal or to its file of links, replaces the state of a
 * data set, or sends a request that changes the org. Counted from 1; the first write to a new file of links is its head.
 */
export interface Moment {
  readonly is: 'before' | 'after';
  readonly step: 'journal' | 'links' | 'state' | 'request';
  readonly nth: number;
}

/**
 * Of a run that writes a file of links and is resumed after each kill: whatever it does that outlives the process. Each occurs for the first
 * rows of a process, and while several rows are in progress.
 */
export const MOMENTS_WITH_LINKS: readonly Moment[] = [1, 4].flatMap((nth) =>
  (['journal', 'request', 'links'] as const).flatMap((step) =>
    // The journal of a run that can be resumed has a line.
    (['after', 'before'] as const).map((is) => ({ is, step, nth })),
  ),
);

/** Runs the program until a moment. @returns whether it came to that moment. */
export async function killAt(moment: Moment, args: readonly string[], options: CliOptions): Promise<boolean> {
  const preload = `data:text/javascript,${encodeURIComponent(`const moment = ${JSON.stringify(moment)};${PRELOAD}`)}`;
  const nodeArgs = [...(options.nodeArgs ?? []), `--import=${preload}`];
  const { exitCode } = await startCli(args, { ...options, nodeArgs }).finished;
  return exitCode === null;
}

const PRELOAD = `
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';

const count = { journal: 0, links: 0, state: 0, request: 0 };
// Several requests are sent in one turn of the event loop: each has its own number.
function reach(step, is, nth) {
  if (step === moment.step && is === moment.is && nth === moment.nth) process.kill(process.pid, 'SIGKILL');
}
function begin(step) {
  count[step] += 1;
  reach(step, 'before', count[step]);
  return count[step];
}
const { appendFileSync } = fs;
fs.appendFileSync = (file, ...rest) => {
  const nth = begin('journal');
  appendFileSync(file, ...rest);
  reach('journal', 'after', nth);
};
const handle = await promises.open(process.execPath);
const FileHandle = Object.getPrototypeOf(handle);
await handle.close();
const { appendFile } = FileHandle;
FileHandle.appendFile = async function (...args) {
  const nth = begin('links');
  await appendFile.apply(this, args);
  reach('links', 'after', nth);
};
const { rename } = promises;
promises.rename = async (from, to) => {
  if (!String(to).includes('datasets')) return rename(from, to);
  const nth = begin('state');
  await rename(from, to);
  reach('state', 'after', nth);
};
syncBuiltinESMExports();
const { write } = Socket.prototype;
Socket.prototype.write = function (data, ...rest) {
  const isChange = typeof data === 'string' && /^(?:POST|PUT|DELETE) .*HTTP/.test(data);
  const nth = isChange ? begin('request') : 0;
  const result = write.call(this, data, ...rest);
  // The body follows in the same turn of the event loop.
  if (isChange) setImmediate(() => reach('request', 'after', nth));
  return result;
};
`;
