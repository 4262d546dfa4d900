import { expect, it } from 'vitest';

import { outcomeMessage } from '../../src/report/results-columns.js';
import type { Problem } from '../../src/rows/problem.js';

const group = (name: string): Problem => ({
  code: 'unknown-group',
  column: 'Groups',
  message: `The org has no group "${name}". Correct the name.`,
});

function messageOf(problems: readonly Problem[]): string {
  const base = { row: 1, line: 2, login: 'ada@example.com', attempts: 0, durationMs: 0 };
  return outcomeMessage({ ...base, status: 'invalid', problems });
}

it('a run of problems of one kind is one message with a count', () => {
  const names = Array.from({ length: 21 }, (_, index) => `P${index + 1}`);

  expect(messageOf(names.map(group))).toBe(
    'Groups: The org has no group "P1". Correct the name. (The same for 20 more: "P2", "P3", "P4", "P5", "P6", ….)',
  );
});

it('two problems of one kind are one message, beside those of other kinds', () => {
  const other = { code: 'required-missing', column: 'Email', message: 'email is required but empty.' };

  expect(messageOf([group('A'), other, group('B')])).toBe(
    'Groups: The org has no group "A". Correct the name. (The same for 1 more: "B".) Email: email is required but empty.',
  );
});
