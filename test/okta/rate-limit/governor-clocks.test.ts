import { describe, expect, it } from 'vitest';

import { setUp, START_MS } from './governor-setup.js';

describe('the clocks', () => {
  it.each([-600_000, -599_123, 0, 777, 600_000])(
    'may differ by %d ms: the run neither stalls nor exceeds the limit',
    async (offsetMs) => {
      const startsAtMs = START_MS - offsetMs;
      const { clock, org, sendMany } = setUp({ startsAtMs, org: { offsetMs } });
      await clock.until(sendMany(45));

      expect(org.overruns).toBe(0);
      expect(clock.now() - startsAtMs).toBeLessThan(121_000);
    },
  );

  it('are synchronized by the second window, since the last slots probe the time', async () => {
    const { clock, org, sendMany } = setUp({ concurrency: 8, org: { offsetMs: 345, phaseMs: 0 } });
    await clock.until(sendMany(45));

    const [, second, third] = org.used;
    expect(Math.min(...(second?.arrivalsMs ?? [])) - (second?.startsAtMs ?? 0)).toBeLessThan(150);
    expect(Math.min(...(third?.arrivalsMs ?? [])) - (third?.startsAtMs ?? 0)).toBeLessThan(150);
  });

  it.each([-600_000, 600_000])('may be set by %d ms during the run', async (jumpMs) => {
    const { clock, org, sendMany } = setUp();
    const all = sendMany(200);
    await clock.pass(70_000);
    org.offsetMs = jumpMs;
    await clock.until(all);

    // A full window may pass before headers with an earlier reset are accepted.
    expect(clock.now() - START_MS).toBeLessThan(11 * 60_500);
    expect(org.overruns).toBeLessThanOrEqual(6);
  });

  describe.each([
    ['follow one another', false],
    ['begin with the first request', true],
  ])('without a Date header, while windows %s', (_, opensWithFirstRequest) => {
    it.each(
      [-600_000, -30_000, -500, 0, 500, 30_000, 600_000].flatMap((offsetMs) =>
        [3000, 60_000].map((windowMs) => [offsetMs, windowMs] as const),
      ),
    )(
      'cost at most 3 × 429 and no minute when they differ by %d ms and windows last %d ms',
      async (offsetMs, windowMs) => {
        const startsAtMs = START_MS - offsetMs + windowMs * 0.7;
        const { clock, org, sendMany } = setUp({
          startsAtMs,
          org: {
            offsetMs,
            windowMs,
            opensWithFirstRequest,
            distort: ({ status, headers }) => ({ status, headers: { ...headers, date: undefined } }),
          },
        });
        await clock.until(sendMany(101));

        expect(org.overruns).toBeLessThanOrEqual(offsetMs === 0 ? 1 : 3);
        expect(clock.now() - startsAtMs).toBeLessThan(5 * windowMs + 60_000);
      },
    );
  });
});

describe('the hosts of an org', () => {
  it('may have clocks three seconds apart: that costs 3 × 429 in all', async () => {
    const { clock, org, sendMany } = setUp({
      org: {
        distort: ({ status, headers }) => {
          const date = new Date(Date.parse(headers.date ?? '') + 3000).toUTCString();
          return { status, headers: { ...headers, date } };
        },
      },
    });
    await clock.until(sendMany(20 * 8));

    expect(org.overruns).toBeLessThanOrEqual(3);
  });
});

describe('a reset header that is not exact', () => {
  it.each(
    [2500, 3700, 10_700, 60_000, 60_500].flatMap((windowMs) =>
      [0, 300, 900].flatMap((phaseMs) =>
        (['up', 'down'] as const).map((rounding) => [windowMs, phaseMs, rounding] as const),
      ),
    ),
  )(
    'costs at most 3 × 429 with windows of %d ms that begin %d ms after a second, rounded %s',
    async (windowMs, phaseMs, rounding) => {
      for (const opensWithFirstRequest of [false, true]) {
        const { clock, org, sendMany } = setUp({
          concurrency: 10,
          startsAtMs: START_MS + phaseMs,
          org: { windowMs, phaseMs, rounding, opensWithFirstRequest, latencyMs: () => 10 },
        });
        await clock.until(sendMany(161));

        expect(org.overruns).toBeLessThanOrEqual(3);
        // Up to a second for each of the eight windows, as long as nothing says when they open.
        expect(clock.now() - START_MS).toBeLessThan(8 * (windowMs + 1000) + 2500);
      }
    },
  );

  it('costs single 429s when windows start to open late', async () => {
    const { clock, org, sendMany } = setUp({ org: { phaseMs: 900, rounding: 'up' } });
    const all = sendMany(20 * 10);
    await clock.pass(130_000);
    org.rounding = 'down';
    await clock.until(all);

    expect(org.overruns).toBeLessThanOrEqual(3);
  });

  it('costs less than a second per window, and no 429, when it is rounded up', async () => {
    const { clock, org, sendMany } = setUp({ org: { phaseMs: 300, rounding: 'up' } });
    await clock.until(sendMany(20 * 5));

    expect(org.overruns).toBe(0);
    for (const { startsAtMs, arrivalsMs } of org.used.slice(1)) {
      expect(Math.min(...arrivalsMs) - startsAtMs).toBeLessThan(1000);
    }
  });

  it('counts at its largest when it is sent twice', async () => {
    const { clock, org, sendMany } = setUp({
      org: {
        distort: ({ status, headers }) => {
          const reset = Number(headers['x-rate-limit-reset']);
          return { status, headers: { ...headers, 'x-rate-limit-reset': [`${reset}`, `${reset + 1}`] } };
        },
      },
    });
    await clock.until(sendMany(50));

    expect(org.overruns).toBe(0);
    expect(clock.now() - START_MS).toBeLessThan(122_500);
  });
});
