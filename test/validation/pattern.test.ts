import { expect, it } from 'vitest';
import { compilePattern } from '../../src/validation/pattern.js';

it.each([
  ['^[A-Z]{2}-\\d+$', 'AB-12', true],
  ['^[A-Z]{2}-\\d+$', 'AB-', false],
  ['[0-9]{3}', 'x123y', true],
  ['^\\p{L}+$', 'Żółw', true],
  ['^[\\w\\@\\.]+$', 'a@b.c', true],
  ['^[(|)]+$', '(|)', true],
])('pattern %s, text %j: %s', (pattern, text, isMatch) => {
  expect(compilePattern(pattern)?.(text)).toBe(isMatch);
});

it.each(['^(a+)+$', '^a|b$', '(.)\\1', '.*.*.*x', '[a-z', '^\\p{Foo}$'])(
  'leaves %s to Okta, since it may take forever or mean something else here',
  (pattern) => {
    expect(compilePattern(pattern)).toBeUndefined();
  },
);

it('leaves a very long text to Okta', () => {
  expect(compilePattern('^.*.*x$')?.('a'.repeat(100_000))).toBe(true);
});
