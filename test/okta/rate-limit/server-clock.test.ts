import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ServerClock } from '../../../src/okta/rate-limit/server-clock.js';

/** When a request was sent, and how long both ways took. */
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

/** Lets the clock observe the exchanges. @returns the local time afterwards. */
function observe(
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

function widthMs(clock: ServerClock, localMs: number): number {
  return clock.latest(localMs) - clock.earliest(localMs);
}

describe('the server’s clock', () => {
  it('lies within the bounds, whatever the offset, the latencies and the times of the responses', () => {
    fc.assert(
      fc.property(offset, fc.array(exchange, { minLength: 1, maxLength: 40 }), (offsetMs, exchanges) => {
        const clock = new ServerClock();
        const nowMs = observe(clock, offsetMs, exchanges);

        expect(clock.earliest(nowMs)).toBeLessThanOrEqual(nowMs + offsetMs + 1e-3);
        expect(clock.latest(nowMs)).toBeGreaterThanOrEqual(nowMs + offsetMs - 1e-3);
        expect(clock.localTimeWhenReached(nowMs + offsetMs)).toBeGreaterThanOrEqual(nowMs - 1e-3);
      }),
      { numRuns: 500 },
    );
  });

  it.each([0.000_05, -0.000_05])(
    'stays within the bounds while the two clocks drift apart: %d',
    (driftRatio) => {
      const clock = new ServerClock();
      let nowMs = START_MS;
      for (let sample = 0; sample < 2000; sample += 1) {
        const sentAtMs = nowMs + 137;
        nowMs = sentAtMs + 20;
        const serverMs = nowMs + 5000 + (nowMs - START_MS) * driftRatio;
        clock.observe(Math.floor(serverMs / 1000) * 1000, sentAtMs, nowMs);
        expect(clock.earliest(nowMs)).toBeLessThanOrEqual(serverMs);
        expect(clock.latest(nowMs)).toBeGreaterThanOrEqual(serverMs);
      }
    },
  );

  it('equals the local one until the first response', () => {
    const clock = new ServerClock();

    expect(clock.isKnown).toBe(false);
    expect([clock.earliest(5), clock.estimate(5), clock.latest(5), clock.localTimeWhenReached(5)]).toEqual([
      5, 5, 5, 5,
    ]);
    expect(clock.canBeNarrowed).toBe(false);
  });

  it('is known to a second and a round trip after one response, and to about a tenth after ten at different moments', () => {
    const clock = new ServerClock();
    const oneMs = observe(clock, 123_456, [{ afterMs: 0, thereMs: 10, backMs: 10 }]);
    expect(widthMs(clock, oneMs)).toBeCloseTo(1020, 3);

    const moments = Array.from({ length: 10 }, () => ({ afterMs: 1080, thereMs: 10, backMs: 10 }));
    const tenMs = observe(clock, 123_456, moments, oneMs);
    expect(widthMs(clock, tenMs)).toBeLessThan(130);
    expect(clock.estimate(tenMs) - tenMs).toBeGreaterThan(123_456 - 130);
    expect(clock.estimate(tenMs) - tenMs).toBeLessThan(123_456 + 130);
  });

  it('is known again after one response when it was set', () => {
    fc.assert(
      fc.property(
        offset,
        // Two responses leave up to a second each, plus their round trips, in which a smaller jump hides.
        fc.integer({ min: 3100, max: 600_000 }),
        fc.boolean(),
        fc.array(exchange, { minLength: 1, maxLength: 20 }),
        exchange,
        (offsetMs, jumpMs, isForward, before, after) => {
          const clock = new ServerClock();
          const setMs = observe(clock, offsetMs, before);
          const newOffsetMs = offsetMs + (isForward ? jumpMs : -jumpMs);
          const nowMs = observe(clock, newOffsetMs, [after], setMs);

          expect(clock.earliest(nowMs)).toBeLessThanOrEqual(nowMs + newOffsetMs + 1e-3);
          expect(clock.latest(nowMs)).toBeGreaterThanOrEqual(nowMs + newOffsetMs - 1e-3);
        },
      ),
    );
  });

  it('stays known when the org’s hosts differ by some milliseconds', () => {
    const clock = new ServerClock();
    let nowMs = START_MS;
    for (let sample = 0; sample < 500; sample += 1) {
      const hostMs = sample % 2 === 0 ? 0 : 40;
      nowMs = observe(clock, 1000 + hostMs, [{ afterMs: 97, thereMs: 5, backMs: 5 }], nowMs);
      const errorMs = Math.abs(clock.estimate(nowMs) - nowMs - 1000);
      expect(errorMs).toBeLessThan(sample < 50 ? 1000 : 150);
    }
  });

  it('is best probed while it may or may not have ticked over to the next second', () => {
    const clock = new ServerClock();
    // By this response, the server's clock is ahead by 0 to 1020 ms.
    clock.observe(START_MS, START_MS - 20, START_MS);

    const oneMs = clock.nextProbeTime(START_MS, START_MS + 10_000, 1);
    expect(oneMs).toBeGreaterThan(START_MS);
    expect(oneMs).toBeLessThan(START_MS + 1000);
    expect(clock.nextProbeTime(START_MS, START_MS + 1000, 1)).toBeUndefined();
    expect(clock.nextProbeTime(START_MS, START_MS + 10_000, 0)).toBeUndefined();
  });

  it('is never probed so late that the window may be over', () => {
    fc.assert(
      fc.property(
        offset,
        exchange,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 20 }),
        (offsetMs, anExchange, seconds, requests) => {
          const clock = new ServerClock();
          const nowMs = observe(clock, offsetMs, [anExchange]);
          const resetMs = Math.ceil((nowMs + offsetMs) / 1000 + seconds) * 1000;
          const probeAtMs = clock.nextProbeTime(nowMs, resetMs, requests) ?? nowMs;

          expect(probeAtMs).toBeGreaterThanOrEqual(nowMs);
          expect(probeAtMs === nowMs || probeAtMs + offsetMs < resetMs).toBe(true);
          expect(probeAtMs === nowMs || clock.latest(probeAtMs) < resetMs).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is known to hundredths of a second after a few probes at the right moments', () => {
    fc.assert(
      fc.property(offset, (offsetMs) => {
        const clock = new ServerClock();
        let nowMs = observe(clock, offsetMs, [{ afterMs: 0, thereMs: 2, backMs: 2 }]);
        const resetMs = Math.ceil((nowMs + offsetMs) / 1000) * 1000 + 30_000;
        for (let left = 8; left > 0; left -= 1) {
          const probeAtMs = clock.nextProbeTime(nowMs, resetMs, left) ?? nowMs;
          nowMs = observe(clock, offsetMs, [{ afterMs: probeAtMs - nowMs, thereMs: 2, backMs: 2 }], nowMs);
        }
        expect(nowMs + offsetMs).toBeLessThan(resetMs);
        expect(widthMs(clock, nowMs)).toBeLessThan(25);
      }),
    );
  });
});
