import { it } from 'vitest';
import { Governor } from '../../src/okta/governor.js';
import { ManualClock } from './manual-clock.js';
import { SimulatedOrg } from './simulated-org.js';
const START_MS = Date.UTC(2026, 2, 2, 12, 45);
it('dbg', async () => {
  const clock = new ManualClock(START_MS);
  const org = new SimulatedOrg({
    clock,
    windowMs: 60_000,
    limit: 20,
    distort: (a, nth) => (nth > 1 && nth <= 6 ? { status: 429, headers: {} } : a),
  });
  const g = new Governor({ share: 1, concurrency: 5, clock });
  const ask = async () => {
    for (;;) {
      const a = await g.run(
        'u',
        async () => {
          const t = clock.now() - START_MS;
          const r = await org.send();
          console.log(t, clock.now() - START_MS, r.status, r.headers['x-rate-limit-remaining']);
          return r;
        },
        undefined,
      );
      if (a.status !== 429) return;
    }
  };
  await clock.until(Promise.all(Array.from({ length: 10 }, ask)));
});
it('dbg2', async () => {
  const clock = new ManualClock(START_MS);
  const org = new SimulatedOrg({ clock, windowMs: 60_000, limit: 20, phaseMs: 900, rounding: 'down' });
  const g = new Governor({ share: 1, concurrency: 5, clock });
  const ask = async () => {
    for (;;) {
      const a = await g.run(
        'u',
        async () => {
          const t = clock.now() - START_MS;
          const r = await org.send();
          if (r.status === 429 || r.headers['x-rate-limit-remaining'] === '19')
            console.log(
              t,
              clock.now() - START_MS,
              r.status,
              r.headers['x-rate-limit-remaining'],
              Number(r.headers['x-rate-limit-reset']) * 1000 - START_MS,
              g.orgClock.earliest(0),
            );
          return r;
        },
        undefined,
      );
      if (a.status !== 429) return;
    }
  };
  await clock.until(Promise.all(Array.from({ length: 200 }, ask)));
});
