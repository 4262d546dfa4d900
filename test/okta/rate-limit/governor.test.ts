import { once } from 'node:events';

import { describe, expect, it, onTestFinished } from 'vitest';

import { systemClock } from '../../../src/clock.js';
import { Governor } from '../../../src/okta/rate-limit/governor.js';
import { parseRateLimitInfo } from '../../../src/okta/rate-limit/rate-limit-info.js';

import { ManualClock } from '../manual-clock.js';
import { SimulatedOrg, type SimulatedOrgOptions } from '../simulated-org.js';

const USERS = '/api/v1/users';
const GROUPS = '/api/v1/groups';
/** A whole second. */
const START_MS = Date.UTC(2026, 2, 2, 12, 45);

interface Setup {
  readonly share?: number;
  readonly concurrency?: number;
  readonly startsAtMs?: number;
  readonly org?: Partial<Omit<SimulatedOrgOptions, 'clock'>>;
}

/** An org of 20 requests per minute at the start of a window; 5 in flight; the whole bucket. */
function setUp({ share = 1, concurrency = 5, startsAtMs = START_MS, org: options }: Setup = {}) {
  const clock = new ManualClock(startsAtMs);
  const org = new SimulatedOrg({ clock, windowMs: 60_000, limit: 20, ...options });
  const governor = new Governor({ share, concurrency, clock });
  /** One request, sent again after each 429. */
  const send = async (): Promise<number> => {
    for (;;) {
      const { status } = await governor.run(USERS, org.send, undefined);
      if (status !== 429) return status;
    }
  };
  const sendMany = async (times: number): Promise<void> => {
    await Promise.all(Array.from({ length: times }, send));
  };
  return { clock, org, governor, send, sendMany };
}

describe('the first request of a bucket', () => {
  it('goes alone and learns the limit; then the rest go, up to the concurrency limit', async () => {
    const { clock, org, sendMany } = setUp();
    const all = sendMany(10);
    await clock.pass(59);
    expect(org.inFlight).toBe(1);

    await clock.pass(1);
    expect(org.inFlight).toBe(5);
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
  const { clock, org, sendMany } = setUp({
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

  it('that take the last slots cost at most what was in flight at that moment', async () => {
    let nth = 0;
    const { clock, org, sendMany } = setUp({ org: { others: () => ((nth += 1) === 8 ? 100 : 0) } });
    await clock.until(sendMany(30));

    expect(org.overruns).toBeLessThanOrEqual(5);
    expect(org.sentIntoKnownEmpty).toBe(0);
  });
});

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
    // The first response of the window shows it; what was sent with it could not know.
    expect(org.overruns).toBe(0);
  });
});

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
    // The first went alone; 99 in fives, 60 ms each.
    expect(clock.now() - START_MS).toBe(60 + 20 * 60);
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
    const { clock, org, sendMany } = setUp({
      org: { distort: (response, nth) => (nth > 1 && nth <= 6 ? bare : response) },
    });
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

describe('the concurrency limit', () => {
  it('halves what is in flight, and lets it grow back one by one', async () => {
    const { clock, org, governor, sendMany } = setUp({
      concurrency: 8,
      org: {
        limit: 1000,
        distort: (response, nth) => (nth === 2 ? concurrencyLimited(response.headers['date']) : response),
      },
    });
    const all = sendMany(100);
    await clock.pass(60 + 60);
    expect(org.inFlight).toBe(4);
    await clock.pass(60);
    expect(org.inFlight).toBe(5);
    await clock.pass(60);
    expect(org.inFlight).toBe(6);
    await clock.until(all);
    expect(org.maxInFlight).toBe(8);
    expect(governor.stats).toMatchObject({ concurrencyLimited: 1, rateLimited: 0, waits: 0 });
  });

  it('halves once for all that were in flight together', async () => {
    const { clock, org, sendMany } = setUp({
      concurrency: 8,
      org: {
        limit: 1000,
        distort: (response, nth) =>
          nth > 1 && nth <= 9 ? concurrencyLimited(response.headers['date']) : response,
      },
    });
    const all = sendMany(20);
    await clock.pass(120);
    expect(org.inFlight).toBe(4);
    await clock.until(all);
  });

  it('says nothing about the bucket: its zeros and its reset are ignored', async () => {
    const { clock, org, governor, sendMany } = setUp({ org: { limit: 1000, concurrencyLimit: 3 } });
    await clock.until(sendMany(30));

    expect(org.concurrencyLimited).toBeGreaterThan(0);
    expect(governor.stats).toMatchObject({ waits: 0, rateLimited: 0 });
    // Its reset suggested half a minute.
    expect(clock.now() - START_MS).toBeLessThan(2000);
  });
});

