import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { nightArbitrary } from '../helpers/nights-model.js';
import { runNights } from '../helpers/run-nights.js';

it('the org is as the model says after each of forty nights with kills', async () => {
  const nights = fc.array(nightArbitrary, { minLength: 40, maxLength: 40 });

  const holds = fc.assert(
    fc.asyncProperty(nights, (some) => runNights(some, { kills: true })),
    { numRuns: 2, endOnFailure: true },
  );

  await expect(holds).resolves.toBeUndefined();
}, 900_000);
