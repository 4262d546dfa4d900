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

it('says how many rows failed or were invalid, and the limit', () => {
  const share = withConditions({ maxFailures: parseMaxFailures('10%', 9) });
  share.stopConditions.observe(bad(4));
  expect(share.cancellation.stopReason()).toContain(
    '1 row failed or was invalid, more than 10% of 9 (--max-failures)',
  );

  const number = withConditions({ maxFailures: parseMaxFailures('1', 9) });
  number.stopConditions.observe(bad(4));
  expect(number.cancellation.reason).toBeUndefined();
  number.stopConditions.observe(bad(5));
  expect(number.cancellation.stopReason()).toContain(
    '2 rows failed or were invalid, more than 1 (--max-failures)',
  );
});

it('counts a row once, however often it is observed', () => {
  const { stopConditions, cancellation } = withConditions({ maxFailures: parseMaxFailures('1', 9) });

  for (const row of [4, 4, 4]) stopConditions.observe(bad(row));

  expect(cancellation.reason).toBeUndefined();
});

it('counts only the rows since the run was resumed', () => {
  const { stopConditions, cancellation } = withConditions({
    maxFailures: parseMaxFailures('1', 9),
    isSettledEarlier: (row) => row <= 3,
  });

  for (const row of [1, 2, 3, 4]) stopConditions.observe(bad(row));
  expect(cancellation.reason).toBeUndefined();
  stopConditions.observe(bad(5));
  expect(cancellation.stopReason()).toContain(
    '2 rows failed or were invalid since the run was resumed, more than 1',
  );
});

it('uses the first rows without an outcome as canary', async () => {
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

  // Not the first row, although it is invalid.
  expect(cancellation.stopReason()).toContain('row 3 (line 4), one of the first 1, is invalid (--canary)');
});
