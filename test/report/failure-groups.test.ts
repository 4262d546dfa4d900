import { describe, expect, it } from 'vitest';

import { FailureGroups } from '../../src/report/failure-groups.js';
import type { RowOutcome } from '../../src/rows/outcome.js';

function failed(row: number, message: string, errorCode = 'E0000001'): RowOutcome {
  const error = { errorCode, message, requestId: undefined };
  const login = `user${row}@example.com`;
  return { row, line: row + 1, login, attempts: 1, durationMs: 1, status: 'failed', error };
}

describe('failure groups', () => {
  it('join rows whose messages differ only in quoted text and numbers', () => {
    const failures = new FailureGroups();
    for (let row = 1; row <= 10_000; row += 1) {
      failures.add(failed(row, `"name${row}" is longer than ${row} characters.`));
    }
    expect(failures.groups()).toEqual([
      {
        rows: 10_000,
        code: 'E0000001',
        message: '… is longer than … characters.',
        hint: undefined,
        cause: 0,
        people: expect.any(Array),
        examples: [
          'row 1 (line 2) user1@example.com: "name1"',
          'row 2 (line 3) user2@example.com: "name2"',
          'row 3 (line 4) user3@example.com: "name3"',
        ],
      },
    ]);
  });

  it.each([
    [
      'a repaired reading',
      (text: string, meant: string) =>
        `city "${text}" was saved as UTF-8 twice. It probably means "${meant}". Export it again.`,
      ['M\u00c3\u00a1laga', 'M\u00e1laga', 'Medell\u221a\u2260n', 'Medell\u00edn'],
      'row 1 (line 2) ada@example.com: "M\u00c3\u00a1laga" → "M\u00e1laga"',
    ],
    [
      'what to write instead',
      (text: string, meant: string) =>
        `countryCode "${text}" is not a country code (ISO 3166-1). Write ${meant}.`,
      ['Germany', 'DE', 'Brazil', 'BR'],
      'row 1 (line 2) ada@example.com: "Germany" → DE',
    ],
  ] as const)(
    'join rows of one kind, and show %s',
    (_, messageOf, [one, meant, other, otherMeant], example) => {
      const failures = new FailureGroups();
      const base = {
        line: 2,
        login: 'ada@example.com',
        attempts: 0,
        durationMs: 0,
        status: 'invalid',
      } as const;
      const problem = { code: 'x', column: undefined };
      failures.add({ ...base, row: 1, problems: [{ ...problem, message: messageOf(one, meant) }] });
      failures.add({ ...base, row: 2, problems: [{ ...problem, message: messageOf(other, otherMeant) }] });

      expect(failures.groups()).toHaveLength(1);
      expect(failures.groups()[0]).toMatchObject({ rows: 2, examples: [example, expect.anything()] });
    },
  );

  it('show the first rows of the file, in its order, whatever the order of completion', () => {
    const failures = new FailureGroups();
    for (const row of [40, 7, 30, 2, 50, 1, ...Array.from({ length: 20 }, (_, index) => 100 - index)]) {
      failures.add(failed(row, 'No.'));
    }
    const [group] = failures.groups();

    expect(group?.examples.map((example) => /row (\d+)/.exec(example)?.[1])).toEqual(['1', '2', '7']);
    expect(group?.people.map(({ row }) => row)).toEqual([1, 2, 7, 30, 40]);
    expect(group?.rows).toBe(26);
  });

  it('of the same size are in the order of their first rows', () => {
    const failures = new FailureGroups();
    for (const row of [9, 4, 6]) failures.add(failed(row, `Reason ${'abc'[row % 3]}.`, `E${row}`));

    expect(failures.groups().map(({ code }) => code)).toEqual(['E4', 'E6', 'E9']);
  });

  it('keep values that are the same in every row', () => {
    const failures = new FailureGroups();
    failures.add(failed(1, 'The org has no group "Enginering". Names have at most 255 characters.'));
    failures.add(failed(2, 'The org has no group "Suport". Names have at most 255 characters.'));
    expect(failures.groups()).toMatchObject([
      {
        rows: 2,
        message: 'The org has no group …. Names have at most 255 characters.',
        examples: [
          'row 1 (line 2) user1@example.com: "Enginering"',
          'row 2 (line 3) user2@example.com: "Suport"',
        ],
      },
    ]);
  });

  it('are sorted by size', () => {
    const failures = new FailureGroups();
    failures.add(failed(1, 'Rare.'));
    for (const row of [2, 3]) failures.add(failed(row, 'Frequent.'));
    expect(failures.groups().map(({ message }) => message)).toEqual(['Frequent.', 'Rare.']);
  });

  it('are at most 20', () => {
    const failures = new FailureGroups();
    for (let row = 1; row <= 5000; row += 1) failures.add(failed(row, `Reason ${letters(row)}.`));
    expect(failures.groups()).toHaveLength(20);
    expect(failures.rowsBeyond).toBe(4980);
  });

  it('count a row once, however many problems it has', () => {
    const failures = new FailureGroups();
    for (let row = 1; row <= 20; row += 1) failures.add(failed(row, `Reason ${letters(row)}.`));
    const problem = { code: 'too-long', column: undefined, message: 'Too long.' };
    const problems = [problem, { ...problem, code: 'too-short' }, { ...problem, code: 'wrong-type' }];
    const base = { row: 21, line: 22, login: undefined, attempts: 0, durationMs: 0 };
    failures.add({ ...base, status: 'invalid', problems });
    expect(failures.rowsBeyond).toBe(1);

    const repeated = new FailureGroups();
    repeated.add({ ...base, status: 'invalid', problems: [problem, problem] });
    expect(repeated.groups()).toMatchObject([{ rows: 1, examples: ['row 21 (line 22)'] }]);
  });

  it.each([
    ['E0000001', 'This login already exists in Okta.', /--if-exists/],
    ['E0000001', 'Password requirements were not met.', /password policy/],
    ['E0000112', 'The user is not in a valid state.', /Wait a few minutes/],
    ['HTTP_502', 'Bad gateway', /proxies/],
  ])('have a hint for %s: %s', (code, message, hint) => {
    const failures = new FailureGroups();
    failures.add(failed(1, message, code));
    expect(failures.groups()[0]?.hint).toMatch(hint);
  });
});

it('a failure whose message contains what to do has no hint', () => {
  const failures = new FailureGroups();
  failures.add(failed(1, 'Unknown outcome.', 'ERR_OUTCOME_UNKNOWN'));
  expect(failures.groups()[0]?.hint).toBeUndefined();
});

/** A word without digits for a number. */
function letters(number: number): string {
  return String(number).replaceAll(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
}
