import { expect, it } from 'vitest';

import { judgeClaim, lastSentBefore } from '../../src/engine/settle-create.js';
import type { PossibleCreate } from '../../src/journal/possible-create.js';

const CREATED = '2026-11-24T02:00:30.000Z';
const CREATED_MS = Date.parse(CREATED);
const OURS = { kind: 'ours' } as const;

function sent(secondsBefore: number): PossibleCreate {
  const sinceMs = CREATED_MS - secondsBefore * 1000;
  return {
    sinceMs,
    expectedUntilMs: sinceMs + 35_000,
    untilMs: sinceMs + 635_000,
    isCalibrated: true,
  };
}

const user = { created: CREATED, profile: { login: 'user1@example.com' } };

it.each([
  ['no other run knows of it', undefined, 0, 'ours'],
  ['another run created it', 'created' as const, 0, 'foreign'],
  ['another run in doubt sent its request long before', { lastSentAtMs: CREATED_MS - 10_000 }, 0, 'ours'],
  ['another run in doubt sent its request long after this one', { lastSentAtMs: CREATED_MS }, 10, 'foreign'],
  [
    'another run in doubt sent its request at about the same time',
    { lastSentAtMs: CREATED_MS },
    2,
    'conflict',
  ],
  ['another run in doubt cannot have created it', { lastSentAtMs: Number.NEGATIVE_INFINITY }, 0, 'ours'],
  ['only another run in doubt can have created it', { lastSentAtMs: CREATED_MS }, -1.5, 'foreign'],
  [
    'neither run in doubt had a request in flight',
    { lastSentAtMs: Number.NEGATIVE_INFINITY },
    -1.5,
    'conflict',
  ],
])('a user that fits an attempt, when %s', (_, claim, secondsBefore, kind) => {
  const evidence = { user, creates: [sent(secondsBefore)], isFirstRejection: false };
  expect(judgeClaim(OURS, claim, evidence).kind).toBe(kind);
});

it('leaves a user that existed at the first attempt to another run in doubt', () => {
  const evidence = { user, creates: [sent(0)], isFirstRejection: true };
  const claim = { lastSentAtMs: Number.NEGATIVE_INFINITY };
  expect(judgeClaim(OURS, claim, evidence)).toEqual({ kind: 'foreign' });
});

it('never makes the user of another client one of this run', () => {
  const evidence = { user, creates: [sent(0)], isFirstRejection: false };
  expect(judgeClaim({ kind: 'foreign' }, undefined, evidence)).toEqual({ kind: 'foreign' });
});

it('finds the last request in flight at the second of creation', () => {
  expect(lastSentBefore(CREATED_MS, [sent(40), sent(20), sent(3), sent(-2)])).toBe(CREATED_MS - 3000);
  expect(lastSentBefore(CREATED_MS, [sent(-0.9)])).toBe(CREATED_MS + 900);
  expect(lastSentBefore(CREATED_MS, [])).toBe(Number.NEGATIVE_INFINITY);
});
