import { expect, it } from 'vitest';

import { isSameLogin } from '../../src/okta/login.js';

it.each([
  ['ada@example.com', 'ADA@EXAMPLE.COM', true],
  ['zoe@example.com', 'Zoë@example.com', true],
  ['Zoë@example.com', 'Zoe\u0308@example.com', true],
  ['ada@example.com', 'ada@example.org', false],
])('%s and %s are the same login: %s', (one, other, isSame) => {
  expect(isSameLogin(one, other)).toBe(isSame);
});
