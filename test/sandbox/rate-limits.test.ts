import { describe, expect, it } from 'vitest';

import { oktaError, testOrg } from './org.js';
import { until } from '../helpers/until.js';

const USERS = '/api/v1/users';
const START = Date.parse('2026-03-02T12:00:20.400Z');
const LIMIT_3 = { limits: { [USERS]: 3 } };

function shown(headers: Headers): string {
  return ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-rate-limit-${name}`)).join(' ');
}

describe('the limit of a bucket', () => {
  it('counts down in a window that begins with the first request, and restarts when it ends', async () => {
    let now = START;
    const { okta, request } = await testOrg({ now: () => now, rateLimits: LIMIT_3 });
    const resetAt = Date.parse('2026-03-02T12:01:20.000Z') / 1000;
    for (const remaining of [2, 1, 0]) {
      expect(shown((await request('GET', USERS)).headers)).toBe(`3 ${remaining} ${resetAt}`);
    }
    const refused = await request('GET', USERS);
    expect(refused).toMatchObject({
      status: 429,
      body: oktaError('E0000047', 'API call exceeded rate limit due to too many requests.'),
    });
    expect(shown(refused.headers)).toBe(`3 0 ${resetAt}`);

    now = resetAt * 1000 - 1;
    expect((await request('GET', USERS)).status).toBe(429);
    now = resetAt * 1000;
    expect(shown((await request('GET', USERS)).headers)).toBe(`3 2 ${resetAt + 60}`);
    expect(okta.ledger.rateLimited).toEqual({ rate: 2, concurrency: 0, scripted: 0 });
    expect(okta.ledger.windows.map(({ served, refused }) => [served, refused])).toEqual([
      [3, 2],
      [1, 0],
    ]);
  });

  it.each([
    ['POST', USERS, '600'],
    ['GET', USERS, '600'],
    ['POST', `${USERS}/x/lifecycle/activate`, '600'],
    ['GET', `${USERS}/x/groups`, '600'],
    ['GET', `${USERS}/x`, '2000'],
    ['POST', `${USERS}/x`, '600'],
    ['DELETE', `${USERS}/x`, '600'],
    ['GET', '/api/v1/groups', '500'],
    ['PUT', '/api/v1/groups/x/users/y', '500'],
    ['GET', '/api/v1/groups/x/users', '500'],
    ['GET', '/api/v1/groups/x', '1000'],
    ['DELETE', '/api/v1/groups/x', '1000'],
    ['GET', '/api/v1/meta/types/user', '1200'],
    ['GET', '/api/v1/meta/schemas/user/default', '1200'],
    ['GET', '/api/v1/nope', '1200'],
  ])('is that of a Workforce org: %s %s %s', async (method, path, limit) => {
    const { request } = await testOrg();
    expect((await request(method, path)).headers.get('x-rate-limit-limit')).toBe(limit);
  });

  it('is shared by creates and lifecycle operations, but not by deletes', async () => {
    const { request } = await testOrg({ rateLimits: LIMIT_3 });
    await request('POST', `${USERS}/x/lifecycle/activate`);
    await request('DELETE', `${USERS}/x`);
    expect((await request('GET', USERS)).headers.get('x-rate-limit-remaining')).toBe('1');
  });

  it('allows a token its share, and less when other clients use the bucket', async () => {
    const { okta, request } = await testOrg({ rateLimits: { limits: { [USERS]: 10 }, tokenShare: 0.5 } });
    const remaining = async (): Promise<string> => shown((await request('GET', USERS)).headers).slice(0, 3);
    expect(await remaining()).toBe('5 4');
    okta.consume(USERS, 3);
    expect(await remaining()).toBe('5 3');
    okta.consume(USERS, 4);
    expect(await remaining()).toBe('5 0');
    expect((await request('GET', USERS)).status).toBe(429);
  });

  it('can be turned off, including the headers', async () => {
    const { request } = await testOrg({ rateLimits: false });
    expect((await request('GET', USERS)).headers.has('x-rate-limit-limit')).toBe(false);
  });

  it('applies even if the headers are never sent', async () => {
    const { request } = await testOrg({ rateLimits: LIMIT_3, sendsRateLimitHeaders: false });
    const responses = [];
    for (let time = 0; time < 4; time += 1) responses.push(await request('GET', USERS));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(responses.some(({ headers }) => headers.has('x-rate-limit-reset'))).toBe(false);
  });
});

describe('the concurrency limit', () => {
  it('rejects requests beyond the limit with zeros in the headers, without using up the bucket', async () => {
    const { okta, request } = await testOrg({ concurrencyLimit: 2, latencyMs: 60_000 });
    const held = Promise.allSettled([request('GET', USERS), request('GET', USERS)]);
    await until(() => okta.ledger.maxInFlight === 2);
    const rejected = [await request('GET', USERS), await request('GET', USERS)];

    expect(rejected.map(({ status }) => status)).toEqual([429, 429]);
    expect(rejected[0]?.body).toMatchObject({ errorCode: 'E0000047' });
    expect(shown(rejected[0]?.headers ?? new Headers())).toMatch(/^0 0 \d{10}$/);
    expect(okta.ledger.rateLimited.concurrency).toBe(2);
    expect(okta.ledger.windows[0]).toMatchObject({ served: 2, refused: 0 });
    expect(okta.ledger.maxInFlight).toBe(3);
    okta.reset();
    await held;
  });
});
