import type { Writable } from 'node:stream';

/**
 * Writes texts as fast as they are read, and no faster: the next one is asked for when there is room.
 *
 * @param signal - ends the wait for a reader who does not come back.
 * @returns whether the reader stayed to the end. One who has seen enough, as `head` has, is no error: the source is left
 * then, and asked for nothing more.
 * @throws what the stream fails with otherwise, and the signal's reason.
 */
export async function writeAll(
  texts: AsyncIterable<string>,
  out: Writable,
  signal: AbortSignal,
): Promise<boolean> {
  out.on('error', lookAtItBelow);
  try {
    for await (const text of texts) {
      if (!out.write(text)) await roomIn(out, signal);
      if (out.errored !== null || out.destroyed) break;
    }
    // A pipe whose reader has left says so a moment after it was written to.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    out.off('error', lookAtItBelow);
  }
  const { errored } = out;
  if (errored !== null && !('code' in errored && isGone(errored.code))) throw errored;
  return errored === null && !out.destroyed;
}

/** A stream's error is a property of it before it is an event. */
function lookAtItBelow(): void {}

/** Resolves when more can be written, and when nothing can ever be written any more. */
function roomIn(out: Writable, signal: AbortSignal): Promise<void> {
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

function isGone(code: unknown): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_DESTROYED';
}
