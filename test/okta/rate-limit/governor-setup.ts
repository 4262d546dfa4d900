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
  return { clock, org, governor, send, sendMany };
}
