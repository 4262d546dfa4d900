import { expect, it } from 'vitest';

import type { RowFlags } from '../../src/cli/bodies/load-mapping.js';
import { nextSteps, type RepeatedFlags } from '../../src/cli/next-steps.js';
import type { Summary } from '../../src/report/summary.js';

const flags: RepeatedFlags = {
  // What becomes of a row stands in the journal.
  rows: {} as RowFlags,
  brakes: { canary: 10, maxFailures: '5%' },
  orgArgs: ['--env-file', 'org.env'],
  reports: 'reports',
};

function stopped(stoppedBecause: string, created: number): Pick<Summary, 'counts' | 'stoppedBecause'> {
  return { stoppedBecause, counts: { created, failed: 1, invalid: 0 } as Summary['counts'] };
}

const RESUME = 'okta-csv-import resume reports/it --canary 10 --max-failures 5% --env-file org.env';

it('an interrupted run goes on with the brakes that it had', () => {
  const ended = { folder: 'reports/it', inDoubt: 0, isBraked: false };

  expect(nextSteps(stopped('interrupted by SIGINT', 3), ended, flags)).toEqual([`To go on: ${RESUME}`]);
});

it('a run that a brake stopped is to be looked at first, and whoever is there by then is not forgotten', () => {
  const ended = { folder: 'reports/it', inDoubt: 2, isBraked: true };

  expect(nextSteps(stopped('(--canary)', 3), ended, flags)).toEqual([
    'Look at the bad rows first: reports/it/failed.csv',
    'If the file or its mapping is wrong, correct it and import it anew, with --if-exists update for those who were ' +
      'created: resume takes the file only as it was.',
    `If only those rows are bad, find out about the 2 in doubt, and go on, with the brake kept: ${RESUME}`,
  ]);
  expect(nextSteps(stopped('(--canary)', 0), ended, flags)[1]).not.toContain('--if-exists');
});
