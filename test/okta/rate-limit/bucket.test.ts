import { describe, expect, it } from 'vitest';

import { bucketOf } from '../../../src/okta/rate-limit/bucket.js';
import {
  bucketStateOf,
  isConcurrencyLimit,
  retryAfterMsOf,
} from '../../../src/okta/rate-limit/rate-limit-headers.js';

describe('the bucket of a request', () => {
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
  ])('%s %s is %s', (method, path, bucket) => {
    expect(bucketOf(method, path)).toBe(bucket);
  });
});

describe('the three headers', () => {
  it('are the bucket’s state', () => {
    expect(bucketStateOf(headers('600', '12', '1772455579'))).toEqual({
      limit: 600,
      remaining: 12,
      resetAtMs: 1_772_455_579_000,
    });
  });

  it.each([
    ['missing', {}],
    ['empty', headers('', '', '')],
    ['not numbers', headers('many', '1', '1772455579')],
    ['negative', headers('600', '-1', '1772455579')],
    ['those of the concurrency limit', headers('0', '0', '1772455579')],
  ])('say nothing when they are %s', (_, given) => {
    expect(bucketStateOf(given)).toBeUndefined();
  });

  it.each([
    ['two lines', ['1772455579', '1772455580']],
    ['one joined line', '1772455580,1772455579'],
  ])('may hold the reset twice, as %s: the later one counts', (_, reset) => {
    expect(bucketStateOf(headers('600', '1', reset))?.resetAtMs).toBe(1_772_455_580_000);
  });

  it('of the concurrency limit are told from a bucket that is empty', () => {
    expect(isConcurrencyLimit(headers('0', '0', '1'))).toBe(true);
    expect(isConcurrencyLimit(headers('600', '0', '1'))).toBe(false);
    expect(isConcurrencyLimit({})).toBe(false);
  });
});

describe('Retry-After', () => {
  const NOW_MS = Date.UTC(2026, 2, 2, 12, 45);

  it.each([
    ['7', 7000],
    ['0', 0],
    ['-3', 0],
    [new Date(NOW_MS + 9000).toUTCString(), 9000],
    [new Date(NOW_MS - 9000).toUTCString(), 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (value, ms) => {
    expect(retryAfterMsOf(value === undefined ? {} : { 'retry-after': value }, NOW_MS)).toBe(ms);
  });
});

function headers(limit: string, remaining: string, reset: string | string[]) {
  return {
    'x-rate-limit-limit': limit,
    'x-rate-limit-remaining': remaining,
    'x-rate-limit-reset': reset,
  };
}
