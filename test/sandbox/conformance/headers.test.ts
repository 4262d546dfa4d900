import { describe, expect, it } from 'vitest';

import { testOrg } from '../org.js';
import { itHolds, type Answer, type Ask } from './facts.js';
import { until } from '../../helpers/until.js';

const EVERY_ANSWER = {
  'cache-control': 'no-cache, no-store',
  'x-okta-request-id': /^\S+$/,
  date: / GMT$/,
};
const LIMITS = {
  'x-rate-limit-limit': /^\d+$/,
  'x-rate-limit-remaining': /^\d+$/,
  'x-rate-limit-reset': /^\d{10}$/,
  'www-authenticate': null,
};
const NO_LIMITS = {
  'x-rate-limit-limit': null,
  'x-rate-limit-remaining': null,
  'x-rate-limit-reset': null,
};

const ME = '/api/v1/users/me';
const SALES = { given: { sales: ['POST', '/api/v1/groups', { profile: { name: 'Sales' } }] satisfies Ask } };

describe('headers', () => {
  itHolds([
    {
      fact: 'a user comes with limits, an ETag and no caching',
      ask: ['GET', ME],
      answer: { status: 200, headers: { ...EVERY_ANSWER, ...LIMITS, etag: /^W\/"[0-9a-f]{64}"$/ } },
    },
    ...(
      [
        ['a list', ['GET', '/api/v1/users'], { status: 200 }],
        ['a deletion', ['DELETE', '/api/v1/groups/{sales}'], { status: 204 }],
        ['a lifecycle operation', ['POST', `${ME}/lifecycle/suspend`], { status: 200 }],
        ['a schema', ['GET', '/api/v1/meta/schemas/user/default'], { status: 200 }],
        ['an invalid body', ['POST', '/api/v1/users', {}], { status: 400, code: 'E0000001' }],
        ['an unknown user', ['GET', '/api/v1/users/nobody'], { status: 404, code: 'E0000007' }],
        [
          'an operation in the wrong status',
          ['POST', `${ME}/lifecycle/reactivate`],
          { status: 403, code: 'E0000038' },
        ],
      ] satisfies readonly (readonly [string, Ask, Answer])[]
    ).map(([what, ask, answer]) => ({
      fact: `${what}: ${answer.status} with limits and no caching`,
      ...SALES,
      ask,
      answer: { ...answer, headers: { ...EVERY_ANSWER, ...LIMITS } },
    })),
    {
      fact: 'a wrong token: 401 E0000011 without limits, with a challenge',
      ask: ['GET', ME],
      headers: { authorization: 'SSWS wrong' },
      answer: {
        status: 401,
        code: 'E0000011',
        headers: { ...EVERY_ANSWER, ...NO_LIMITS, 'www-authenticate': 'SSWS' },
      },
    },
    {
      fact: 'no token: 403 E0000005 without limits and challenge',
      ask: ['GET', ME],
      headers: { authorization: '' },
      answer: {
        status: 403,
        code: 'E0000005',
        headers: { ...EVERY_ANSWER, ...NO_LIMITS, 'www-authenticate': null },
      },
    },
    {
      fact: 'a gateway that fails knows none of these headers',
      options: { faults: [{ on: 'getUser', then: 'status-502' }] },
      ask: ['GET', ME],
      answer: {
        status: 502,
        headers: {
          ...NO_LIMITS,
          'cache-control': null,
          'x-okta-request-id': null,
          'content-type': /^text\/html/,
        },
      },
    },
  ]);
});

describe('limits', () => {
  itHolds(
    (
      [
        [100, '50', '49'],
        [600, '300', '299'],
        [1, '1', '0'],
      ] as const
    ).map(([limits, limit, remaining]) => ({
      fact: `a token that may use half of ${limits} requests is shown a limit of ${limit}`,
      options: { rateLimits: { limits, tokenShare: 0.5 } },
      ask: ['GET', ME],
      answer: { status: 200, headers: { 'x-rate-limit-limit': limit, 'x-rate-limit-remaining': remaining } },
    })),
  );

  it.each([0, 7, 29, 30, 45])(
    'too many at once: the reset is 111 to 140 s away (second %i)',
    async (second) => {
      const now = Date.parse('2026-03-02T12:00:00.400Z') + second * 1000;
      const { okta, request } = await testOrg({ concurrencyLimit: 1, latencyMs: 60_000, now: () => now });
      const held = Promise.allSettled([request('GET', ME)]);
      await until(() => okta.ledger.maxInFlight === 1);
      const { status, headers } = await request('GET', ME);

      expect(status).toBe(429);
      expect([headers.get('x-rate-limit-limit'), headers.get('x-rate-limit-remaining')]).toEqual(['0', '0']);
      const away = Number(headers.get('x-rate-limit-reset')) - Date.parse(headers.get('date') ?? '') / 1000;
      expect(away).toBeGreaterThanOrEqual(111);
      expect(away).toBeLessThanOrEqual(140);
      okta.reset();
      await held;
    },
  );
});
