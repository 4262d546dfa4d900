import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ServerClock } from '../../../src/okta/rate-limit/server-clock.js';

/** One exchange: when it was sent, how long the two ways took. */
interface Exchange {
  readonly afterMs: number;
  readonly thereMs: number;
  readonly backMs: number;
}

const START_MS = Date.UTC(2026, 2, 2, 12, 45);

const exchange: fc.Arbitrary<Exchange> = fc.record({
  afterMs: fc.integer({ min: 0, max: 5000 }),
  thereMs: fc.integer({ min: 0, max: 400 }),
  backMs: fc.integer({ min: 0, max: 400 }),
});
const offset = fc.integer({ min: -900_000, max: 900_000 });

/** Has the clock see the exchanges, one after the other. @returns our time afterwards. */
function see(
  clock: ServerClock,
  offsetMs: number,
  exchanges: readonly Exchange[],
  fromMs = START_MS,
): number {
  let nowMs = fromMs;
  for (const { afterMs, thereMs, backMs } of exchanges) {
    const sentAtMs = nowMs + afterMs;
    const stampedAtMs = sentAtMs + thereMs;
    nowMs = stampedAtMs + backMs;
    clock.observe(Math.floor((stampedAtMs + offsetMs) / 1000) * 1000, sentAtMs, nowMs);
  }
  return nowMs;
}

function widthMs(clock: ServerClock, ourMs: number): number {
  return clock.latest(ourMs) - clock.earliest(ourMs);
}

