import { describe, expect, it } from 'vitest';

import { SimulatedOrg } from '../simulated-org.js';
import { seeded, setUp, START_MS, USERS } from './governor-setup.js';

const GROUPS = '/api/v1/groups';
const PLENTY = 1e6;

describe('the first request of a bucket', () => {
  it('is sent alone to learn the limit; then the others are sent, more with each round of responses', async () => {
    const { clock, org, sendMany } = setUp({ concurrency: 10, org: { limit: 100 } });
    const all = sendMany(60);
    await clock.pass(59);
    expect(org.inFlight).toBe(1);

    for (const inFlight of [3, 6, 9, 10, 10]) {
      await clock.pass(inFlight === 3 ? 1 : 60);
      expect(org.inFlight).toBe(inFlight);
    }
    await clock.until(all);
  });

  it('lets another one go after each second in which it has no response, up to three', async () => {
    const { clock, org, sendMany } = setUp({
      org: { latencyMs: (nth, leg) => (nth <= 3 && leg === 'work' ? 10_000 : 20) },
    });
    const all = sendMany(10);
    for (const inFlight of [1, 2, 3, 3]) {
      await clock.pass(inFlight === 1 ? 999 : 1000);
      expect(org.inFlight).toBe(inFlight);
    }
    await clock.until(all);
  });

  it('is followed by another single one when it gets no response', async () => {
    const { clock, org, governor } = setUp({
      org: { distort: (response, nth) => (nth === 1 ? 'lost' : response) },
    });
    const all = Promise.allSettled(
      Array.from({ length: 10 }, async () => governor.run(USERS, org.send, undefined)),
    );
    await clock.pass(60);
    expect(org.inFlight).toBe(1);

    await clock.until(all);
    expect(org.maxInFlight).toBe(5);
  });
});

describe('a window that is used up', () => {
  it('makes requests wait for the next one, and reports the wait', async () => {
    const { clock, org, governor, sendMany } = setUp();
    const all = sendMany(25);
    await clock.pass(30_000);
    expect(org.used).toMatchObject([{ served: 20, rejected: 0 }]);
    expect(governor.windowWait?.limit).toBe(20);
    expect(governor.windowWait?.untilMs).toBeGreaterThanOrEqual(START_MS + 60_000);
    expect(governor.windowWait?.untilMs).toBeLessThan(START_MS + 60_200);

    await clock.until(all);
    expect(org.used).toMatchObject([{ served: 20 }, { served: 5, rejected: 0 }]);
    expect(governor.windowWait).toBeUndefined();
    expect(governor.stats).toMatchObject({ sent: 25, rateLimited: 0, waits: 1 });
    expect(governor.stats.waitedMs).toBeGreaterThan(50_000);
    expect(governor.stats.waitedMs).toBeLessThan(60_200);
  });

  it('does not delay requests of another bucket', async () => {
    const { clock, org, governor, sendMany } = setUp();
    const groups = new SimulatedOrg({ clock, windowMs: 60_000, limit: 20 });
    const all = sendMany(25);
    await clock.pass(30_000);
    const other = governor.run(GROUPS, groups.send, undefined);
    await clock.pass(60);

    await expect(other).resolves.toMatchObject({ status: 200 });
    await clock.until(all);
    expect(org.overruns).toBe(0);
  });

  it.each([
    [1, 20],
    [0.9, 18],
    [0.5, 10],
    [0.29, 5],
    [0.01, 1],
  ])('is used up to a share of %d: %d of 20', async (share, served) => {
    const { clock, org, sendMany } = setUp({ share });
    await clock.until(sendMany(served * 2 + 1));

    expect(org.used).toMatchObject([{ served }, { served }, { served: 1 }]);
  });

  it('is used to the last slot when the product of limit and share is not exact', async () => {
    // 0.29 * 100 is 28.999999999999996.
    const { clock, org, sendMany } = setUp({ share: 0.29, org: { limit: 100 } });
    await clock.until(sendMany(30));

    expect(org.used).toMatchObject([{ served: 29 }, { served: 1 }]);
  });

  it('is followed by the next one although an earlier response hangs', async () => {
    const { clock, org, sendMany } = setUp({
      org: { latencyMs: (nth, leg) => (nth === 20 && leg === 'back' ? 100_000 : 20) },
    });
    const all = sendMany(25);
    await clock.pass(61_000);

    expect(org.used).toMatchObject([{ served: 20 }, { served: 5 }]);
    await clock.until(all);
  });

  it('with a single slot still lets a tiny share progress, one per window', async () => {
    const { clock, org, sendMany } = setUp({ share: 0.05, org: { limit: 1 } });
    await clock.until(sendMany(3));

    expect(org.used).toMatchObject([{ served: 1 }, { served: 1 }, { served: 1 }]);
    expect(org.overruns).toBe(0);
  });

  it('still progresses when the response in its only slot was lost', async () => {
    const { clock, org, send } = setUp({
      org: { limit: 1, distort: (response, nth) => (nth % 3 === 0 ? 'lost' : response) },
    });
    await clock.until(Promise.allSettled([send(), send(), send(), send(), send(), send()]));

    expect(org.used).toHaveLength(6);
    // Only another request can show whether the lost ones were counted.
    expect(org.overruns).toBeLessThanOrEqual(3);
  });
});

