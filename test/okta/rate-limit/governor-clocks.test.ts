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

  it.each([-600_000, 0, 600_000])(
    'cannot be compared without a Date header; at a difference of %d ms, no wait exceeds a window and a second',
    async (offsetMs) => {
      const startsAtMs = START_MS - offsetMs;
      const { clock, org, sendMany } = setUp({
        startsAtMs,
        org: {
          offsetMs,
          distort: ({ status, headers }) => ({ status, headers: { ...headers, date: undefined } }),
        },
      });
      await clock.until(sendMany(70));

      expect(org.used).toHaveLength(4);
      expect(clock.now() - startsAtMs).toBeLessThan(4 * 61_500);
      expect(org.overruns).toBe(0);
    },
  );
});

describe('a reset header that is not exact', () => {
  it('costs a few 429s when it is rounded down, until it is known how late windows open', async () => {
    const { clock, org, sendMany } = setUp({ org: { phaseMs: 900, rounding: 'down' } });
    await clock.until(sendMany(20 * 12));

    expect(org.overruns).toBeLessThanOrEqual(4);
    const learned = org.used.slice(7);
    expect(learned.length).toBeGreaterThan(3);
    expect(learned.reduce((sum, { rejected }) => sum + rejected, 0)).toBe(0);
  });

  it('costs one batch of 429s, and then single ones, when windows start to open late', async () => {
    const { clock, org, sendMany } = setUp({ org: { phaseMs: 900, rounding: 'up' } });
    const all = sendMany(20 * 10);
    await clock.pass(130_000);
    org.rounding = 'down';
    await clock.until(all);

    expect(org.overruns).toBeLessThanOrEqual(5 + 3);
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
