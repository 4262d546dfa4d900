import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { reactionTo } from '../../../src/okta/http/failure-reaction.js';
import { clientFor, createAt, errorBody, fakeOrg, rawServer, sendJson, userBody } from '../servers.js';

const MEGABYTE = 1024 * 1024;
const INTERIM = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n';
const IN_DOUBT = { kind: 'in-doubt' };

describe('the request timeout', () => {
  it('ends a request that gets interim responses (103) without an end, and leaves a write in doubt', async () => {
    const url = await rawServer((socket) => {
      const hints = setInterval(() => socket.write(INTERIM), 20);
      // The response ends even for a client without a deadline, but much later.
      const end = setTimeout(() => socket.destroy(), 3000);
      socket.on('close', () => {
        clearInterval(hints);
        clearTimeout(end);
      });
    });
    const error = await createAt(url, { requestTimeoutMs: 200 });

    expect(error).toMatchObject({ code: 'ERR_OKTA_CONNECTION', reason: 'TimeoutError', neverSent: false });
    expect(reactionTo(error, true)).toEqual(IN_DOUBT);
  });

  it('is for the whole response: time spent on the headers is not given to the body again', async () => {
    const url = await rawServer((socket) => {
      socket.once('data', () => {
        const timers = [
          setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{'), 300),
          // Too late for the whole response, but not for a body with its own timeout.
          setTimeout(() => socket.write('}'), 1150),
        ];
        socket.on('close', () => timers.forEach(clearTimeout));
      });
    });
    const error = await createAt(url, { requestTimeoutMs: 1000 });

    expect(String(error)).toContain('the response body is incomplete at the end of the timeout');
    expect(reactionTo(error, true)).toEqual(IN_DOUBT);
  });

  it('does not touch a connection that is used again after it', async () => {
    const org = await fakeOrg((response) => sendJson(response, 200, userBody('ada@example.com')));
    const client = clientFor(org.url, { requestTimeoutMs: 2000, concurrency: 1 });
    await client.getUser('00u1');
    await new Promise((resolve) => setTimeout(resolve, 2050));

    await expect(client.getUser('00u1')).resolves.toMatchObject({ id: '00u1' });
    expect(client.retried).toBe(0);
  });
});

describe('a response body', () => {
  it('of 60 MB is read up to 1 MB, ten at a time', async () => {
    let sentBytes = 0;
    const org = await fakeOrg((response) => {
      const chunk = Buffer.alloc(MEGABYTE / 4, ' ');
      let chunks = 0;
      const pour = (): void => {
        while (chunks < 240 && response.writable) {
          chunks += 1;
          sentBytes += chunk.length;
          if (!response.write(chunk)) return;
        }
        response.end();
      };
      response.on('drain', pour);
      pour();
    });
    const errors = await Promise.all(Array.from({ length: 10 }, () => createAt(org.url)));

    for (const error of errors) {
      expect(String(error)).toContain(
        'POST /api/v1/users returned 200, but the response body is larger than 1 MB',
      );
      expect(reactionTo(error, true)).toEqual(IN_DOUBT);
    }
    // The rest is in the buffers of the connections.
    expect(sentBytes).toBeLessThan(200 * MEGABYTE);
  });

  it('of an error is read up to 1 MB', async () => {
    const org = await fakeOrg((response) => response.writeHead(500).end(' '.repeat(2 * MEGABYTE)));

    expect(String(await createAt(org.url))).toContain('the response body is larger than 1 MB');
  });

  it('of a page of users may be larger, up to 16 MB', async () => {
    const org = await fakeOrg((response, { url }) => {
      const size = url.includes('search') ? 17 : 12;
      sendJson(response, 200, [{ ...userBody('ada@example.com'), filler: 'x'.repeat(size * MEGABYTE) }]);
    });
    const client = clientFor(org.url, { giveUpAfterMs: 1 });
    const first = async (search?: string): Promise<string> => {
      for await (const { id } of client.listUsers({ search })) return id;
      return 'none';
    };

    await expect(first()).resolves.toBe('00u1');
    await expect(first('x')).rejects.toThrow('the response body is larger than 16 MB');
  });

  it('is requested without compression', async () => {
    const org = await fakeOrg((response) => sendJson(response, 200, userBody('ada@example.com')));
    await clientFor(org.url).getUser('00u1');

    expect(org.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['gzip, br', (text: string) => brotliCompressSync(gzipSync(text))],
    ['identity', (text: string) => Buffer.from(text)],
  ])('compressed unasked (%s) is read', async (encoding, compress) => {
    const body = compress(JSON.stringify(userBody('ada@example.com')));
    const org = await fakeOrg((response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );

    await expect(clientFor(org.url).getUser('00u1')).resolves.toMatchObject({ id: '00u1' });
  });

  it('of an error that was compressed unasked is read', async () => {
    const body = gzipSync(JSON.stringify(errorBody('E0000001')));
    const org = await fakeOrg((response) =>
      response.writeHead(400, { 'content-encoding': 'gzip' }).end(body),
    );

    expect(await createAt(org.url)).toMatchObject({ code: 'ERR_OKTA_API', errorCode: 'E0000001' });
  });

  it.each([
    ['a bomb', 'gzip', gzipSync(Buffer.alloc(100 * MEGABYTE)), 'larger than 1 MB'],
    ['cut off', 'gzip', gzipSync('{"id":"00u1"}').subarray(0, 20), 'not valid gzip data'],
    ['not compressed at all', 'br', Buffer.from('{"id":"00u1"}'), 'not valid br data'],
    ['unknown', 'zstd', Buffer.from('{"id":"00u1"}'), 'in the unknown encoding "zstd"'],
  ])('whose compression is %s leaves a write in doubt', async (_, encoding, body, text) => {
    const org = await fakeOrg((response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    const error = await createAt(org.url);

    expect(String(error)).toContain(`POST /api/v1/users returned 200, but the response body is ${text}.`);
    expect(reactionTo(error, true)).toEqual(IN_DOUBT);
  });
});
