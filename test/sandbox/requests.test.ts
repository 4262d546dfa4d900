import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { describe, expect, it } from 'vitest';

import { oktaError, testOrg } from './org.js';

const USERS = '/api/v1/users';

/** The status of a request with this Host header. */
async function statusFor(host: string): Promise<string | undefined> {
  const { okta } = await testOrg();
  const socket = connect(Number(new URL(okta.url).port), '127.0.0.1');
  socket.write(
    `GET ${USERS} HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\nAuthorization: SSWS ${okta.token}\r\nConnection: close\r\n\r\n`,
  );
  return /^HTTP\/1.1 (\d+)/.exec(await text(socket))?.[1];
}

describe('the Host header', () => {
  it.each([
    'evil.example.com',
    'evil.com:8080',
    '10.0.0.1',
    '127.0.0.1.evil.com',
    'localhost.evil.com',
    'acme.okta.example',
    '',
  ])(
    'of another name (%j) is rejected with 421, since a website may have made it point here',
    async (host) => {
      expect(await statusFor(host)).toBe('421');
    },
  );

  it.each(['127.0.0.1', '127.0.0.1:1', 'localhost:9999', 'LOCALHOST', '[::1]:80'])(
    'of this machine (%j) is accepted, on any port',
    async (host) => {
      expect(await statusFor(host)).toBe('200');
    },
  );
});

describe('every response', () => {
  it("has Okta's headers: Date, request ID, rate limits, JSON", async () => {
    const { request } = await testOrg();
    const { headers } = await request('GET', USERS);
    expect(headers.get('x-okta-request-id')).toMatch(/^req/);
    expect(headers.get('date')).toMatch(/GMT$/);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('x-rate-limit-limit')).toBe('600');
    expect(headers.has('retry-after')).toBe(false);
  });

  it('has an error ID of its own if it is an error, which differs from the request ID', async () => {
    const { request } = await testOrg();
    const responses = [await request('GET', '/nope'), await request('GET', '/nope')];
    const ids = responses.map(({ text }) => /"errorId":"(oae.{22})"/.exec(text)?.[1]);
    expect(new Set(ids).size).toBe(2);
    expect(responses[0]?.headers.get('x-okta-request-id')).not.toBe(ids[0]);
    expect(Object.keys(responses[0]?.body ?? {})).toEqual([
      'errorCode',
      'errorSummary',
      'errorLink',
      'errorId',
      'errorCauses',
    ]);
  });

  it('has header names in the case that Okta documents, and separate Link headers', async () => {
    const { okta, create } = await testOrg();
    await create();
    const socket = connect(Number(new URL(okta.url).port), '127.0.0.1');
    socket.write(
      `GET ${USERS}?limit=1 HTTP/1.1\r\nHost: localhost\r\nAUTHORIZATION: ssws ${okta.token}\r\nConnection: close\r\n\r\n`,
    );
    const lines = (await text(socket)).split('\r\n');
    expect(lines).toContain('X-Rate-Limit-Limit: 600');
    expect(lines.filter((line) => line.startsWith('Link: <http://localhost/'))).toHaveLength(2);
  });

  it("has the time of the org's clock", async () => {
    const now = Date.parse('2026-03-02T12:00:00.000Z');
    const { request } = await testOrg({ now: () => now, clockSkewMs: -600_000 });
    const { headers } = await request('GET', USERS);
    expect(headers.get('date')).toBe('Mon, 02 Mar 2026 11:50:00 GMT');
    expect(Number(headers.get('x-rate-limit-reset'))).toBe(Date.parse('2026-03-02T11:51:00.000Z') / 1000);
  });
});

