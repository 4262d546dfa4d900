import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { describe, expect, it, onTestFinished } from 'vitest';

import { systemClock } from '../../../src/clock.js';
import { reactionTo } from '../../../src/okta/http/failure-reaction.js';

import {
  rawServer,
  clientFor,
  unusedUrl,
  sendHtml,
  acceleratedClock,
  sendJson,
  fakeOrg,
  userBody,
  BODY,
  createAt,
} from '../servers.js';

describe('a request', () => {
  it('has the token, the user agent and both JSON headers', async () => {
    const org = await fakeOrg((response) => sendJson(response, 200, userBody('ada@example.com')));
    await clientFor(org.url).createUser(BODY, { activate: false, provider: true });

    expect(org.requests).toMatchObject([
      {
        method: 'POST',
        url: '/api/v1/users?activate=false&provider=true',
        body: BODY,
        headers: {
          authorization: 'SSWS s3cret',
          accept: 'application/json',
          'content-type': 'application/json',
          'user-agent': 'okta-csv-import/test',
        },
      },
    ]);
  });
});

describe('a connection', () => {
  it('reset before any response leaves a write in doubt, and it is not sent again', async () => {
    let connections = 0;
    const url = await rawServer((socket) => {
      connections += 1;
      socket.once('data', () => socket.resetAndDestroy());
    });
    const error = await createAt(url);

    expect(error).toMatchObject({ code: 'ERR_OKTA_CONNECTION', neverSent: false });
    expect(String(error)).toContain('the connection was lost');
    expect(reactionTo(error, true)).toEqual({ kind: 'in-doubt' });
    expect(connections).toBe(1);
  });

  it('that the server closes while idle does not cause a write to be sent twice', async () => {
    let posts = 0;
    const user = JSON.stringify(userBody('ada@example.com'));
    const url = await rawServer((socket) => {
      socket.on('data', (data) => {
        if (!data.toString().startsWith('POST')) return;
        posts += 1;
        if (posts === 1) {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${user.length}\r\n\r\n${user}`);
        } else {
          // As if the server had closed the idle connection just when the next request came.
          socket.resetAndDestroy();
        }
      });
    });
    const client = clientFor(url, { concurrency: 1 });
    await client.createUser(BODY, { activate: false });
    const error: unknown = await client
      .createUser(BODY, { activate: false })
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code: 'ERR_OKTA_CONNECTION', neverSent: false });
    expect(reactionTo(error, true)).toEqual({ kind: 'in-doubt' });
    expect(posts).toBe(2);
  });

  it('closed cleanly before the next request is simply opened again', async () => {
    const org = await fakeOrg((response) => {
      sendJson(response, 200, userBody('ada@example.com'), { connection: 'close' });
    });
    const client = clientFor(org.url, { concurrency: 1 });
    await client.createUser(BODY, { activate: false });
    await client.createUser(BODY, { activate: false });

    expect(org.requests).toHaveLength(2);
  });

  it('without a response in time leaves a write in doubt', async () => {
    const url = await rawServer(() => undefined);
    const error = await createAt(url, { requestTimeoutMs: 100 });

    expect(error).toMatchObject({ code: 'ERR_OKTA_CONNECTION', reason: 'TimeoutError' });
    expect(reactionTo(error, true)).toEqual({ kind: 'in-doubt' });
  });

  it('to a server that does not speak HTTP leaves a write in doubt', async () => {
    const url = await rawServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'));

    expect(await createAt(url)).toMatchObject({ code: 'ERR_OKTA_CONNECTION', neverSent: false });
  });

  it.each<[what: string, url: () => Promise<string>, code: string, text: string]>([
    [
      'nothing is listening',
      unusedUrl,
      'ERR_ORG_AWAY',
      'nothing is listening at that address (ECONNREFUSED)',
    ],
    [
      'the host does not exist',
      async () => 'http://no-such-org.invalid',
      'ERR_UNKNOWN_HOST',
      'The host no-such-org.invalid does not exist',
    ],
  ])('cannot be made when %s: after a few attempts, the run stops', async (_, url, code, text) => {
    const error = await createAt(await url(), { clock: acceleratedClock, requestTimeoutMs: 10_000_000 });

    expect(error).toMatchObject({ code });
    expect(String(error)).toContain(text);
    expect(reactionTo(error, true)).toEqual({ kind: 'stop' });
  });

  it('by TLS to a server without TLS stops the run', async () => {
    const url = await rawServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    const error = await createAt(url.replace('http:', 'https:'), { clock: acceleratedClock });

    expect(error).toMatchObject({ code: 'ERR_OKTA_CONNECTION', neverSent: true });
    expect(reactionTo(error, true)).toEqual({ kind: 'stop' });
  });

  it('by TLS without a common cipher never sends the token', async () => {
    // Without a certificate, no cipher is possible.
    const server = createTlsServer(() => undefined);
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const error = await createAt(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      clock: acceleratedClock,
    });

    expect(error).toMatchObject({ code: 'ERR_OKTA_CONNECTION', neverSent: true });
    expect(reactionTo(error, true)).toEqual({ kind: 'stop' });
  });
});

describe('an org that becomes unavailable', () => {
  it('is given up when no request got a response for the time allowed, and not before', async () => {
    let isUnavailable = false;
    const org = await fakeOrg((response) => {
      if (isUnavailable) sendHtml(response, 503);
      else sendJson(response, 200, userBody('ada@example.com'));
    });
    const client = clientFor(org.url, {
      clock: acceleratedClock,
      giveUpAfterMs: 200_000,
      requestTimeoutMs: 10_000_000,
    });
    await client.getUser('00u1');
    isUnavailable = true;
    const startedAtMs = acceleratedClock.now();

    await expect(client.getUser('00u1')).rejects.toMatchObject({ code: 'ERR_ORG_AWAY' });
    expect(acceleratedClock.now() - startedAtMs).toBeGreaterThan(200_000);
  });

  it('is not given up because one request hangs while others get responses', async () => {
    const hanging = new EventEmitter();
    const org = await fakeOrg((response, { url }, nth) => {
      if (url.endsWith('slow') && nth === 1) hanging.emit('request', response);
      else sendJson(response, 200, userBody('ada@example.com'));
    });
    let skippedMs = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + skippedMs };
    const client = clientFor(org.url, { clock, giveUpAfterMs: 60_000 });
    const slow = client.getUser('slow');
    const [response] = (await once(hanging, 'request')) as [ServerResponse];
    skippedMs = 600_000;
    // In another bucket: the first request of a bucket goes alone.
    await client.getGroup('00g1');
    response.destroy();

    await expect(slow).resolves.toMatchObject({ id: '00u1' });
  });

  it('is not given up because of time in which nothing was sent', async () => {
    const org = await fakeOrg((response, _, nth) => {
      if (nth === 2) sendHtml(response, 503);
      else sendJson(response, 200, userBody('ada@example.com'));
    });
    let idleMs = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + idleMs };
    const client = clientFor(org.url, { clock, giveUpAfterMs: 60_000 });
    await client.getUser('00u1');
    idleMs = 600_000;

    await expect(client.getUser('00u1')).resolves.toMatchObject({ id: '00u1' });
    expect(org.requests).toHaveLength(3);
    expect(client.retried).toBe(1);
  });
});

describe('closing', () => {
  it('waits for the requests in flight, and leaves no connection', async () => {
    const received = new EventEmitter();
    const org = await fakeOrg((response) => void received.emit('create', response));
    const client = clientFor(org.url);
    const created = client.createUser(BODY, { activate: false });
    const [response] = (await once(received, 'create')) as [ServerResponse];
    const closed = client.close();
    sendJson(response, 200, userBody('ada@example.com'));

    await expect(created).resolves.toMatchObject({ user: { id: '00u1' } });
    await closed;
    await expect(client.getUser('00u1')).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
  });
});