describe('the org’s clock', () => {
  it('lies within the bounds, whatever the offset, the latencies and the moments of the answers', () => {
    fc.assert(
      fc.property(offset, fc.array(exchange, { minLength: 1, maxLength: 40 }), (offsetMs, exchanges) => {
        const clock = new ServerClock();
        const nowMs = see(clock, offsetMs, exchanges);

        expect(clock.earliest(nowMs)).toBeLessThanOrEqual(nowMs + offsetMs + 1e-3);
        expect(clock.latest(nowMs)).toBeGreaterThanOrEqual(nowMs + offsetMs - 1e-3);
        expect(clock.localTimeWhenReached(nowMs + offsetMs)).toBeGreaterThanOrEqual(nowMs - 1e-3);
      }),
      { numRuns: 500 },
    );
  });

  it.each([0.000_05, -0.000_05])(
    'lies within the bounds also while the two clocks drift apart: %d',
    (driftRatio) => {
      const clock = new ServerClock();
      let nowMs = START_MS;
      for (let answer = 0; answer < 2000; answer += 1) {
        const sentAtMs = nowMs + 137;
        nowMs = sentAtMs + 20;
        const orgMs = nowMs + 5000 + (nowMs - START_MS) * driftRatio;
        clock.observe(Math.floor(orgMs / 1000) * 1000, sentAtMs, nowMs);
        expect(clock.earliest(nowMs)).toBeLessThanOrEqual(orgMs);
        expect(clock.latest(nowMs)).toBeGreaterThanOrEqual(orgMs);
      }
    },
  );

  it('is ours as long as no answer has told otherwise', () => {
    const clock = new ServerClock();

    expect(clock.isKnown).toBe(false);
    expect([clock.earliest(5), clock.estimate(5), clock.latest(5), clock.localTimeWhenReached(5)]).toEqual([
      5, 5, 5, 5,
    ]);
    expect(clock.canBeNarrowed).toBe(false);
  });

  it('is known to a second and a round trip after one answer, and to hundredths after ten at different moments', () => {
    const clock = new ServerClock();
    const oneMs = see(clock, 123_456, [{ afterMs: 0, thereMs: 10, backMs: 10 }]);
    expect(widthMs(clock, oneMs)).toBeCloseTo(1020, 3);

    const moments = Array.from({ length: 10 }, () => ({ afterMs: 1080, thereMs: 10, backMs: 10 }));
    const tenMs = see(clock, 123_456, moments, oneMs);
    expect(widthMs(clock, tenMs)).toBeLessThan(130);
    expect(clock.estimate(tenMs) - tenMs).toBeGreaterThan(123_456 - 130);
    expect(clock.estimate(tenMs) - tenMs).toBeLessThan(123_456 + 130);
  });

  it('is found again after one answer when it was set meanwhile', () => {
    fc.assert(
      fc.property(
        offset,
        // Two answers leave up to a second each, and their ways there and back, in which a smaller jump hides.
        fc.integer({ min: 3100, max: 600_000 }),
        fc.boolean(),
        fc.array(exchange, { minLength: 1, maxLength: 20 }),
        exchange,
        (offsetMs, jumpMs, isForward, before, after) => {
          const clock = new ServerClock();
          const setMs = see(clock, offsetMs, before);
          const newOffsetMs = offsetMs + (isForward ? jumpMs : -jumpMs);
          const nowMs = see(clock, newOffsetMs, [after], setMs);

          expect(clock.earliest(nowMs)).toBeLessThanOrEqual(nowMs + newOffsetMs + 1e-3);
          expect(clock.latest(nowMs)).toBeGreaterThanOrEqual(nowMs + newOffsetMs - 1e-3);
        },
      ),
    );
  });

  it('is not lost sight of when the org’s hosts disagree by some milliseconds', () => {
    const clock = new ServerClock();
    let nowMs = START_MS;
    for (let answer = 0; answer < 500; answer += 1) {
      const hostMs = answer % 2 === 0 ? 0 : 40;
      nowMs = see(clock, 1000 + hostMs, [{ afterMs: 97, thereMs: 5, backMs: 5 }], nowMs);
      const errorMs = Math.abs(clock.estimate(nowMs) - nowMs - 1000);
      expect(errorMs).toBeLessThan(answer < 50 ? 1000 : 150);
    }
  });

  it('is best asked about its second while it may or may not have ticked over', () => {
    const clock = new ServerClock();
    // By this answer the org's clock is ahead by 0 to 1020 ms.
    clock.observe(START_MS, START_MS - 20, START_MS);

    const oneMs = clock.nextProbeTime(START_MS, START_MS + 10_000, 1);
    expect(oneMs).toBeGreaterThan(START_MS);
    expect(oneMs).toBeLessThan(START_MS + 1000);
    expect(clock.nextProbeTime(START_MS, START_MS + 1000, 1)).toBeUndefined();
    expect(clock.nextProbeTime(START_MS, START_MS + 10_000, 0)).toBeUndefined();
  });

  it('is never asked so late that the window may be over by then', () => {
    fc.assert(
      fc.property(
        offset,
        exchange,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 20 }),
        (offsetMs, anExchange, seconds, requests) => {
          const clock = new ServerClock();
          const nowMs = see(clock, offsetMs, [anExchange]);
          const resetMs = Math.ceil((nowMs + offsetMs) / 1000 + seconds) * 1000;
          const momentMs = clock.nextProbeTime(nowMs, resetMs, requests) ?? nowMs;

          expect(momentMs).toBeGreaterThanOrEqual(nowMs);
          expect(momentMs === nowMs || momentMs + offsetMs < resetMs).toBe(true);
          expect(momentMs === nowMs || clock.latest(momentMs) < resetMs).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is known to hundredths after a handful of answers at the telling moments', () => {
    fc.assert(
      fc.property(offset, (offsetMs) => {
        const clock = new ServerClock();
        let nowMs = see(clock, offsetMs, [{ afterMs: 0, thereMs: 2, backMs: 2 }]);
        const resetMs = Math.ceil((nowMs + offsetMs) / 1000) * 1000 + 30_000;
        for (let left = 8; left > 0; left -= 1) {
          const momentMs = clock.nextProbeTime(nowMs, resetMs, left) ?? nowMs;
          nowMs = see(clock, offsetMs, [{ afterMs: momentMs - nowMs, thereMs: 2, backMs: 2 }], nowMs);
        }
        expect(nowMs + offsetMs).toBeLessThan(resetMs);
        expect(widthMs(clock, nowMs)).toBeLessThan(25);
      }),
    );
  });
});