describe('an abort', () => {
  it('ends all waits at once, with its reason, and leaves nothing behind', async () => {
    const { clock, org, governor, sendMany } = setUp();
    await clock.until(sendMany(20));
    const aborting = new AbortController();
    const reason = new Error('Interrupted by SIGINT.');
    const waiting = Array.from({ length: 50 }, async () => governor.run(USERS, org.send, aborting.signal));
    const ends = Promise.allSettled(waiting);
    await clock.pass(10);
    expect(clock.sleeping).toBe(1);
    expect(governor.windowWait).toBeDefined();

    aborting.abort(reason);
    const results = await ends;
    expect(results.every((result) => result.status === 'rejected' && result.reason === reason)).toBe(true);
    await clock.pass(0);
    expect(clock.sleeping).toBe(0);
    expect(governor.windowWait).toBeUndefined();
    expect(governor.stats.sent).toBe(20);
  });

  it('sends no request that waits on the same signal, although slots were held back as probes', async () => {
    const { clock, org, governor, sendMany } = setUp({ concurrency: 30, org: { limit: 20 } });
    await clock.until(sendMany(3));
    const aborting = new AbortController();
    const waiting = Array.from({ length: 20 }, () => governor.run(USERS, org.send, aborting.signal));
    const ends = Promise.allSettled(waiting);
    await clock.pass(100);
    const { sent } = governor.stats;
    expect(sent).toBeLessThan(20);

    aborting.abort(new Error('Interrupted by SIGINT.'));
    await clock.until(ends);

    expect(governor.stats.sent).toBe(sent);
  });

  it('does not interrupt a request that was sent', async () => {
    const { clock, org, governor } = setUp();
    const aborting = new AbortController();
    const sent = governor.run(USERS, org.send, aborting.signal);
    await clock.pass(10);
    aborting.abort();

    await expect(clock.until(sent)).resolves.toMatchObject({ status: 200 });
  });

  it('before the start keeps the request from being sent', async () => {
    const { org, governor } = setUp();

    await expect(governor.run(USERS, org.send, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(governor.stats.sent).toBe(0);
  });

  it('leaves no timer that would keep the process alive', async () => {
    const governor = new Governor({ share: 1, concurrency: 2, clock: systemClock });
    const aborting = new AbortController();
    await governor.run(USERS, lastOfWindow, undefined);
    const before = timers();
    const waiting = governor.run(USERS, lastOfWindow, aborting.signal);
    expect(timers()).toBe(before + 1);

    const gone = once(aborting.signal, 'abort');
    aborting.abort(new Error('over'));
    await gone;
    await expect(waiting).rejects.toThrow('over');
    expect(timers()).toBe(before);
  });
});

it('many waits on one signal cause no memory leak warning', async () => {
  const { clock, org, governor } = setUp();
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  const { signal } = new AbortController();
  await clock.until(
    Promise.all(Array.from({ length: 20 }, async () => governor.run(USERS, org.send, signal))),
  );

  expect(warnings).toEqual([]);
});

/** The response of the concurrency limit. */
function concurrencyLimited(date: string | undefined) {
  return {
    status: 429,
    headers: {
      'x-rate-limit-limit': '0',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(START_MS / 1000 + 30),
      ...(date !== undefined && { date }),
    },
  };
}

/** A response that uses up the bucket. */
async function lastOfWindow() {
  const headers = {
    date: new Date().toUTCString(),
    'x-rate-limit-limit': '1',
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': String(Math.ceil(Date.now() / 1000) + 50),
  };
  return { status: 200, rateLimit: parseRateLimitInfo({ status: 200, headers }, Date.now()) };
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}
