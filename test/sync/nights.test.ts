import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { nightArbitrary } from '../helpers/nights-model.js';
import { LAG, runNights } from '../helpers/run-nights.js';

it.each([
  ['', {}],
  [' although searches and member lists lag', LAG],
])(
  'after every night of joins, moves, renames, leavings, returns, edits by hand, wrong files, faults and interrupts the org is as the model says%s',
  async (_, orgOptions) => {
    const nights = fc.array(nightArbitrary, { minLength: 5, maxLength: 8 });
    const property = fc.asyncProperty(nights, (some) => runNights(some, { orgOptions }));

    const holds = fc.assert(property, { numRuns: 2, endOnFailure: true });

    await expect(holds).resolves.toBeUndefined();
  },
);
