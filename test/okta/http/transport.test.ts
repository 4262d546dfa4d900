import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { describe, expect, it, onTestFinished } from 'vitest';

import { systemClock } from '../../../src/clock.js';
import { reactionTo } from '../../../src/okta/http/retry.js';

import {
  bareServer,
  clientFor,
  deadAddress,
  html,
  hurriedClock,
  json,
  lyingOrg,
  refusalOf,
  userOf,
} from '../servers.js';

const BODY = JSON.stringify({ profile: { login: 'ada@example.com' } });

/** The error with which a create ends. */
async function createAt(url: string, overrides: Parameters<typeof clientFor>[1] = {}): Promise<unknown> {
  try {
    return await clientFor(url, overrides).createUser(BODY, { activate: false });
  } catch (error) {
    return error;
  }
}

describe('a request', () => {
  it('carries the token, the program’s name and both JSON headers', async () => {
    const org = await lyingOrg((response) => json(response, 200, userOf('ada@example.com')));
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

describe('an answer that cannot be trusted', () => {
  it.each<[what: string, respond: Parameters<typeof lyingOrg>[0], words: string]>([
    ['a web page with 200', (response) => html(response, 200), 'a web page, not JSON'],
    ['an empty 200', (response) => void response.writeHead(200).end(), 'the body is empty'],
    ['half the JSON', (response) => void response.end('{"id":"00u1","prof'), 'not JSON, or cut off'],
    ['some other JSON', (response) => json(response, 200, { hello: 'world' }), 'not a user'],
    ['null', (response) => json(response, 200, null), 'not a user'],
    ['a 204', (response) => void response.writeHead(204).end(), 'not a user'],
    [
      'a body shorter than announced',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"id":"00u1"', () => response.destroy());
      },
      'cut off',
    ],
  ])('%s leaves a create in doubt', async (_, respond, words) => {
    const org = await lyingOrg(respond);
    const error = await createAt(org.url);

    expect(error).toMatchObject({ code: 'ERR_OKTA_UNREADABLE_ANSWER' });
    expect(String(error)).toContain(words);
    expect(reactionTo(error, true)).toEqual({ kind: 'in-doubt' });
    expect(org.requests).toHaveLength(1);
  });

  it('a body without end is given up, and the connection with it', async () => {
    let isBrokenOff = false;
    const org = await lyingOrg((response) => {
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      const pour = (): void => {
        while (response.write(chunk));
      };
      response.on('drain', pour).on('close', () => (isBrokenOff = true));
      pour();
    });
    const error = await createAt(org.url);

    expect(error).toMatchObject({ code: 'ERR_OKTA_UNREADABLE_ANSWER' });
    await expect.poll(() => isBrokenOff).toBe(true);
  });

  it('a body that trickles is given up when the time allowed is over', async () => {
    const org = await lyingOrg((response) => {
      response.write('{');
      const trickle = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(trickle));
    });
    const error = await createAt(org.url, { requestTimeoutMs: 200 });

    expect(error).toMatchObject({ code: 'ERR_OKTA_UNREADABLE_ANSWER' });
    expect(reactionTo(error, true)).toEqual({ kind: 'in-doubt' });
  });

  it('a read that is answered with a gateway’s page is asked again', async () => {
    const org = await lyingOrg((response, _, nth) => {
      if (nth === 1) html(response, 502);
      else json(response, 200, userOf('ada@example.com'));
    });

    await expect(clientFor(org.url).getUser('00u1')).resolves.toMatchObject({ id: '00u1' });
    expect(org.requests).toHaveLength(2);
  });
});

describe('a refusal', () => {
  it.each([403, 502, 503])('that is a web page with %d is told as a gateway’s', async (status) => {
    const org = await lyingOrg((response) => html(response, status));
    const error = await createAt(org.url);

    expect(error).toMatchObject({ code: 'ERR_OKTA_API', status, errorCode: undefined });
    expect(String(error)).toContain('the answer is not Okta');
    expect(reactionTo(error, true).kind).toBe(status === 403 ? 'stop' : 'in-doubt');
  });

  it('has Okta’s code, causes and request id', async () => {
    const causes = [{ errorSummary: 'login: taken' }, { errorSummary: 'email: bad' }];
    const org = await lyingOrg((response) =>
      json(response, 400, refusalOf('E0000001', causes), { 'X-Okta-Request-Id': 'req1' }),
    );

    expect(await createAt(org.url)).toMatchObject({
      operation: 'POST /api/v1/users',
      errorCode: 'E0000001',
      errorCauses: ['login: taken', 'email: bad'],
      requestId: 'req1',
    });
  });

  it.each<[what: string, causes: unknown, expected: string[]]>([
    ['a bare object', { errorSummary: 'login: taken' }, ['login: taken']],
    ['null', null, []],
    ['text', 'login: taken', []],
    ['a list of nonsense', [null, 7, {}, { errorSummary: 7 }, { errorSummary: 'yes' }], ['yes']],
  ])('may have %s for its causes', async (_, causes, expected) => {
    const org = await lyingOrg((response) => json(response, 400, refusalOf('E0000001', causes)));

    expect(await createAt(org.url)).toMatchObject({ errorCode: 'E0000001', errorCauses: expected });
  });

  it('without a body is worded by its WWW-Authenticate header', async () => {
    const challenge =
      'Bearer realm="http://acme.okta.com", error="insufficient_scope", error_description="The access token provided does not contain the required scopes.", resource="/api/v1/users"';
    const org = await lyingOrg(
      (response) => void response.writeHead(403, { 'www-authenticate': challenge }).end(),
    );

    expect(await createAt(org.url)).toMatchObject({
      status: 403,
      errorSummary: 'The access token provided does not contain the required scopes.',
    });
  });

  it('without a body and without words is still told', async () => {
    const org = await lyingOrg((response) => void response.writeHead(400).end());

    expect(await createAt(org.url)).toMatchObject({ errorSummary: 'the answer had no body.' });
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('of %d is not followed, and the token goes nowhere', async (status) => {
    const thief = await lyingOrg((response) => json(response, 200, userOf('ada@example.com')));
    const org = await lyingOrg(
      (response) => void response.writeHead(status, { location: `${thief.url}/login` }).end(),
    );
    const error = await createAt(org.url);

    expect(error).toMatchObject({ code: 'ERR_OKTA_API', status });
    expect(String(error)).toContain(thief.url);
    expect(reactionTo(error, true)).toEqual({ kind: 'stop' });
    expect(thief.requests).toEqual([]);
    expect(String(error)).not.toContain('s3cret');
  });
});

describe('a connection', () => {
  it('that is reset before any answer leaves a write in doubt, and it is not sent again', async () => {
    let connections = 0;
    const url = await bareServer((socket) => {
      connections += 1;
      socket.once('data', () => socket.resetAndDestroy());
    });
    const error = await createAt(url);

    expect(error).toMatchObject({ code: 'ERR_OKTA_CONNECTION', neverSent: false });
    expect(String(error)).toContain('the connection broke off');
    expect(reactionTo(error, true)).toEqual({ kind: 'in-doubt' });
    expect(connections).toBe(1);
  });

  it('that the server closes while it idles is not a reason to send a write twice', async () => {
    let posts = 0;
    const user = JSON.stringify(userOf('ada@example.com'));
    const url = await bareServer((socket) => {
      socket.on('data', (data) => {
        if (!data.toString().startsWith('POST')) return;
        posts += 1;
        if (posts === 1) {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${user.length}\r\n\r\n${user}`);
        } else {
          // What a server does that closed the idle connection just when the next request came.
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

  it('that was closed cleanly long before the next request is simply made anew', async () => {
    const org = await lyingOrg((response) => {
      json(response, 200, userOf('ada@example.com'), { connection: 'close' });
    });
    const client = clientFor(org.url, { concurrency: 1 });
    await client.createUser(BODY, { activate: false });
    await client.createUser(BODY, { activate: false });

    expect(org.requests).toHaveLength(2);
  });

  it('on which no answer comes in time leaves a write in doubt', async () => {
    const url = await bareServer(() => undefined);
    const error = await createAt(url, { requestTimeoutMs: 100 });

    expect(error).toMatchObject({ code: 'ERR_OKTA_CONNECTION', reason: 'UND_ERR_HEADERS_TIMEOUT' });
    expect(reactionTo(error, true)).toEqual({ kind: 'in-doubt' });
  });

  it('to a server that does not speak HTTP leaves a write in doubt', async () => {
    const url = await bareServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'));

    expect(await createAt(url)).toMatchObject({ code: 'ERR_OKTA_CONNECTION', neverSent: false });
  });

  it.each<[what: string, url: () => Promise<string>, words: string]>([
    ['nothing listens', deadAddress, 'nothing listens at that address (ECONNREFUSED)'],
    ['there is no such host', async () => 'http://no-such-org.invalid', 'the host name'],
  ])(
    'cannot be made where %s: it is tried for a while, then the org counts as away',
    async (_, url, words) => {
      const error = await createAt(await url(), { clock: hurriedClock, requestTimeoutMs: 10_000_000 });

      expect(error).toMatchObject({ code: 'ERR_ORG_AWAY' });
      expect(String(error)).toContain(words);
      expect(reactionTo(error, true)).toEqual({ kind: 'stop' });
    },
  );

  it('by TLS to a server that speaks none stops the run', async () => {
    const url = await bareServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    const error = await createAt(url.replace('http:', 'https:'), { clock: hurriedClock });

    expect(error).toMatchObject({ code: 'ERR_OKTA_CONNECTION', neverSent: true });
    expect(reactionTo(error, true)).toEqual({ kind: 'stop' });
  });

  it('by TLS that cannot be agreed on never sends the token', async () => {
    // No certificate, so no cipher fits.
    const server = createTlsServer(() => undefined);
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const error = await createAt(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      clock: hurriedClock,
    });

    expect(error).toMatchObject({ code: 'ERR_OKTA_CONNECTION', neverSent: true });
    expect(reactionTo(error, true)).toEqual({ kind: 'stop' });
  });
});

describe('an org that goes away', () => {
  it('is given up when nobody was answered for the time allowed, and not before', async () => {
    let isAway = false;
    const org = await lyingOrg((response) => {
      if (isAway) html(response, 503);
      else json(response, 200, userOf('ada@example.com'));
    });
    const client = clientFor(org.url, {
      clock: hurriedClock,
      giveUpAfterMs: 200_000,
      requestTimeoutMs: 10_000_000,
    });
    await client.getUser('00u1');
    isAway = true;
    const startedAtMs = hurriedClock.now();

    await expect(client.getUser('00u1')).rejects.toMatchObject({ code: 'ERR_ORG_AWAY' });
    expect(hurriedClock.now() - startedAtMs).toBeGreaterThan(200_000);
  });

  it('is not given up for one request that hangs while others are answered', async () => {
    const hanging = new EventEmitter();
    const org = await lyingOrg((response, { url }, nth) => {
      if (url.endsWith('slow') && nth === 1) hanging.emit('request', response);
      else json(response, 200, userOf('ada@example.com'));
    });
    let skippedMs = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + skippedMs };
    const client = clientFor(org.url, { clock, giveUpAfterMs: 60_000 });
    const slow = client.getUser('slow');
    const [response] = (await once(hanging, 'request')) as [ServerResponse];
    skippedMs = 600_000;
    // Of another bucket: the first request of a bucket goes alone.
    await client.getGroup('00g1');
    response.destroy();

    await expect(slow).resolves.toMatchObject({ id: '00u1' });
  });

  it('is not given up for the time in which nobody asked it', async () => {
    const org = await lyingOrg((response, _, nth) => {
      if (nth === 2) html(response, 503);
      else json(response, 200, userOf('ada@example.com'));
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
  it('waits for the requests under way, and leaves no connection', async () => {
    const asked = new EventEmitter();
    const org = await lyingOrg((response) => void asked.emit('create', response));
    const client = clientFor(org.url);
    const created = client.createUser(BODY, { activate: false });
    const [response] = (await once(asked, 'create')) as [ServerResponse];
    const closed = client.close();
    json(response, 200, userOf('ada@example.com'));

    await expect(created).resolves.toMatchObject({ user: { id: '00u1' } });
    await closed;
    await expect(client.getUser('00u1')).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
  });
});
