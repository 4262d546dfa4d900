import { describe, expect, it } from 'vitest';

import { setUp, START_MS } from './governor-setup.js';

const PLENTY = 1e6;
/** For each leg of a request: 100 ms in all. */
const latencyMs = (_nth: number, leg: 'there' | 'work' | 'back'): number => (leg === 'work' ? 80 : 10);

describe('an org that accepts few requests at once', () => {
  it.each([
    [1, 50],
    [2, 50],
    [3, 50],
    [5, 50],
    [7, 50],
    [10, 50],
    [10, 200],
    [15, 50],
    [17, 50],
    [20, 50],
  ])('costs at most 3 × 429 when it accepts %d and %d are allowed', async (concurrencyLimit, concurrency) => {
    const requests = 1000;
    const { clock, org, governor, sendMany } = setUp({
      concurrency,
      org: { limit: PLENTY, concurrencyLimit, latencyMs },
    });
    await clock.until(sendMany(requests));

    expect(org.concurrencyLimited).toBeLessThanOrEqual(3);
    const leastMs = (requests * 100) / concurrencyLimit;
    expect((clock.now() - START_MS) / leastMs).toBeLessThan(1.12);
    // Its zeros and its reset, minutes away, say nothing about the bucket.
    expect(governor.stats).toMatchObject({ waits: 0, rateLimited: 0 });
  });

  it('costs at most 3 × 429 when it rejects them only after a while', async () => {
    const { clock, org, sendMany } = setUp({
      concurrency: 50,
      org: { limit: PLENTY, concurrencyLimit: 10, latencyMs, rejectsSlowly: true },
    });
    await clock.until(sendMany(1000));

    expect(org.concurrencyLimited).toBeLessThanOrEqual(3);
  });

  it('costs at most 3 × 429 in a run of several minutes that the rate limit slows down', async () => {
    const { clock, org, sendMany } = setUp({
      concurrency: 50,
      org: { limit: 300, concurrencyLimit: 10, latencyMs },
    });
    await clock.until(sendMany(1500));

    expect(org.concurrencyLimited).toBeLessThanOrEqual(3);
    expect(clock.now() - START_MS).toBeGreaterThan(4 * 60_000);
  });

  it('is asked for more only rarely, less often each time', async () => {
    const { clock, org, sendMany } = setUp({
      concurrency: 50,
      org: { limit: PLENTY, concurrencyLimit: 10, latencyMs: (_, leg) => (leg === 'work' ? 9980 : 10) },
    });
    const hourMs = 3_600_000;
    await clock.until(sendMany(hourMs / 1000));

    expect(org.concurrencyLimited).toBeLessThanOrEqual(8);
    expect(clock.now() - START_MS).toBeLessThan(hourMs * 1.05);
  });
});

describe('the requests in flight', () => {
  it('grow by three a round, and from a dozen on by a fourth', async () => {
    const { clock, org, sendMany } = setUp({ concurrency: 75, org: { limit: PLENTY, latencyMs } });
    const all = sendMany(2000);
    await clock.pass(99);
    const inFlight = [org.inFlight];
    for (let round = 1; round < 14; round += 1) {
      await clock.pass(100);
      inFlight.push(org.inFlight);
    }
    await clock.until(all);

    expect(inFlight).toEqual([1, 3, 6, 9, 12, 15, 18, 22, 27, 33, 41, 51, 63, 75]);
  });

  it('grow again by one a round, once two and a half minutes have passed without a 429', async () => {
    let isBusy = false;
    const { clock, org, sendMany, warmUp } = setUp({
      concurrency: 20,
      org: { limit: PLENTY, latencyMs, distort: (response) => (isBusy ? busy() : response) },
    });
    await warmUp();
    const all = sendMany(22_000);
    await clock.pass(150);
    expect(org.inFlight).toBe(20);
    isBusy = true;
    await clock.pass(100);
    isBusy = false;

    await clock.pass(140_000);
    expect(org.inFlight).toBe(10);
    await clock.pass(11_000);
    expect(org.inFlight).toBeGreaterThan(10);
    await clock.pass(3000);
    expect(org.inFlight).toBe(20);
    await clock.until(all);
  });

  it('never stop at zero', async () => {
    let isBusy = true;
    const { clock, org, sendMany } = setUp({
      concurrency: 10,
      org: { limit: PLENTY, latencyMs, distort: (response) => (isBusy ? busy() : response) },
    });
    const all = sendMany(100);
    await clock.pass(5000);
    expect(org.inFlight).toBe(1);
    isBusy = false;
    await clock.until(all);
  });
});

/** A 429 of the concurrency limit, as real orgs send it. */
function busy() {
  return {
    status: 429,
    headers: {
      'x-rate-limit-limit': '0',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(START_MS / 1000 + 125),
      date: new Date(START_MS).toUTCString(),
    },
  };
}
