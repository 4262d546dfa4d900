import { describe, expect, it } from 'vitest';

import { headline, remainder, runStatus, type RunView } from '../../../src/report/html/run-text.js';
import { noCounts } from '../../../src/rows/counts.js';

function run(
  part: { counts?: object; exitCode?: number | null; stoppedBecause?: string | null; command?: string },
  more: Partial<RunView> = {},
): RunView {
  const counts = { ...noCounts(), ...part.counts };
  const { command = 'import', exitCode = 0, stoppedBecause = null } = part;
  return {
    state: 'ended',
    totalRows: counts.total,
    ...more,
    summary: {
      runId: 'r',
      command,
      file: { name: 'f.csv', sha256: '', encoding: 'utf-8', delimiter: ',' },
      org: 'https://acme.okta.com',
      startedAt: '',
      finishedAt: '',
      durationMs: 0,
      counts,
      requests: { sent: 0, retried: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 },
      exitCode,
      stoppedBecause,
    },
  };
}

describe('the text about a run', () => {
  it.each<[name: string, view: RunView, headline: string, remainder: string, status: string]>([
    [
      'all rows created',
      run({ counts: { total: 1200, created: 1200 } }),
      'All 1,200 users are in acme.okta.com.',
      '',
      'All rows succeeded',
    ],
    [
      'one row created',
      run({ counts: { total: 1, created: 1 } }),
      'The user is in acme.okta.com.',
      '',
      'All rows succeeded',
    ],
    [
      'some failures',
      run({ counts: { total: 10, created: 8, invalid: 1, failed: 1 }, exitCode: 1 }),
      '8 of 10 users are in acme.okta.com.',
      '2 need attention.',
      'Needs attention',
    ],
    [
      'stopped early',
      run({
        counts: { total: 10, created: 8, notAttempted: 2 },
        exitCode: 130,
        stoppedBecause: 'interrupted',
      }),
      '8 of 10 users are in acme.okta.com.',
      '2 were not attempted.',
      'Stopped early',
    ],
    [
      'in progress',
      run({ counts: { total: 3, created: 3 }, exitCode: null }, { state: 'running', totalRows: 10 }),
      '3 of 10 users are in acme.okta.com.',
      '7 remaining.',
      'Running',
    ],
    [
      'process killed',
      run({ counts: { total: 3, created: 3 }, exitCode: null }, { state: 'interrupted', totalRows: 10 }),
      '3 of 10 users are in acme.okta.com.',
      '7 without an outcome.',
      'Interrupted',
    ],
    ['no rows', run({ counts: {} }), 'The file has a header but no rows.', '', 'All rows succeeded'],
    [
      'a dry run',
      run({ command: 'validate', counts: { total: 2, valid: 1, invalid: 1 }, exitCode: 1 }),
      '1 of 2 rows is ready to import.',
      '1 needs attention.',
      'Needs attention',
    ],
    [
      'an undo that deletes',
      run({ command: 'undo', counts: { total: 55, removed: 44, kept: 11 }, exitCode: 1 }),
      '44 of 55 users were deleted.',
      '11 need attention.',
      'Needs attention',
    ],
    [
      'an undo that restores',
      run({ command: 'undo', counts: { total: 2, restored: 2 } }),
      'All 2 users were restored.',
      '',
      'All rows succeeded',
    ],
    [
      'an undo that does both',
      run({ command: 'undo', counts: { total: 2, removed: 1, restored: 1 } }),
      'All 2 users were deleted or restored.',
      '',
      'All rows succeeded',
    ],
    [
      'an activation',
      run({ command: 'activate', counts: { total: 1, activated: 1 } }),
      'The user was activated.',
      '',
      'All rows succeeded',
    ],
    [
      'a command of a newer version',
      run({ command: 'later', counts: { total: 2, removed: 2 } }),
      'All 2 rows succeeded.',
      '',
      'All rows succeeded',
    ],
  ])('%s', (_, view, sentence, rest, status) => {
    expect([headline(view), remainder(view), runStatus(view).label]).toEqual([sentence, rest, status]);
  });
});
