import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { nightArbitrary } from '../helpers/nights-model.js';
import { LAG, runNights } from '../helpers/run-nights.js';

const { SOAK_SEED, SOAK_RUNS } = process.env;

it.each([
  ['', {}],
  [' although searches and member lists lag', LAG],
])(
  'after each of forty nights the org is as the model says%s',
  async (_, orgOptions) => {
    const nights = fc.array(nightArbitrary, { minLength: 40, maxLength: 40 });
    const property = fc.asyncProperty(nights, (some) => runNights(some, { orgOptions, kills: true }));
    const parameters = { seed: Number(SOAK_SEED), numRuns: Number(SOAK_RUNS), endOnFailure: true };

    await expect(fc.assert(property, parameters)).resolves.toBeUndefined();
  },
  3_600_000,
);
