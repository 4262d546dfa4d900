import { describe, expect, it } from 'vitest';

import { setUp, START_MS } from './governor-setup.js';

describe('a server without the three headers', () => {
  it('is limited only by the number of requests in flight', async () => {
    const { clock, org, sendMany } = setUp({
      org: {
        limit: 1000,
        distort: ({ status, headers: { date } }) => ({ status, headers: { ...(date && { date }) } }),
      },
    });
    await clock.until(sendMany(100));

    expect(org.maxInFlight).toBe(5);
    // The first went alone; then three; 96 in fives, 60 ms each.
    expect(clock.now() - START_MS).toBe(60 + 60 + 20 * 60);
  });

  it('gets single requests after longer and longer pauses when it responds with 429', async () => {
    const { clock, org, sendMany } = setUp({
      org: { distort: ({ status, headers: { date } }) => ({ status, headers: { ...(date && { date }) } }) },
    });
    await clock.until(sendMany(45));

    // 20 slots per window: those in flight at its end, then one after 1, 2, 4, 8, 16, 32 s.
    expect(org.overruns).toBeLessThanOrEqual(2 * (5 + 6));
    expect(org.used).toMatchObject([{ served: 20 }, { served: 20 }, { served: 5 }]);
  });

  it('from the middle of a run on is limited only by the number of requests in flight', async () => {
    const { clock, org, sendMany } = setUp({
      org: {
        limit: 200,
        distort: ({ status, headers }, nth) =>
          nth < 150 ? { status, headers } : { status, headers: { date: headers['date'] } },
      },
    });
    const all = sendMany(350);
    await clock.pass(63_000);

    expect(org.used).toMatchObject([{ served: 200 }, { served: 150 }]);
    await clock.until(all);
  });

  it('because a gateway responded says nothing about the org’s bucket', async () => {
    const { clock, org, sendMany } = setUp({
      org: { distort: (response, nth) => (nth === 1 ? { status: 502, headers: {} } : response) },
    });
    const all = sendMany(10);
    await clock.pass(60);
    expect(org.inFlight).toBe(1);
    await clock.until(all);
  });
});

describe('a gateway’s error page', () => {
  it.each([-3_600_000, 3_600_000])('has its own clock (%d ms off), which is not the org’s', async (offMs) => {
    const page = { status: 502, headers: { date: new Date(START_MS + offMs).toUTCString() } };
    const { clock, org, sendMany } = setUp({
      org: { distort: (response, nth) => (nth > 12 && nth < 18 ? page : response) },
    });
    await clock.until(sendMany(30));

    expect(org.used).toMatchObject([
      { served: 20, rejected: 0 },
      { served: 10, rejected: 0 },
    ]);
    expect(clock.now() - START_MS).toBeLessThan(61_000);
  });
});

describe('a 429', () => {
  const bare = { status: 429, headers: {} };

  it('without headers closes the bucket for a second, however many came together', async () => {
    const { clock, org, sendMany, warmUp } = setUp({
      org: { distort: (response, nth) => (nth > 1 && nth <= 6 ? bare : response) },
    });
    await warmUp();
    await clock.until(sendMany(10));

    expect(clock.now() - START_MS).toBeLessThan(1500);
    expect(org.maxInFlight).toBe(5);
  });

  it.each([
    ['2', 2000],
    ['0', 1000],
    ['600', 61_000],
  ])('with Retry-After: %s and nothing else closes it for %d ms', async (retryAfter, pauseMs) => {
    const { clock, send } = setUp({
      org: {
        limit: 1000,
        distort: (response, nth) =>
          nth === 1 ? { ...bare, headers: { 'retry-after': retryAfter } } : response,
      },
    });
    await clock.until(send());

    expect(clock.now() - START_MS).toBe(60 + pauseMs + 60);
  });

  it('with a reset in the past never causes a loop without pauses', async () => {
    const { clock, org, send } = setUp({
      org: {
        distort: (response, nth) =>
          nth <= 5
            ? { status: 429, headers: { ...response.headers, 'x-rate-limit-reset': '1000' } }
            : response,
      },
    });
    await clock.until(send());

    expect(clock.now() - START_MS).toBeGreaterThanOrEqual(1000 + 2000 + 4000 + 8000 + 16_000);
    expect(org.used).toHaveLength(1);
  });

  it('of the bucket closes it until the reset', async () => {
    let nth = 0;
    const { clock, org, sendMany } = setUp({ org: { others: () => ((nth += 1) === 1 ? 20 : 0) } });
    await clock.until(sendMany(3));

    expect(org.used).toMatchObject([{ rejected: 1 }, { served: 3, rejected: 0 }]);
  });

  it('of a window that has ended meanwhile says nothing about the next', async () => {
    const { clock, org, send, sendMany } = setUp({
      startsAtMs: START_MS + 59_950,
      org: { latencyMs: () => 100, others: () => 0 },
    });
    await clock.until(send());
    await clock.until(sendMany(10));

    expect(org.overruns).toBe(0);
    expect(clock.now() - START_MS).toBeLessThan(62_000);
  });
});
