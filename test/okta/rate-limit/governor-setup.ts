import { Governor } from '../../../src/okta/rate-limit/governor.js';

import { ManualClock } from '../manual-clock.js';
import { SimulatedOrg, type SimulatedOrgOptions } from '../simulated-org.js';

export const USERS = '/api/v1/users';
/** A whole second. */
export const START_MS = Date.UTC(2026, 2, 2, 12, 45);

interface Setup {
  readonly share?: number;
  readonly concurrency?: number;
  readonly startsAtMs?: number;
  readonly org?: Partial<Omit<SimulatedOrgOptions, 'clock'>>;
}

/** An org of 20 requests per minute at the start of a window; 5 in flight; the whole bucket. */
export function setUp({ share = 1, concurrency = 5, startsAtMs = START_MS, org: options }: Setup = {}) {
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
  /** Requests of another bucket, after which as many as possible are in flight at once; takes no time. */
  const warmUp = async (): Promise<void> => {
    const offsetMs = options?.offsetMs ?? 0;
    const other = new SimulatedOrg({ clock, windowMs: 60_000, limit: 1e9, offsetMs, latencyMs: () => 0 });
    const sending = Array.from({ length: 100 * concurrency }, async () =>
      governor.run('/api/v1', other.send, undefined),
    );
    await clock.until(Promise.all(sending));
  };
  return { clock, org, governor, send, sendMany, warmUp };
}

/** Reproducible randomness (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
