/**
 * A process that takes locks when it is told to: `take <path> <run id>` and `release`, a line each on standard input.
 * Says `ready`, `taken`, `refused <why>` and `released`.
 */
import { createInterface } from 'node:readline';

import { takeLock } from '../../src/journal/lock-file.ts';

let lock;
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [command, path, runId] = line.split(' ');
  if (command === 'release') {
    await lock?.release();
    lock = undefined;
    process.stdout.write('released\n');
    continue;
  }
  try {
    lock = await takeLock(path, { subject: 'The run', runId, startedAt: '2026-01-01T00:00:00.000Z' });
    process.stdout.write('taken\n');
  } catch (error) {
    process.stdout.write(`${error.code === 'ERR_LOCKED' ? 'refused' : 'failed'} ${error.message}\n`);
  }
}
await lock?.release();
