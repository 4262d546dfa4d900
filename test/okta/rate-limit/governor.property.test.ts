import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Governor } from '../../../src/okta/rate-limit/governor.js';

import { ManualClock } from '../manual-clock.js';
import { SimulatedOrg, type SimulatedOrgOptions } from '../simulated-org.js';
import { seeded } from './governor-setup.js';

const USERS = '/api/v1/users';

/** A run as the worker pool sends it (`concurrency` callers), or all requests at once. */
interface Run {
  readonly requests: number;
  readonly concurrency: number;
  readonly share: number;
  readonly allAtOnce: boolean;
}

async function play(run: Run, options: Omit<SimulatedOrgOptions, 'clock'>, startsAtMs?: number) {
  const clock = new ManualClock(startsAtMs);
  const org = new SimulatedOrg({ ...options, clock });
  const governor = new Governor({ share: run.share, concurrency: run.concurrency, clock });
  let left = run.requests;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      let status = 429;
      while (status === 429) ({ status } = await governor.run(USERS, org.send, undefined));
    }
  };
  const workers = run.allAtOnce ? run.requests : run.concurrency;
  await clock.until(Promise.all(Array.from({ length: workers }, work)));
  return { org, governor, clock };
}

const run: fc.Arbitrary<Run> = fc.record({
  requests: fc.integer({ min: 1, max: 150 }),
  concurrency: fc.integer({ min: 1, max: 12 }),
  share: fc.constantFrom(1, 0.9, 0.75, 0.5, 0.29, 0.01),
  allAtOnce: fc.boolean(),
});

const world: fc.Arbitrary<World> = fc.record({
  seed: fc.integer(),
  limit: fc.integer({ min: 1, max: 40 }),
  windowMs: fc.constantFrom(2000, 3000, 10_000, 60_000),
  offsetMs: fc.integer({ min: -600_000, max: 600_000 }),
  startsAtMs: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_060_000 }),
  maxLatencyMs: fc.integer({ min: 1, max: 120 }),
  othersPerRequest: fc.constantFrom(0, 0, 0.2, 1),
});

interface World {
  readonly seed: number;
  readonly limit: number;
  readonly windowMs: number;
  readonly offsetMs: number;
  readonly startsAtMs: number;
  readonly maxLatencyMs: number;
  readonly othersPerRequest: number;
}

function toOrgOptions({
  seed,
  maxLatencyMs,
  othersPerRequest,
  ...rest
}: World): Omit<SimulatedOrgOptions, 'clock'> {
  const random = seeded(seed);
  return {
    ...rest,
    latencyMs: () => random() * maxLatencyMs,
    ...(othersPerRequest > 0 && {
      others: () => Math.floor(random() * (othersPerRequest * 2 + 1)),
    }),
  };
}

function allowanceOf(limit: number, share: number): number {
  return Math.max(1, Math.floor(limit * share + 1e-9));
}

describe('for any order of responses', () => {
  it('no window gets more requests than the share, none is rejected, and none goes into a bucket known to be empty', async () => {
    await fc.assert(
      fc.asyncProperty(run, world, async (aRun, aWorld) => {
        const alone = { ...aWorld, othersPerRequest: 0 };
        const { org } = await play(aRun, toOrgOptions(alone), aWorld.startsAtMs);

        for (const window of org.used) {
          expect(window.served).toBeLessThanOrEqual(allowanceOf(aWorld.limit, aRun.share));
        }
        expect(org.overruns).toBe(0);
        expect(org.sentIntoKnownEmpty).toBe(0);
        expect(org.maxInFlight).toBeLessThanOrEqual(aRun.concurrency);
        expect(org.used.reduce((sum, { served }) => sum + served, 0)).toBe(aRun.requests);
      }),
      { numRuns: 150 },
    );
  });

  it('nothing goes into a bucket known to be empty while other clients use it too, and the share is one of the whole', async () => {
    await fc.assert(
      fc.asyncProperty(run, world, async (aRun, aWorld) => {
        const { org } = await play(aRun, toOrgOptions(aWorld), aWorld.startsAtMs);

        expect(org.sentIntoKnownEmpty).toBe(0);
        for (const { served, others } of org.used) {
          // Requests in flight cannot know about those that come in between; one request per window is always tried.
          const unforeseen = aRun.concurrency * 3;
          const max = served > 1 ? allowanceOf(aWorld.limit, aRun.share) + unforeseen : aWorld.limit;
          expect(served + others).toBeLessThanOrEqual(max);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('no window is left with free slots while requests wait: all but the first and the last are used up to the share', async () => {
    await fc.assert(
      fc.asyncProperty(run, world, async (aRun, aWorld) => {
        const allowance = allowanceOf(aWorld.limit, aRun.share);
        const calm = { ...aWorld, othersPerRequest: 0, windowMs: 60_000, maxLatencyMs: 50 };
        const { org } = await play(aRun, toOrgOptions(calm), aWorld.startsAtMs);

        const windows = org.used;
        const between = windows.slice(1, -1);
        expect(between.map(({ served }) => served)).toEqual(between.map(() => allowance));
        expect(windows.slice(1).map(({ startsAtMs }) => startsAtMs)).toEqual(
          windows.slice(0, -1).map(({ endsAtMs }) => endsAtMs),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('the first request of each window arrives within a second and a few round trips', async () => {
    await fc.assert(
      fc.asyncProperty(run, world, async (aRun, aWorld) => {
        const { org } = await play(aRun, toOrgOptions({ ...aWorld, othersPerRequest: 0 }), aWorld.startsAtMs);

        const [, ...later] = org.used;
        for (const { startsAtMs, arrivalsMs } of later) {
          const first = Math.min(...arrivalsMs);
          expect(first - startsAtMs).toBeLessThanOrEqual(1000 + 3 * aWorld.maxLatencyMs);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('every request succeeds in the end, whatever is rejected, lost or without headers', async () => {
    const distortions = fc.array(
      fc.constantFrom(
        'none',
        'none',
        'none',
        'bare-429',
        'past-429',
        'no-headers',
        'no-date',
        'gateway',
        'zeros',
      ),
      { minLength: 5, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(run, world, distortions, async (aRun, aWorld, plan) => {
        const { org } = await play(
          aRun,
          {
            ...toOrgOptions(aWorld),
            distort: (response, nth) => {
              const { date, ...noDate } = response.headers;
              const onlyDate = date === undefined ? {} : { date };
              switch (plan[nth - 1]) {
                case 'bare-429':
                  return { status: 429, headers: onlyDate };
                case 'past-429':
                  return { status: 429, headers: { ...response.headers, 'x-rate-limit-reset': '1000' } };
                case 'no-headers':
                  return { status: response.status, headers: onlyDate };
                case 'no-date':
                  return { status: response.status, headers: noDate };
                case 'gateway':
                  return { status: 502, headers: { date: new Date(0).toUTCString() } };
                case 'zeros':
                  return {
                    status: 429,
                    headers: {
                      ...response.headers,
                      'x-rate-limit-limit': '0',
                      'x-rate-limit-remaining': '0',
                    },
                  };
                default:
                  return response;
              }
            },
          },
          aWorld.startsAtMs,
        );

        expect(org.inFlight).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
