import { expect, it } from 'vitest';

import {
  StopConditions,
  parseMaxFailures,
  type StopConditionsOptions,
} from '../../src/engine/stop-conditions.js';
import type { RowOutcome } from '../../src/rows/outcome.js';
import { Cancellation } from '../../src/rows/cancellation.js';

function withConditions(options: Partial<StopConditionsOptions>): {
  stopConditions: StopConditions;
  cancellation: Cancellation;
} {
  const cancellation = new Cancellation();
  const none = { canary: undefined, maxFailures: undefined, isSettledEarlier: undefined };
  return { cancellation, stopConditions: new StopConditions({ ...none, ...options, cancellation }) };
}

function bad(row: number): RowOutcome {
  const login = `p${row}@example.com`;
  return { row, line: row + 1, login, attempts: 0, durationMs: 0, status: 'invalid', problems: [] };
}

function good(row: number): RowOutcome {
  const { login, line } = bad(row);
  return { row, line, login, attempts: 0, durationMs: 0, status: 'valid' };
}

it('says how many rows were bad, and of what that was too much', () => {
  const share = withConditions({ maxFailures: parseMaxFailures('10%', 9) });
  share.stopConditions.observe(bad(4));
  expect(share.cancellation.stopReason()).toContain(
    '1 row was bad by then, more than 10% of 9 (--max-failures)',
  );

  const number = withConditions({ maxFailures: parseMaxFailures('1', 9) });
  number.stopConditions.observe(bad(4));
  expect(number.cancellation.reason).toBeUndefined();
  number.stopConditions.observe(bad(5));
  expect(number.cancellation.stopReason()).toContain('2 rows were bad by then, more than 1 (--max-failures)');
});

it('counts what happened since the run was gone on with, or it would never come further', () => {
  const { stopConditions, cancellation } = withConditions({
    maxFailures: parseMaxFailures('1', 9),
    isSettledEarlier: (row) => row <= 3,
  });

  for (const row of [1, 2, 3, 4]) stopConditions.observe(bad(row));
  expect(cancellation.reason).toBeUndefined();
  stopConditions.observe(bad(5));
  expect(cancellation.stopReason()).toContain('2 more rows were bad by then, more than 1');
});

it('takes for canaries the first rows that have no outcome yet', async () => {
  const { stopConditions, cancellation } = withConditions({
    canary: 1,
    isSettledEarlier: (row) => row === 1,
  });
  const decided = [bad(1), good(2), bad(3), bad(4)].map((outcome) => ({
    kind: 'decided' as const,
    row: { row: outcome.row, line: outcome.line, cells: [] },
    outcome,
  }));
  const planned = (async function* () {
    yield decided;
  })();

  for await (const [item] of stopConditions.holdForCanary(planned)) {
    if (item?.kind === 'decided') stopConditions.observe(item.outcome);
    if (item?.row.row === 3) break;
  }

  // Not the first, though it is invalid.
  expect(cancellation.stopReason()).toContain('row 3, one of the first 1, is invalid (--canary)');
});
