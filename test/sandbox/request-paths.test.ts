import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';

import { expect, it } from 'vitest';

import { ADA, testOrg } from './org.js';

/** Status, content type and JSON of a GET whose path is sent as it is: `fetch` would resolve dots and backslashes. */
async function get(path: string): Promise<{ status: number; type: string | undefined; body: unknown }> {
  const { okta } = await testOrg({
    seed: { users: ['zoe', 'bob'].map((name) => ({ profile: { ...ADA, login: `${name}@example.com` } })) },
  });
  return new Promise((resolve, reject) => {
    const headers = { authorization: `SSWS ${okta.token}`, accept: 'application/json' };
    const { port } = new URL(okta.url);
    const request = httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      const type = response.headers['content-type'];
      text(response).then(
        (body) =>
          resolve({
            status: response.statusCode ?? 0,
            type,
            body: type === 'application/json' ? JSON.parse(body) : body,
          }),
        reject,
      );
    });
    request.on('error', reject).end();
  });
}

it.each([
  ['a semicolon in a path', '/api/v1/users/zoe;x@example.com'],
  ['an encoded semicolon', '/api/v1/users/zoe%3Bx%40example.com'],
])('%s cuts off the rest, so that another user is read', async (_name, path) => {
  const { status, body } = await get(path);
  expect(status).toBe(200);
  expect(body).toMatchObject({ profile: { login: 'zoe@example.com' } });
});

it.each(['/api/v1/users/CORP\\bob', '/api/v1/users/CORP%5Cbob', '/api/v1/groups/a%5cb/users'])(
  'a backslash in a path gets a 400 with a page of the web server: %s',
  async (path) => {
    const { status, type, body } = await get(path);
    expect([status, type]).toEqual([400, 'text/html; charset=utf-8']);
    expect(body).toContain('<html>');
  },
);

it.each(['/api/v1/users/a%2Fb', '/api/v1/users/a%2fb%40example.com', '/api/v1/users/a%2Fb/groups'])(
  'an encoded slash in a path gets a 405: %s',
  async (path) => {
    const { status, body } = await get(path);
    expect([status, body]).toMatchObject([405, { errorCode: 'E0000022' }]);
  },
);

it.each(['/api/v1/users/.', '/api/v1/users/%2E', '/api/v1/users/%2e?limit=200'])(
  'a dot in the place of a user gets the list of users: %s',
  async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(200);
    expect(body).toHaveLength(3);
  },
);
