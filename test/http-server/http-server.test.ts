import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { describe, expect, it, onTestFinished } from 'vitest';

import type { HttpServer } from '../../src/http-server/http-server.js';
import { startHttpServer } from '../../src/http-server/http-server.js';
import type { ReadBody } from '../../src/http-server/read-body.js';
import { readBody } from '../../src/http-server/read-body.js';
import { until } from '../helpers/until.js';

const MAX_BODY_BYTES = 1000;

async function start(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<{ server: HttpServer; errors: unknown[] }> {
  const errors: unknown[] = [];
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    handle,
    onError: (error) => errors.push(error),
    malformedRequestBody: () => '{"error":"malformed"}',
  });
  onTestFinished(() => server.close());
  return { server, errors };
}

/** Responds with the kind and length of what was read. */
async function describeBody(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request, MAX_BODY_BYTES);
  response.end(body.kind === 'complete' ? `complete ${body.bytes.length}` : body.kind);
}

/** Everything that the server sends in response to the given bytes, until it ends the connection. */
async function exchange({ url }: HttpServer, ...parts: string[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  for (const part of parts) socket.write(part);
  return text(socket);
}

describe('reading a body', () => {
  it.each([
    ['no body', 'Content-Length: 0\r\n\r\n', 'complete 0'],
    ['an announced length', 'Content-Length: 5\r\n\r\nhello', 'complete 5'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n', 'complete 5'],
    ['exactly the limit', `Content-Length: 1000\r\n\r\n${'x'.repeat(1000)}`, 'complete 1000'],
    ['an announced length over the limit', 'Content-Length: 1001\r\n\r\n', 'too-large'],
    [
      'chunks over the limit',
      `Transfer-Encoding: chunked\r\n\r\n${`1f4\r\n${'x'.repeat(500)}\r\n`.repeat(3)}0\r\n\r\n`,
      'too-large',
    ],
  ])('%s', async (_name, request, seen) => {
    const { server } = await start(describeBody);
    const response = await exchange(server, `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${request}`);
    expect(response).toMatch(new RegExp(`\r\n\r\n${seen}$`));
  });

  it('keeps the connection usable after a body that was too large', async () => {
    const { server } = await start(describeBody);
    const response = await exchange(
      server,
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n${'x'.repeat(5000)}`,
      'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok',
    );
    expect(response).toMatch(/too-large[^]*complete 2$/);
  });

  it('reports a client that disconnects in the middle', async () => {
    let read: Promise<ReadBody> | undefined;
    const { server } = await start(async (request) => {
      read = readBody(request, MAX_BODY_BYTES);
      await read;
    });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf');
    await until(() => read !== undefined);
    socket.resetAndDestroy();
    expect(await read).toEqual({ kind: 'aborted' });
  });
});

it('responds to bytes that are not HTTP with 400 and the given body', async () => {
  const { server } = await start(describeBody);
  const response = await exchange(server, 'HELO okta\r\n\r\n');
  expect(response).toMatch(/^HTTP\/1.1 400 Bad Request\r\n[^]*\{"error":"malformed"\}$/);
});

it('drops the connection and reports the error when a handler fails', async () => {
  const { server, errors } = await start(() => Promise.reject(new Error('mistake')));
  await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  expect(errors).toEqual([new Error('mistake')]);
});

it('closes immediately, even with idle connections and requests in progress, and can be closed twice', async () => {
  let waiting = 0;
  const { server } = await start(async (request, response) => {
    if (request.url === '/') response.end();
    else waiting += 1;
  });
  const idle = await fetch(server.url);
  await idle.text();
  const unanswered = fetch(`${server.url}/wait`).catch(() => 'dropped');
  await until(() => waiting === 1);

  await server.close();
  await server.close();

  expect(await unanswered).toBe('dropped');
});

it('rejects when the port is taken', async () => {
  const { server } = await start(describeBody);
  const port = Number(new URL(server.url).port);
  const second = startHttpServer({
    host: '127.0.0.1',
    port,
    handle: describeBody,
    onError: () => {},
    malformedRequestBody: () => '',
  });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
