import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ManualClock } from '../manual-clock.js';
import { SimulatedOrg, type SimulatedResponse } from '../simulated-org.js';
import { Governor } from '../../../src/okta/rate-limit/governor.js';
import { seeded, START_MS, USERS } from './governor-setup.js';

const worlds = fc.record({
  seed: fc.integer(),
  limit: fc.integer({ min: 10, max: 60 }),
  /** Of the limit: what remains of it. */
  part: fc.constantFrom(0.1, 0.5, 0.9),
  /** After how many responses the limit is lowered. */
  after: fc.integer({ min: 1, max: 90 }),
  windowMs: fc.constantFrom(3000, 7300, 60_000),
  phaseMs: fc.integer({ min: 0, max: 7000 }),
  opensWithFirstRequest: fc.boolean(),
  offsetMs: fc.constantFrom(0, 345, -600_123),
  latencyMs: fc.constantFrom(1, 20, 100, 300),
  concurrency: fc.constantFrom(5, 10, 50),
});

type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;
type Headers = SimulatedResponse['headers'];
type Distort = (response: SimulatedResponse) => SimulatedResponse;

/** Each client sends the requests of two full windows. */
async function play(world: World, distort: Distort, clients = 1) {
  const { seed, limit, part, after, windowMs, latencyMs, concurrency, ...options } = world;
  const random = seeded(seed);
  const clock = new ManualClock(START_MS + world.phaseMs);
  const org = new SimulatedOrg({
    ...options,
    clock,
    limit,
    windowMs,
    latencyMs: () => (latencyMs * (0.5 + random())) / 3,
    distort: (response, nth) => {
      if (nth === after) org.limit = Math.max(1, Math.floor(limit * part));
      return distort(response);
    },
  });
  const startedAtMs = clock.now();
  const runs = Array.from({ length: clients }, async () => {
    const governor = new Governor({ share: 1, concurrency, clock });
    const send = org.newClient();
    let left = 2 * limit;
    const work = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        let status = 429;
        while (status === 429) ({ status } = await governor.run(USERS, send, undefined));
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  });
  await clock.until(Promise.all(runs));
  const tookMs = clock.now() - startedAtMs;
  // Each window may be met up to a second and some round trips late.
  const lostMs = tookMs - org.used.length * (windowMs + 1000 + 5 * latencyMs);
  return { avoidable: org.avoidable, lostMs };
}

function withHeaders(
  change: (headers: SimulatedResponse['headers']) => SimulatedResponse['headers'],
): Distort {
  return ({ status, headers }) => ({ status, headers: change(headers) });
}

function with429(change: (headers: Headers) => Headers): Distort {
  return ({ status, headers }) => ({ status, headers: status === 429 ? change(headers) : headers });
}

function shifted(headers: Headers, seconds: number): Headers {
  return { ...headers, 'x-rate-limit-reset': String(Number(headers['x-rate-limit-reset']) + seconds) };
}

describe('a limit that is lowered at any moment', () => {
  it.each<[string, Distort]>([
    ['all headers', (response) => response],
    ['no Date header', withHeaders((headers) => ({ ...headers, date: undefined }))],
    ['resets an hour ahead of the Date header', withHeaders((headers) => shifted(headers, 3600))],
    ['resets an hour behind the Date header', withHeaders((headers) => shifted(headers, -3600))],
    ['resets in milliseconds', withHeaders((headers) => shifted(headers, START_MS))],
    ['429s without headers', with429(({ date }) => ({ date }))],
    ['429s that say Retry-After: 1', with429(({ date }) => ({ date, 'retry-after': '1' }))],
    ['429s with a reset in 1970', with429((headers) => ({ ...headers, 'x-rate-limit-reset': '1000' }))],
    ['429s with a reset in an hour', with429((headers) => shifted(headers, 3600))],
  ])('costs at most 3 avoidable 429s and no minute with %s', async (_, distort) => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { avoidable, lostMs } = await play(world, distort);

        expect(avoidable).toBeLessThanOrEqual(3);
        expect(lostMs).toBeLessThan(60_000);
      }),
      { numRuns: 100 },
    );
  });

  it('costs two clients at most 3 avoidable 429s each', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { avoidable } = await play(world, (response) => response, 2);

        expect(avoidable).toBeLessThanOrEqual(6);
      }),
      { numRuns: 100 },
    );
  });
});
