import { startCli, type CliOptions } from './cli.js';

/**
 * Where a process dies, as by `kill -9`: before or after it writes to its journal, before or after it replaces the state of a
 * data set, or after it has sent a request that changes the org. Counted from 1.
 */
export interface Moment {
  readonly is: 'before' | 'after';
  readonly step: 'journal' | 'state' | 'request';
  readonly nth: number;
}

/** Runs the program until a moment. @returns whether it came to that moment. */
export async function killAt(moment: Moment, args: readonly string[], options: CliOptions): Promise<boolean> {
  const preload = `data:text/javascript,${encodeURIComponent(`const moment = ${JSON.stringify(moment)};${PRELOAD}`)}`;
  const { exitCode } = await startCli(args, { ...options, nodeArgs: [`--import=${preload}`] }).finished;
  return exitCode === null;
}

const PRELOAD = `
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';

const count = { journal: 0, state: 0, request: 0 };
function reach(step, is) {
  if (is === 'before') count[step] += 1;
  const isNow = step === moment.step && is === moment.is && count[step] === moment.nth;
  if (isNow) process.kill(process.pid, 'SIGKILL');
}
const { appendFileSync } = fs;
fs.appendFileSync = (file, ...rest) => {
  reach('journal', 'before');
  appendFileSync(file, ...rest);
  reach('journal', 'after');
};
const { rename } = promises;
promises.rename = async (from, to) => {
  if (!String(to).includes('datasets')) return rename(from, to);
  reach('state', 'before');
  await rename(from, to);
  reach('state', 'after');
};
syncBuiltinESMExports();
const { write } = Socket.prototype;
Socket.prototype.write = function (data, ...rest) {
  const isChange = typeof data === 'string' && /^(?:POST|PUT|DELETE) .*HTTP/.test(data);
  if (isChange) reach('request', 'before');
  const result = write.call(this, data, ...rest);
  // The body follows in the same turn of the event loop.
  if (isChange) setImmediate(() => reach('request', 'after'));
  return result;
};
`;
