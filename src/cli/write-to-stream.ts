import type { Writable } from 'node:stream';

/**
 * Writes texts with backpressure: the next one is pulled when the stream has room.
 *
 * @param signal - ends the wait for a stalled reader.
 * @returns whether everything was read. A reader that exits early, such as `head`, is not an error; the source is closed then.
 * @throws any other error of the stream, and the signal's reason.
 */
export async function writeAll(
  texts: AsyncIterable<string>,
  out: Writable,
  signal: AbortSignal,
): Promise<boolean> {
  out.on('error', ignore);
  try {
    for await (const text of texts) {
      if (!out.write(text)) await waitForRoom(out, signal);
      if (out.errored !== null || out.destroyed) break;
    }
    // A closed pipe reports its error shortly after the write.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    out.off('error', ignore);
  }
  const { errored } = out;
  if (errored !== null && !('code' in errored && isClosedByReader(errored.code))) throw errored;
  return errored === null && !out.destroyed;
}

/** The error is read from `errored`. */
function ignore(): void {}

/** Resolves when the stream has room, or has failed. */
function waitForRoom(out: Writable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (out.destroyed || out.errored !== null || !out.writableNeedDrain) {
      resolve();
      return;
    }
    const events = ['drain', 'error', 'close'] as const;
    const done = (): void => {
      for (const event of events) out.off(event, done);
      signal.removeEventListener('abort', done);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    };
    for (const event of events) out.on(event, done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

function isClosedByReader(code: unknown): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_DESTROYED';
}