describe('authentication', () => {
  it.each([
    ['no Authorization', '', 403, 'E0000005', 'Invalid session'],
    ['an unknown scheme', 'Basic YTpi', 403, 'E0000005', 'Invalid session'],
    ['another token', 'SSWS other', 401, 'E0000011', 'Invalid token provided'],
    ['no token', 'SSWS', 401, 'E0000011', 'Invalid token provided'],
  ])('with %s is rejected before any other check', async (_name, authorization, status, code, summary) => {
    const { okta, request } = await testOrg();
    for (const path of [USERS, '/nope']) {
      const response = await request('POST', path, {
        text: '{',
        headers: { authorization, 'content-type': 'text/plain' },
      });
      expect(response).toMatchObject({ status, body: oktaError(code, summary) });
    }
    expect(okta.ledger.windows).toEqual([]);
  });

  it('fails once the token is revoked, until a reset', async () => {
    const { okta, request } = await testOrg();
    okta.revokeToken();
    expect((await request('GET', USERS)).status).toBe(401);
    okta.reset();
    expect((await request('GET', USERS)).status).toBe(200);
  });
});

describe('an invalid request', () => {
  it.each<[string, string, string, object, number, string]>([
    ['an unknown path', 'GET', '/api/v1/people', {}, 404, 'E0000008'],
    ['a path with a trailing slash', 'GET', `${USERS}/`, {}, 404, 'E0000008'],
    ['a method that the path does not support', 'PATCH', `${USERS}/ada`, {}, 405, 'E0000022'],
    ['a method that the path does not support', 'DELETE', USERS, {}, 405, 'E0000022'],
    ['broken JSON', 'POST', USERS, { text: '{"profile":' }, 400, 'E0000003'],
    ['JSON that is not an object', 'POST', USERS, { text: '[]' }, 400, 'E0000003'],
    ['no body at all', 'POST', USERS, {}, 400, 'E0000003'],
    [
      'a media type that is not JSON',
      'POST',
      USERS,
      { text: '{}', headers: { 'content-type': 'text/plain' } },
      400,
      'E0000021',
    ],
    [
      'an invalid media type',
      'POST',
      USERS,
      { text: '{}', headers: { 'content-type': '???' } },
      400,
      'E0000021',
    ],
    [
      'another charset',
      'POST',
      USERS,
      { text: '{}', headers: { 'content-type': 'application/json; charset=latin1' } },
      400,
      'E0000021',
    ],
    ['an Accept header without JSON', 'GET', USERS, { headers: { accept: 'text/html' } }, 406, 'E0000122'],
    ['a path that cannot be decoded', 'GET', `${USERS}/%zz`, {}, 400, 'E0000020'],
  ])('%s: %s %s', async (_name, method, path, options, status, errorCode) => {
    const { request } = await testOrg();
    expect(await request(method, path, options)).toMatchObject({
      status,
      body: { errorCode, errorCauses: [] },
    });
  });

  it('JSON that is not UTF-8', async () => {
    const { okta } = await testOrg();
    const response = await fetch(okta.url + USERS, {
      method: 'POST',
      headers: { authorization: `SSWS ${okta.token}`, 'content-type': 'application/json' },
      body: Buffer.from('{"profile":{"firstName":"Bj\u00f6rn"}}', 'latin1'),
    });
    expect(await response.json()).toMatchObject(
      oktaError('E0000003', 'The request body was not well-formed.'),
    );
  });

  it.each([
    [
      'a POST without Content-Length: 411',
      'POST /api/v1/users/me/lifecycle/activate HTTP/1.1',
      '411',
      'E0000020',
    ],
    ['bytes that are not HTTP', 'HELO okta', '400', 'E0000020'],
  ])('%s', async (_name, requestLine, status, errorCode) => {
    const { okta } = await testOrg();
    const socket = connect(Number(new URL(okta.url).port), '127.0.0.1');
    socket.write(
      `${requestLine}\r\nHost: localhost\r\nAuthorization: SSWS ${okta.token}\r\nConnection: close\r\n\r\n`,
    );
    const answer = await text(socket);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`"errorCode":"${errorCode}"`);
  });
});
