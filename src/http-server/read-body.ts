import type { IncomingMessage } from 'node:http';

export type ReadBody =
  | { readonly kind: 'complete'; readonly bytes: Buffer }
  /** More bytes than allowed; the rest is discarded, and the connection stays open for the response. */
  | { readonly kind: 'too-large' }
  /** The client disconnected in the middle of the body. */
  | { readonly kind: 'aborted' };

/** Reads a request's body, up to `maxBytes`. A body that announces to be longer is not read at all. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<ReadBody> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    return Promise.resolve({ kind: 'too-large' });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (body: ReadBody): void => {
      request.off('data', onData);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > maxBytes) settle({ kind: 'too-large' });
      else chunks.push(chunk);
    };
    request.on('data', onData);
    request.once('end', () => settle({ kind: 'complete', bytes: joined(chunks) }));
    // Stays: without a listener, an error after the body was too large would end the process.
    request.on('error', () => settle({ kind: 'aborted' }));
  });
}

/** Most bodies arrive in one chunk, which needs no copy. */
function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks);
}
