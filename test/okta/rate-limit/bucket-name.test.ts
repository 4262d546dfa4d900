import { expect, it } from 'vitest';

import { bucketNameOf } from '../../../src/okta/rate-limit/bucket-name.js';

it.each([
  ['POST', '/api/v1/users', '/api/v1/users'],
  ['GET', '/api/v1/users', '/api/v1/users'],
  ['GET', '/api/v1/users?after=00u1&limit=200', '/api/v1/users'],
  ['POST', '/api/v1/users/00u1/lifecycle/activate', '/api/v1/users'],
  ['GET', '/api/v1/users/00u1/groups', '/api/v1/users'],
  ['GET', '/api/v1/users/ada%40example.com', 'GET /api/v1/users/{id}'],
  ['GET', '/api/v1/users/me?x=a/b', 'GET /api/v1/users/{id}'],
  ['POST', '/api/v1/users/00u1', '/api/v1/users/{id}'],
  ['DELETE', '/api/v1/users/00u1', '/api/v1/users/{id}'],
  ['GET', '/api/v1/groups?search=x', '/api/v1/groups'],
  ['PUT', '/api/v1/groups/00g1/users/00u1', '/api/v1/groups'],
  ['GET', '/api/v1/groups/00g1', '/api/v1/groups/{id}'],
  ['GET', '/api/v1/meta/types/user', '/api/v1'],
  ['GET', '/api/v1/meta/schemas/user/default', '/api/v1'],
])('%s %s counts against %s', (method, path, bucket) => {
  expect(bucketNameOf(method, path)).toBe(bucket);
});
