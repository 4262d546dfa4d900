import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { nightArbitrary, runNights } from '../helpers/nights-model.js';

it('after every night of joins, moves, renames, leavings, returns, edits, faults and interrupts the org is as the model says', async () => {
  const nights = fc.array(nightArbitrary, { minLength: 5, maxLength: 8 });

  const holds = fc.assert(fc.asyncProperty(nights, runNights), { numRuns: 3, endOnFailure: true });

  await expect(holds).resolves.toBeUndefined();
}, 120_000);
