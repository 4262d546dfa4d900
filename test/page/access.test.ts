import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { describe, expect, it, onTestFinished } from 'vitest';

import { pageScene, PageClient, send } from './page-client.js';

const ANY_STATE = { revision: expect.any(Number) as number };

describe('who reaches the page', () => {
  it('the browser that opened the address does, by a cookie that scripts and other sites cannot use', async () => {
    const { server } = await pageScene();
    const { origin, pathname, search } = new URL(server.createAddress());

    const entered = await send(origin, { path: pathname + search });

    expect(entered.status).toBe(303);
    expect(entered.headers.location).toBe('/');
    expect(entered.headers['set-cookie']).toEqual([
      expect.stringMatching(/^okta-csv-import-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/),
    ]);
  });

  it('an address works once, and says so the second time', async () => {
    const { server } = await pageScene();
    const { origin, pathname, search } = new URL(server.createAddress());
    await send(origin, { path: pathname + search });

    const again = await send(origin, { path: pathname + search });

    expect(again.status).toBe(403);
    expect(again.text).toContain('This address was used before');
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it('a new address ends the one before, and using it signs out the browser before', async () => {
    const { server, client } = await pageScene();
    const stale = new URL(server.createAddress());
    const fresh = server.createAddress();

    expect((await send(server.url, { path: stale.pathname + stale.search })).status).toBe(403);
    expect((await client.request('GET', '/api/state')).status).toBe(200);
    const second = await PageClient.enter(fresh);
    expect((await client.request('GET', '/api/state')).status).toBe(401);
    expect(await second.state()).toMatchObject(ANY_STATE);
  });

  it.each([
    ['no cookie', ''],
    ['a guess', 'okta-csv-import-PORT=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['an empty cookie', 'okta-csv-import-PORT='],
    ['the cookie of another port', 'okta-csv-import-1=AAAA'],
  ])('another local user with %s reaches nothing', async (_, cookie) => {
    const { server } = await pageScene();
    const headers = { Cookie: cookie.replace('PORT', new URL(server.url).port), Origin: server.url };

    for (const path of ['/', '/file', '/app.js', '/app.css', '/api/state', '/api/events', '/api/runs']) {
      expect({ path, status: (await send(server.url, { path, headers })).status }).toEqual({
        path,
        status: 401,
      });
    }
    const json = { ...headers, 'Content-Type': 'application/json' };
    const closed = await send(server.url, { method: 'POST', path: '/api/close', headers: json, body: '{}' });
    expect(closed.status).toBe(401);
  });

  it.each(['evil.example', 'evil.example:PORT', '127.0.0.1', '127.0.0.1:1', '127.0.0.2:PORT', '[::1]:PORT'])(
    'the host %s does not, even with the cookie: a name can be pointed at this machine',
    async (host) => {
      const { server, client } = await pageScene();
      const headers = { Cookie: client.cookie, Host: host.replace('PORT', new URL(server.url).port) };

      const response = await send(server.url, { path: '/api/state', headers });

      expect(response.status).toBe(421);
      expect(response.text).not.toContain('revision');
    },
  );

  it.each([
    ['two hosts', '/api/state', 'Host: evil.example\r\n', 421],
    ['the same host twice', '/api/state', 'Host: 127.0.0.1:PORT\r\n', 421],
    ['a whole address, as for a proxy', 'http://evil.example/api/state', '', 400],
    ['the address of another host without a scheme', '//evil.example/api/state', '', 400],
  ])(
    'a request with %s does not: programs between read it in another way',
    async (_, target, more, status) => {
      const { server, client } = await pageScene();
      const { port } = new URL(server.url);
      const socket = connect(Number(port), '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      const head = `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${more.replace('PORT', port)}`;

      socket.write(`${head}Cookie: ${client.cookie}\r\nConnection: close\r\n\r\n`);
      const response = await text(socket);

      expect(response).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(response).not.toContain('revision');
    },
  );

  it('both names of this machine do', async () => {
    const { server, client } = await pageScene();
    const { port } = new URL(server.url);

    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`]) {
      const headers = { Cookie: client.cookie, Host: host };
      expect((await send(server.url, { path: '/api/state', headers })).status).toBe(200);
    }
  });

  it.each([
    ['of another site', { Origin: 'https://evil.example' }],
    ['of no origin', { Origin: 'null' }],
    ['of another port', { Origin: 'http://127.0.0.1:1' }],
    ['of the other name of this machine', { Origin: 'http://localhost:PORT' }],
    ['that hides its origin', {}],
    ['marked as from another site', { Origin: 'http://127.0.0.1:PORT', 'Sec-Fetch-Site': 'cross-site' }],
    ['marked as from another port', { Origin: 'http://127.0.0.1:PORT', 'Sec-Fetch-Site': 'same-site' }],
  ])('a POST %s is refused, even with the cookie', async (_, given) => {
    const { server, client } = await pageScene();
    const { port } = new URL(server.url);
    const sent = Object.entries(given).map(([name, value]) => [name, value.replace('PORT', port)] as const);
    const headers = {
      Cookie: client.cookie,
      'Content-Type': 'application/json',
      ...Object.fromEntries(sent),
    };

    const response = await send(server.url, { method: 'POST', path: '/api/close', headers, body: '{}' });

    expect(response.status).toBe(403);
  });

  it.each([
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    // A frame, or an image of another site.
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' },
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' },
  ])('a GET of another site is refused: %o', async (given: Readonly<Record<string, string>>) => {
    const { server, client } = await pageScene();

    for (const path of ['/api/state', '/api/events', '/', '/app.js']) {
      const headers = { Cookie: client.cookie, ...given };
      expect((await send(server.url, { path, headers })).status).toBe(403);
    }
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'a POST of the content type "%s", which a form can send, is refused',
    async (contentType) => {
      const { client } = await pageScene();

      expect((await client.sendBytes('POST', '/api/close', '{}', contentType)).status).toBe(415);
    },
  );

  it.each(['DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE'])('%s is refused', async (method) => {
    const { client } = await pageScene();

    expect((await client.request(method, '/api/state')).status).toBe(405);
  });

  it('every response forbids inline scripts, frames, sniffing, caching and referrers', async () => {
    const { server, client } = await pageScene();

    const app = [
      await client.request('GET', '/'),
      await client.request('GET', '/app.js'),
      await client.request('GET', '/api/state'),
      await client.request('GET', '/nothing'),
      await client.request('DELETE', '/api/state'),
      await client.sendBytes('POST', '/api/close', '{', 'application/json'),
      await send(server.url, { path: '/api/state' }),
      await send(server.url, { path: '//' }),
      await send(server.url, { path: '/', headers: { Host: 'evil.example' } }),
    ];
    const messages = [
      await send(server.url, { path: '/' }),
      await send(server.url, { path: '/?token=guess' }),
    ];

    for (const { headers } of app) {
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
    }
    for (const { headers } of messages) {
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
      );
    }
    for (const { headers } of [...app, ...messages]) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('a preflight of another site gets no permission', async () => {
    const { server, client } = await pageScene();
    const headers = {
      Cookie: client.cookie,
      Origin: 'https://evil.example',
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'content-type',
      'Access-Control-Request-Private-Network': 'true',
    };

    const response = await send(server.url, { method: 'OPTIONS', path: '/api/org', headers });

    expect(response.status).toBe(403);
    expect(Object.keys(response.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it.each([
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/app.js/../../package.json',
    '/api/../../package.json',
    '/runs/..%2f..%2fpackage.json/report.html',
    '/runs/%2e%2e/journal.ndjson',
    '/runs/x%00/report.html',
    '/index.html%00',
    '/LICENSES.txt',
    '/constructor',
    '/__proto__',
    '/%',
  ])('the path %s leads nowhere', async (path) => {
    const { client, errors } = await pageScene();

    const { status, text } = await client.request('GET', path);

    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).not.toContain('dependencies');
    expect(errors).toEqual([]);
  });

  it('only this machine does', async () => {
    const { server } = await pageScene();

    expect(new URL(server.url).hostname).toBe('127.0.0.1');
  });
});

it('a browser that was signed out gets no more events', async () => {
  const { server, client } = await pageScene();
  const events = client.events();
  await events.next();

  await PageClient.enter(server.createAddress());

  expect(await events.next()).toEqual({ done: true, value: undefined });
  expect((await client.request('GET', '/api/events')).status).toBe(401);
});

it('two tabs of one browser both get the events', async () => {
  const { server, client } = await pageScene();
  const tabs = [1, 2].map(() =>
    client.untilState(({ notices }) => notices.some(({ id }) => id === 'changed')),
  );
  await client.state();
  server.session.notify({ id: 'changed', severity: 'info', message: 'Something changed.' });

  const states = await Promise.all(tabs);

  expect(states.map(({ notices }) => notices.length)).toEqual([1, 1]);
});

it('the button of the page ends the server', async () => {
  const { server, client } = await pageScene();

  await client.json('POST', '/api/close', {});

  if (!server.closeRequested.aborted) await once(server.closeRequested, 'abort');
  expect(server.closeRequested.aborted).toBe(true);
});

it('a request that is not JSON gets an error in words', async () => {
  const { client } = await pageScene();

  const { status, text } = await client.sendBytes('POST', '/api/close', '{', 'application/json');

  expect(status).toBe(400);
  expect(JSON.parse(text)).toEqual({
    error: { code: 'ERR_PAGE_REQUEST', message: 'The request is not JSON.', hint: 'Reload the page.' },
  });
});
