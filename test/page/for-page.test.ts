import { expect, it } from 'vitest';

import { forPage } from '../../src/page/for-page.js';

it.each([
  [
    'Gruppen: The org has no group "Suport". Correct the name (it is case-sensitive), or create missing groups with --create-groups.',
    'Gruppen: The org has no group "Suport". Correct the name (it is case-sensitive), or create missing groups in the step Plan.',
  ],
  [
    '6 rows failed, more than 5% (--max-failures), and row 2 (--canary) did.',
    '6 rows failed, more than 5%, and row 2 did.',
  ],
  ['Nachname:: lastName is required but empty.', 'Nachname: lastName is required but empty.'],
  ['Nachname: "a:: b" is too long.', 'Nachname: "a:: b" is too long.'],
  ['The row is empty. Delete it or fill it in.', 'The row is empty. Delete it or fill it in.'],
])('the message %j is shown as %j', (message, shown) => {
  expect(forPage(message)).toBe(shown);
});
