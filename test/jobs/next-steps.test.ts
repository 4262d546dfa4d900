import { expect, it } from 'vitest';

import { importNextSteps, type RepeatedArgs } from '../../src/jobs/next-steps.js';
import type { FinishedRun } from '../../src/jobs/run-observer.js';

const repeated: RepeatedArgs = {
  options: { canary: 10, maxFailures: '5%' },
  orgArgs: ['--env-file', 'org.env'],
  reports: 'reports',
};

function stopped(created: number, run: Partial<FinishedRun>): FinishedRun {
  const counts = { created, failed: 1, invalid: 0 };
  return {
    summary: { stoppedBecause: 'stopped', counts, file: {} },
    folder: 'reports/it',
    ...run,
  } as FinishedRun;
}

const RESUME = 'okta-csv-import resume reports/it --canary 10 --max-failures 5% --env-file org.env';

it('an interrupted run is resumed with its stop conditions', () => {
  const run = stopped(3, { inDoubt: 0, stopReason: { kind: 'interrupted', signal: 'SIGINT' } });

  expect(importNextSteps(run, repeated)).toEqual([`To import the remaining rows, run: ${RESUME}`]);
});

it('a run that a stop condition ended is checked before it is resumed or imported again', () => {
  const run = { inDoubt: 2, stopReason: { kind: 'stop-condition', condition: '(--canary)' } } as const;

  expect(importNextSteps(stopped(3, run), repeated)).toEqual([
    'Check the failed rows in reports/it/failed.csv.',
    'If the file or its mapping is wrong, fix it and import it again, with --if-exists update for the users created ' +
      'so far; resume accepts only the unchanged file.',
    'If only those rows are wrong, settle 2 unknown outcomes and import the remaining rows with the same stop ' +
      `condition: ${RESUME}`,
  ]);
  expect(importNextSteps(stopped(0, run), repeated)[1]).not.toContain('--if-exists');
});

it('failed rows are imported again with every flag that affects rows, and no other', () => {
  const run = {
    summary: { stoppedBecause: null, counts: { failed: 1, invalid: 2 }, file: {} },
    folder: 'reports/it',
    inDoubt: 0,
  } as FinishedRun;
  const options = {
    mapping: 'my people.yaml',
    activate: false,
    changePassword: true,
    groups: ['Sales', 'New hires'],
    userType: 'contractor',
    ifExists: 'update',
    clearEmpty: true,
    createGroups: true,
    ignoreColumns: ['Notes', 'Badge'],
    delimiter: ';',
    only: '1-5',
    encoding: 'windows-1252',
    sheet: '2',
    canary: 3,
    concurrency: 4,
  } as const;

  expect(importNextSteps(run, { options, orgArgs: ['--sandbox'], reports: 'out' })[0]).toContain(
    "okta-csv-import import reports/it/failed.csv --mapping 'my people.yaml' --no-activate --change-password " +
      "--group Sales --group 'New hires' --user-type contractor --if-exists update --clear-empty --create-groups " +
      "--ignore-columns Notes,Badge --delimiter ';' --reports out --sandbox",
  );
});
