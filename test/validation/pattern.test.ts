import { describe, expect, it } from 'vitest';

import { compilePattern } from '../../src/validation/pattern.js';

it.each([
  ['^[A-Z]{2}-\\d+$', 'AB-12', true],
  ['^[A-Z]{2}-\\d+$', 'AB-', false],
  ['[0-9]{3}', 'x123y', true],
  ['^\\p{L}+$', 'Żółw', true],
  ['^.$', '𝒳', true],
  ['^[\\w\\@\\.]+$', 'a@b.c', true],
  ['^[(|)]+$', '(|)', true],
  ['^(?:EMEA|APAC)-\\d{2}$', 'EMEA-07', true],
  ['^(?:EMEA|APAC)-\\d{2}$', 'AMER-07', false],
  ['^caf\\u00e9$', 'café', true],
  ['^(?i)abc$', 'ABC', true],
  ['^[a-z]{2,500}$', 'a1', false],
])('pattern %s, text %j: %s', (pattern, text, isMatch) => {
  expect(compilePattern(pattern)?.(text)).toBe(isMatch);
});

it.each([
  ['a back-reference', '(.)\\1'],
  ['a lookahead', '^(?=.*\\d).+$'],
  ['a possessive quantifier', '^a++$'],
  ['an unclosed class', '[a-z'],
  ['an unknown Unicode class', '^\\p{Foo}$'],
  ['an intersection of classes', '^[a-z&&[^b]]$'],
  ['a nested class', '^[[:alpha:]]$'],
  ['a class that starts with a bracket', '^[]a]$'],
  ['more than 1000 repetitions', '[\\w]{1,500}[\\w]{1,500}[\\w]{1,500}'],
  ['a repetition of repetitions', '((a{1,30}){1,30}){1,30}'],
])('leaves a pattern with %s to Okta', (_, pattern) => {
  expect(compilePattern(pattern)).toBeUndefined();
});

it('leaves a long text to Okta', () => {
  expect(compilePattern('^.*.*x$')?.('a'.repeat(100_000))).toBe(true);
  expect(compilePattern('^[a-z]{500}$')?.('1'.repeat(500))).toBe(true);
});

describe('a pattern that takes other engines years', () => {
  it.each([
    ['[\\w]{1,500}[\\w]{1,500}[\\w]{1,500}$', 200],
    ['^[\\w]{1,300}[\\w]{1,300}[\\w]{1,300}$', 999],
    ['^(a+)+$', 999],
    ['(a|aa)*(a|aa)*$', 999],
    ['[\\w]*[\\w]*$', 999],
  ])('such as %s is matched, or left to Okta, within a second of work', (pattern, length) => {
    const matches = compilePattern(pattern);
    const before = process.cpuUsage();
    for (let cell = 0; cell < 10; cell += 1) matches?.(`${'a'.repeat(length)}!`);

    // Microseconds; a busy machine does not count.
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });
});