describe('requests that get no response', () => {
  it('are assumed to be counted: the slots they may have used are not spent again', async () => {
    const { clock, org, send } = setUp({
      org: { distort: (response, nth) => (nth > 15 ? 'lost' : response) },
    });
    const all = Promise.allSettled(Array.from({ length: 30 }, send));
    await clock.pass(59_000);
    expect(org.used).toMatchObject([{ served: 20, rejected: 0 }]);
    await clock.until(all);
  });

  it('use no slot when they were never sent', async () => {
    const { clock, org, send } = setUp({ org: { isUnreachable: (nth) => nth > 15 && nth <= 20 } });
    const all = Promise.allSettled(Array.from({ length: 30 }, send));
    await clock.pass(59_000);
    expect(org.used).toMatchObject([{ served: 20 }]);
    await clock.until(all);
  });
});

it('a single wrong reset does not make the others count for a past window', async () => {
  const { clock, org, sendMany } = setUp({
    concurrency: 10,
    org: {
      limit: 100,
      distort: (response, nth) => {
        if (nth !== 5) return response;
        const reset = String(Number(response.headers['x-rate-limit-reset']) + 40);
        return { ...response, headers: { ...response.headers, 'x-rate-limit-reset': reset } };
      },
    },
  });
  await clock.until(sendMany(250));

  expect(org.overruns).toBe(0);
});

it('a late response of a past window takes no slot of the next', async () => {
  const { clock, org, sendMany, warmUp } = setUp({
    share: 0.5,
    concurrency: 12,
    startsAtMs: START_MS - 100,
    org: {
      // Every other request arrives after the window has changed, and gets its response before the others.
      latencyMs: (nth, leg) => {
        if (nth > 1 && nth % 2 === 0 && leg === 'there') return 110;
        return nth > 1 && nth % 2 === 1 && leg === 'back' ? 3000 : 5;
      },
    },
  });
  await warmUp();
  await clock.until(sendMany(14));

  expect(org.used).toMatchObject([{ served: 5 }, { served: 9 }]);
});

describe('other clients in the same bucket', () => {
  it('make the run send less, so that its share stays a share of the whole', async () => {
    // Two requests of others before each of the run's: of 20 slots, the share is 10, and the other 10 stay untouched.
    const { clock, org, sendMany } = setUp({ share: 0.5, concurrency: 1, org: { others: () => 2 } });
    await clock.until(sendMany(8));

    const [first] = org.used;
    expect((first?.served ?? 0) + (first?.others ?? 0)).toBeLessThanOrEqual(12);
    expect(org.overruns).toBe(0);
  });

  it('that take the last slots cost at most the requests in flight at that moment', async () => {
    let nth = 0;
    const { clock, org, sendMany } = setUp({ org: { others: () => ((nth += 1) === 8 ? 100 : 0) } });
    await clock.until(sendMany(30));

    expect(org.overruns).toBeLessThanOrEqual(5);
    expect(org.sentIntoKnownEmpty).toBe(0);
  });
});

describe('a limit that changes', () => {
  it.each([
    ['falls', 8],
    ['rises', 40],
  ])('is followed when it %s', async (_, limit) => {
    const { clock, org, sendMany } = setUp();
    const all = sendMany(20 + limit * 2);
    await clock.pass(30_000);
    org.limit = limit;
    await clock.until(all);

    expect(org.used.slice(1)).toMatchObject([{ served: limit }, { served: limit }]);
    expect(org.overruns).toBe(0);
  });

  it.each([1, 3, 20, 100])(
    'costs no 429 when the next window allows %d instead of 200, although many requests wait',
    async (limit) => {
      const { clock, org, sendMany } = setUp({ concurrency: 50, org: { limit: 200 } });
      const all = sendMany(400 + 2 * limit);
      await clock.pass(110_000);
      org.limit = limit;
      await clock.until(all);

      expect(org.used).toMatchObject([
        { served: 200 },
        { served: 200 },
        { served: limit },
        { served: limit },
      ]);
      expect(org.overruns).toBe(0);
    },
  );

  it('costs only the requests in flight when it falls below what the window has had', async () => {
    const { clock, org, sendMany } = setUp({ concurrency: 10, org: { limit: 200 } });
    const all = sendMany(200);
    await clock.pass(500);
    org.limit = 30;
    await clock.until(all);

    expect(org.overruns).toBeLessThanOrEqual(10);
    // The first window, and five of thirty for the rest.
    expect(clock.now() - START_MS).toBeLessThan(6 * 60_000 + 1000);
  });
});

describe('slow responses', () => {
  it.each([
    [10, PLENTY],
    [50, PLENTY],
    [10, 300],
    [50, 300],
  ])(
    'of a tenth of the requests cost no more than their own time with %d in flight and %d a window',
    async (concurrency, limit) => {
      const random = seeded(limit + concurrency);
      let workMs = 0;
      const { clock, org, sendMany, warmUp } = setUp({
        concurrency,
        org: {
          limit,
          latencyMs: (_, leg) => {
            if (leg !== 'work') return 20;
            const ms = random() < 0.1 ? 1000 + random() * 2000 : 100;
            workMs += ms + 40;
            return ms;
          },
        },
      });
      await warmUp();
      const requests = limit === PLENTY ? 6000 : 3 * limit + 1;
      await clock.until(sendMany(requests));

      const leastMs = limit === PLENTY ? workMs / concurrency : 3 * 60_000;
      expect((clock.now() - START_MS) / leastMs).toBeLessThan(1.1);
      expect(org.overruns).toBe(0);
    },
  );
});
