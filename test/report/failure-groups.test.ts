import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { noCounts } from '../../src/rows/counts.js';
import type { Summary } from '../../src/report/summary.js';
import { FailureGroups } from '../../src/report/failure-groups.js';
import { summaryText } from '../../src/cli/summary-text.js';
import { escapeControlCharacters } from '../../src/text.js';
import type { RowOutcome } from '../../src/rows/outcome.js';

function failed(row: number, message: string, login = `user${row}@example.com`): RowOutcome {
  const error = { errorCode: 'E0000001', message, requestId: undefined };
  return { row, line: row + 1, login, attempts: 1, durationMs: 1, status: 'failed', error };
}

/** What a terminal obeys instead of showing: C0, C1, and what turns the direction of text. */
const STEERING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

describe('failures', () => {
  it('are one line for rows that differ only in what is quoted or counted', () => {
    const failures = new FailureGroups();
    for (let row = 1; row <= 10_000; row += 1) {
      failures.add(failed(row, `"name${row}" is longer than ${row} characters.`));
    }
    expect(failures.lines().slice(0, 5)).toEqual([
      '  10000 rows: … is longer than … characters.',
      '      row 1 (line 2) user1@example.com: "name1"',
      '      row 2 (line 3) user2@example.com: "name2"',
      '      row 3 (line 4) user3@example.com: "name3"',
      '      and 9997 more',
    ]);
  });

  it('say what is the same in every row, and of what differs an example each', () => {
    const failures = new FailureGroups();
    failures.add(failed(1, 'The org has no group "Enginering". Names have at most 255 characters.'));
    failures.add(failed(2, 'The org has no group "Suport". Names have at most 255 characters.'));
    expect(failures.lines().slice(0, 3)).toEqual([
      '  2 rows: The org has no group …. Names have at most 255 characters.',
      '      row 1 (line 2) user1@example.com: "Enginering"',
      '      row 2 (line 3) user2@example.com: "Suport"',
    ]);
  });

  it('come with the most frequent first', () => {
    const failures = new FailureGroups();
    failures.add(failed(1, 'Rare.'));
    for (const row of [2, 3]) failures.add(failed(row, 'Frequent.'));
    expect(failures.lines().filter((line) => /^ {2,3}\d/.test(line))).toEqual([
      '  2 rows: Frequent.',
      '   1 row: Rare.',
    ]);
  });

  it('are at most twenty, however many there are', () => {
    const failures = new FailureGroups();
    for (let row = 1; row <= 5000; row += 1) failures.add(failed(row, `Cause ${letters(row)}.`));
    const lines = failures.lines();
    expect(lines).toHaveLength(41);
    expect(lines.at(-1)).toBe('  4980 rows with other causes: see results.csv.');
  });

  it('count a row once, however many problems it has', () => {
    const failures = new FailureGroups();
    for (let row = 1; row <= 20; row += 1) failures.add(failed(row, `Cause ${letters(row)}.`));
    const problem = { code: 'too-long', column: undefined, message: 'Too long.' };
    const problems = [problem, { ...problem, code: 'too-short' }, { ...problem, code: 'wrong-type' }];
    const base = { row: 21, line: 22, login: undefined, attempts: 0, durationMs: 0 };
    failures.add({ ...base, status: 'invalid', problems });
    expect(failures.lines().at(-1)).toBe('  1 row with other causes: see results.csv.');

    const same = new FailureGroups();
    same.add({ ...base, status: 'invalid', problems: [problem, problem] });
    expect(same.lines()).toEqual(['  1 row: Too long.', '      row 21 (line 22)']);
  });
});

describe('text from a file', () => {
  it('cannot steer the terminal, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeControlCharacters(text)).not.toMatch(STEERING);
        const failures = new FailureGroups();
        failures.add(failed(1, text, text));
        for (const line of failures.lines()) expect(line).not.toMatch(STEERING);
      }),
    );
  });

  it.each([
    ['\u001b[2J\u001b]0;title\u0007', '\\u001b[2J\\u001b]0;title\\u0007'],
    ['\u009b31m', '\\u009b31m'],
    ['two\nlines', 'two lines'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['Zoë Nguyễn 名前', 'Zoë Nguyễn 名前'],
  ])('%j is shown as it is', (text, shown) => {
    expect(escapeControlCharacters(text)).toBe(shown);
  });

  it('is shown harmless in the closing words', () => {
    const summary: Summary = {
      runId: 'run-1',
      command: 'import',
      file: { name: 'peo\u001b[31mple.csv', sha256: 'ab', encoding: 'utf-8', delimiter: ',' },
      org: 'https://acme.okta.com',
      startedAt: '',
      finishedAt: '',
      durationMs: 0,
      counts: { ...noCounts(), total: 2, created: 1, failed: 1 },
      requests: { sent: 0, retried: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 },
      exitCode: 3,
      stoppedBecause: 'because\u0007',
    };
    const failures = new FailureGroups();
    failures.add(failed(2, 'Taken.'));
    expect(summaryText(summary, { failures, folder: 'reports/run-1' })).toEqual([
      'peo\\u001b[31mple.csv (https://acme.okta.com): 2 records, 1 created, 1 failed.',
      '  1 row: Taken.',
      '      row 2 (line 3) user2@example.com',
      'Stopped early: because\\u0007',
      'Report: reports/run-1',
    ]);
  });
});

/** A word without digits that stands for a number. */
function letters(number: number): string {
  return String(number).replaceAll(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
}
