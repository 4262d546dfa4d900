import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FollowerOutcomes, FOLLOWS } from '../../src/engine/follower-outcomes.js';
import { MergedRows } from '../../src/engine/merged-rows.js';
import { notAttempted, outcomeOf, type CompletedRow, type RowResult } from '../../src/rows/outcome.js';

/** The rows of a file, each by its user and its group. */
function mergedOf(users: readonly (readonly [key: string, groups: string])[]): MergedRows {
  const merged = new MergedRows();
  for (const [index, [login, groups]] of users.entries()) {
    merged.add({ row: index + 1, line: index + 2 }, { login, content: [1, 2], groups });
  }
  return merged;
}

const completed = (row: number, result: RowResult): CompletedRow => ({
  row: { row, line: row + 1, cells: [] },
  outcome: outcomeOf({ row, line: row + 1 }, `user${row}`, result),
});
const following = (row: number): CompletedRow => ({
  row: { row, line: row + 1, cells: [] },
  outcome: notAttempted({ row, line: row + 1 }, `user${row}`, FOLLOWS),
});
const CREATED = {
  status: 'created',
  oktaId: '00u1',
  userStatus: 'ACTIVE',
  profileDigest: 'd',
  requestId: undefined,
} as const;

describe('the rows of a file', () => {
  it('follow the first row of their user, adjacent or not', () => {
    const merged = mergedOf([
      ['a', 'x'],
      ['b', 'x'],
      ['a', 'y'],
      ['a', 'z'],
      ['b', 'y'],
    ]);

    expect([1, 2, 3, 4, 5].map((row) => merged.leaderOf(row))).toEqual([undefined, undefined, 1, 1, 2]);
    expect(merged.followersOf(1)).toEqual([
      { row: 3, line: 4, groups: 'y' },
      { row: 4, line: 5, groups: 'z' },
    ]);
    expect(merged.followersOf(3)).toEqual([]);
    expect(merged.followers).toBe(3);
  });

  it('follow no row whose other cells differ', () => {
    const merged = new MergedRows();
    merged.add({ row: 1, line: 2 }, { login: 'a', content: [1, 2], groups: 'x' });
    merged.add({ row: 2, line: 3 }, { login: 'a', content: [1, 3], groups: 'y' });
    merged.add({ row: 3, line: 4 }, { login: 'a', content: [1, 2], groups: 'z' });

    expect([1, 2, 3].map((row) => merged.leaderOf(row))).toEqual([undefined, undefined, 1]);
  });

  it('are repeated, and follow nothing, if none of them has groups', () => {
    const merged = mergedOf([
      ['a', ''],
      ['a', ''],
      ['b', 'x'],
      ['b', ''],
    ]);

    expect([1, 2, 3, 4].map((row) => merged.leaderOf(row))).toEqual([undefined, undefined, undefined, 3]);
  });

  it('take less than 60 bytes each, a million rows of which most follow others', () => {
    const before = process.memoryUsage().arrayBuffers;
    const merged = new MergedRows();
    for (let row = 1; row <= 1_000_000; row += 1) {
      merged.add(
        { row, line: row + 1 },
        { login: `user${row % 300_000}`, content: [1, 2], groups: `group${row % 50}` },
      );
    }
    const bytes = process.memoryUsage().arrayBuffers - before;

    expect(merged.followers).toBe(700_000);
    expect(bytes).toBeLessThan(60_000_000);
  });
});

describe('the outcomes of followers', () => {
  it.each<[what: string, leader: RowResult, follower: object]>([
    ['created', CREATED, { status: 'unchanged', oktaId: '00u1', mergedInto: 1 }],
    [
      'exists',
      { status: 'exists', oktaId: '00u1', userStatus: 'ACTIVE' },
      { status: 'exists', mergedInto: 1 },
    ],
    [
      'invalid',
      { status: 'invalid', problems: [] },
      { status: 'invalid', problems: [{ code: 'same-user-invalid' }] },
    ],
    [
      'failed',
      { status: 'failed', error: { errorCode: 'E0000001', message: 'no', requestId: 'r' } },
      { status: 'failed', error: { errorCode: 'E0000001', message: expect.stringContaining('Row 1') } },
    ],
    [
      'unknown',
      { status: 'failed', error: { errorCode: 'ERR_OUTCOME_UNKNOWN', message: '?', requestId: undefined } },
      { status: 'not-attempted', reason: 'Row 1 (line 2) of the same user has an unknown outcome.' },
    ],
    [
      'not attempted',
      { status: 'not-attempted', reason: 'stopped' },
      { status: 'not-attempted', reason: 'stopped' },
    ],
    ['would be created', { status: 'would-create' }, { status: 'valid' }],
  ])('are those of a leader that is %s, whichever completes first', (_, leader, follower) => {
    const merged = mergedOf([
      ['a', 'x'],
      ['a', 'y'],
    ]);
    for (const batch of [
      [completed(1, leader), following(2)],
      [following(2), completed(1, leader)],
    ]) {
      const settled = new FollowerOutcomes({ merged, isComplete: true }).settle(batch);

      expect(settled.map(({ outcome }) => outcome.row)).toEqual([1, 2]);
      expect(settled[1]?.outcome).toMatchObject(follower);
    }
  });

  it('are one for every row, in whatever order the rows complete', () => {
    const users = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('', 'x', 'y')), {
      maxLength: 30,
    });
    const scenario = users.chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.shuffledSubarray(
          [...rows.keys()].map((index) => index + 1),
          { minLength: rows.length },
        ),
      ),
    );
    fc.assert(
      fc.property(scenario, fc.boolean(), ([rows, order], inOneBatch) => {
        const merged = mergedOf(rows);
        const outcomes = new FollowerOutcomes({ merged, isComplete: true });
        const all = order.map((row) =>
          merged.leaderOf(row) === undefined ? completed(row, CREATED) : following(row),
        );
        const batches = inOneBatch ? [all] : all.map((one) => [one]);
        const settled = batches.flatMap((batch) => outcomes.settle(batch));

        expect(settled.map(({ outcome }) => outcome.row).toSorted((a, b) => a - b)).toEqual(
          [...rows.keys()].map((index) => index + 1),
        );
        expect(settled.every(({ outcome }) => ['created', 'unchanged'].includes(outcome.status))).toBe(true);
        expect(outcomes.unsettled('stopped')).toEqual([]);
      }),
    );
  });

  it('are not attempted if their leader never completes', () => {
    const merged = mergedOf([
      ['a', 'x'],
      ['a', 'y'],
    ]);
    const outcomes = new FollowerOutcomes({ merged, isComplete: true });

    expect(outcomes.settle([following(2)])).toEqual([]);
    expect(outcomes.unsettled('The run ended.')).toMatchObject([
      { outcome: { row: 2, status: 'not-attempted', reason: 'The run ended.' } },
    ]);
  });
});
