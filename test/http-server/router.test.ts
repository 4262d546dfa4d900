import { describe, expect, it } from 'vitest';

import { Router } from '../../src/http-server/router.js';

const router = new Router(
  [
    ['GET', '/'],
    ['GET', '/users'],
    ['POST', '/users'],
    ['GET', '/users/:user'],
    ['GET', '/users/me/card'],
    ['GET', '/users/:user/groups'],
    ['PUT', '/groups/:group/users/:member'],
  ].map(([method = '', path = '']) => ({ method, path })),
);

describe('a known path', () => {
  it.each<[string, string, string, object]>([
    ['GET', '/', '/', {}],
    ['GET', '/?tab=1', '/', {}],
    ['POST', '/users', '/users', {}],
    ['GET', '/users/ada', '/users/:user', { user: 'ada' }],
    ['GET', '/users/ada?fields=a/b', '/users/:user', { user: 'ada' }],
    ['GET', '/users/ada#top', '/users/:user', { user: 'ada' }],
    ['GET', '/users/me/card', '/users/me/card', {}],
    ['GET', '/users/me/groups', '/users/:user/groups', { user: 'me' }],
    ['PUT', '/groups/g1/users/u1', '/groups/:group/users/:member', { group: 'g1', member: 'u1' }],
    ['GET', 'http://other.example:80/users/ada?x', '/users/:user', { user: 'ada' }],
  ])('%s %s is the route %s', (method, target, path, params) => {
    expect(router.match(method, target)).toEqual({ kind: 'found', route: { method, path }, params });
  });

  it.each([
    ['a+b@example.com', 'a+b@example.com'],
    ['a%2Bb%40example.com', 'a+b@example.com'],
    ['k%C3%A4the', 'käthe'],
    ['a%2Fb', 'a/b'],
    ['50%25', '50%'],
    ['a%3Fb%23c', 'a?b#c'],
    ['%E2%98%83', '☃'],
  ])('decodes the parameter %s to %s', (encoded, user) => {
    expect(router.match('GET', `/users/${encoded}/groups`)).toMatchObject({ params: { user } });
  });
});

it.each([
  ['DELETE', '/users', 'wrong-method'],
  ['HEAD', '/users/ada', 'wrong-method'],
  ['GET', '/nope', 'unknown-path'],
  ['GET', '/users/', 'unknown-path'],
  ['GET', '/users//groups', 'unknown-path'],
  ['GET', '//users', 'unknown-path'],
  ['GET', '/groups/g1', 'unknown-path'],
  ['GET', '/users%2Fada', 'unknown-path'],
  ['OPTIONS', '*', 'unknown-path'],
  ['GET', '', 'unknown-path'],
  ['GET', '/users/%zz', 'malformed-path'],
  ['GET', '/users/%E4', 'malformed-path'],
])('%s %s is: %s', (method, target, kind) => {
  expect(router.match(method, target)).toEqual({ kind });
});
