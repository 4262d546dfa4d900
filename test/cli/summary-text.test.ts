import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { summaryText } from '../../src/cli/summary-text.js';
import { FailureGroups } from '../../src/report/failure-groups.js';
import type { Summary } from '../../src/report/summary.js';
import { noCounts, type Counts } from '../../src/rows/counts.js';
import type { RowOutcome } from '../../src/rows/outcome.js';

function failed(row: number, message: string, login = `user${row}@example.com`): RowOutcome {
  const error = { errorCode: 'E0000001', message, requestId: undefined };
  return { row, line: row + 1, login, attempts: 1, durationMs: 1, status: 'failed', error };
}

function groupsOf(...outcomes: readonly RowOutcome[]): FailureGroups {
  const groups = new FailureGroups();
  for (const outcome of outcomes) groups.add(outcome);
  return groups;
}

function summaryOf(counts: Partial<Counts>, part: Partial<Summary> = {}): Summary {
  return {
    runId: 'run-1',
    command: 'import',
    file: { name: 'people.csv', sha256: 'ab', encoding: 'utf-8', delimiter: ',' },
    org: 'https://acme.okta.com',
    startedAt: '',
    finishedAt: '',
    durationMs: 0,
    counts: { ...noCounts(), ...counts },
    requests: { sent: 0, retried: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 },
    exitCode: 0,
    stoppedBecause: null,
    ...part,
  };
}

/** Characters that control a terminal or reverse text. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

describe('the text at the end of a run', () => {
  it('lists counts, failures, warnings and next steps, with commands on their own lines', () => {
    const outcomes = Array.from({ length: 12 }, (_, index) =>
      failed(index + 1, `"name${index}" is too long.`),
    );
    const failures = groupsOf(...outcomes, failed(13, 'This login already exists in Okta.'));
    const warnings = groupsOf(failed(14, 'The email domain has no dot.'));
    const next = ['To retry the remaining rows, fix x.csv and run: okta-csv-import import x.csv'];

    const summary = summaryOf({ total: 20, created: 7, failed: 13 });
    expect(summaryText(summary, { failures, warnings, folder: 'reports/run-1', next })).toEqual([
      'people.csv (https://acme.okta.com): 20 rows, 7 created, 13 failed.',
      'Failures:',
      '  12 rows: … is too long.',
      '      row 1 (line 2) user1@example.com: "name0"',
      '      row 2 (line 3) user2@example.com: "name1"',
      '      row 3 (line 4) user3@example.com: "name2"',
      '      and 9 more',
      '    1 row: This login already exists in Okta.',
      '      row 13 (line 14) user13@example.com',
      '      Delete the row or change its login. To skip or update existing users, use --if-exists.',
      'Warnings (these do not block rows):',
      '  1 row: The email domain has no dot.',
      '      row 14 (line 15) user14@example.com',
      'Report: reports/run-1',
      'To retry the remaining rows, fix x.csv and run:\n  okta-csv-import import x.csv',
    ]);
  });

  it('is two lines when all rows succeed', () => {
    const summary = summaryOf({ total: 1, created: 1 }, { org: null });
    expect(summaryText(summary, { failures: groupsOf(), folder: 'reports/run-1' })).toEqual([
      'people.csv: 1 row, 1 created.',
      'Report: reports/run-1',
    ]);
  });

  it('reports that a file has no rows', () => {
    expect(summaryText(summaryOf({}), { failures: groupsOf(), folder: 'r' })).toEqual([
      'people.csv (https://acme.okta.com): 0 rows.',
      'The file has a header but no rows.',
      'Report: r',
    ]);
  });

  it('counts users after an undo or an activation', () => {
    const summary = summaryOf({ total: 3, removed: 2, restored: 1 }, { command: 'undo' });
    expect(summaryText(summary, { failures: groupsOf(), folder: 'r' })[0]).toBe(
      'people.csv (https://acme.okta.com): 3 users, 2 deleted, 1 restored.',
    );
    expect(
      summaryText(summaryOf({}, { command: 'activate' }), { failures: groupsOf(), folder: 'r' })[1],
    ).toBe('There were no STAGED users to activate.');
  });

  it('refers to results.csv for causes beyond the limit', () => {
    const outcomes = Array.from({ length: 21 }, (_, index) =>
      failed(index + 1, `Reason ${'x'.repeat(index)}.`),
    );
    const lines = summaryText(summaryOf({ total: 21, failed: 21 }), {
      failures: groupsOf(...outcomes),
      folder: 'r',
    });
    expect(lines.at(-2)).toBe('  1 row with other causes: see results.csv.');
  });

  it('escapes control characters of the file and the org', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const summary = summaryOf(
          { total: 1, failed: 1 },
          { file: { name: text, sha256: '', encoding: '', delimiter: '' }, stoppedBecause: text },
        );
        const failures = groupsOf(failed(1, text, text));
        for (const line of summaryText(summary, { failures, folder: 'r' })) expect(line).not.toMatch(CONTROL);
      }),
    );
  });
});
