import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { DigestTable } from '../src/digest-table.js';

it('returns the first number of every text, as a Map would', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 20 }), { maxLength: 300 }), (texts) => {
      const lines = new DigestTable();
      const map = new Map<string, number>();
      for (const [index, text] of texts.entries()) {
        expect(lines.setIfAbsent(text, index + 2)).toBe(map.get(text));
        if (!map.has(text)) map.set(text, index + 2);
      }
    }),
  );
});

it('returns the last number that was set for a text', () => {
  const table = new DigestTable();
  const texts = Array.from({ length: 30_000 }, (_, index) => `person.${index}@example.com`);
  for (const [index, text] of texts.entries()) table.set(text, index + 1);
  for (const [index, text] of texts.entries()) if (index % 2 === 0) table.set(text, 1_000_000 + index);
  expect(
    texts.filter((text, index) => table.find(text) !== (index % 2 === 0 ? 1_000_000 + index : index + 1)),
  ).toEqual([]);
});

it.each([0, 1000, 100_000, 1e12])(
  'confuses no two of 100,000 texts, and finds all, if it expects %d',
  (expected) => {
    const lines = new DigestTable(expected);
    const texts = Array.from({ length: 100_000 }, (_, index) => `person.${index}@example.com`);
    expect(texts.filter((text, index) => lines.setIfAbsent(text, index + 2) !== undefined)).toEqual([]);
    expect(texts.filter((text, index) => lines.setIfAbsent(text, 1_000_000) !== index + 2)).toEqual([]);
  },
);

it.each([
  ['lengths', ['', '\0', '\0\0', 'a', 'a\0', 'aa']],
  ['the order of words', ['abcdefghijklmnop', 'ijklmnopabcdefgh', 'cdabefghijklmnop']],
  ['the high byte of a character', ['\u0141', '\u0041', '\u4100']],
])('distinguishes texts by %s', (_, texts) => {
  const lines = new DigestTable();
  expect(texts.map((text, index) => lines.setIfAbsent(text, index + 1))).toEqual(texts.map(() => undefined));
});
