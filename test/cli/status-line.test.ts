import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';

import { cut, fitted, StatusLine, type StatusPart } from '../../src/cli/status-line.js';

import { Recorded } from './captured-stream.js';

const PARTS: readonly StatusPart[] = [
  { text: '名前.csv', rank: 8 },
  { text: '50/100 rows', short: '50/100', rank: 1 },
  { text: '2 failed', rank: 2 },
  { text: "waiting 12 s for the org's rate limit", short: 'waiting 12 s', rank: 3 },
];

it.each([
  [80, "名前.csv  50/100 rows  2 failed  waiting 12 s for the org's rate limit"],
  [60, "50/100 rows  2 failed  waiting 12 s for the org's rate limit"],
  [40, '50/100 rows  2 failed  waiting 12 s'],
  [30, '50/100 rows  2 failed'],
  [12, '50/100 rows'],
  [6, '50/100'],
  [4, '50/…'],
  [0, ''],
])('in %d columns the less important is shortened, then left out', (columns, text) => {
  expect(fitted(PARTS, columns).text).toBe(text);
});

it('a part that is worth more in brief is shortened before others are left out, and stays', () => {
  const parts = [
    { text: '540 rows/min', rank: 5 },
    { text: "waiting 12 s for the org's rate limit", short: 'waiting 12 s', rank: 6, shortRank: 3 },
  ];
  expect(fitted(parts, 30).text).toBe('540 rows/min  waiting 12 s');
  expect(fitted(parts, 20).text).toBe('waiting 12 s');
});

it('never takes more columns than there are, whatever the names are made of', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }),
      fc.nat(120),
      (texts, columns) => {
        const parts = texts.map((text, rank) => ({ text, rank }));
        const { text, width } = fitted(parts, columns);
        expect(stringWidth(text)).toBeLessThanOrEqual(columns);
        expect(width).toBe(stringWidth(text));
      },
    ),
  );
});

it.each([
  ['名前と住所', 10, '名前と住所'],
  ['名前と住所', 9, '名前と住…'],
  ['名前と住所', 8, '名前と…'],
  ['👩‍👩‍👧‍👦 family', 3, '👩‍👩‍👧‍👦…'],
])('%s in %d columns is %s', (text, columns, shown) => {
  expect(cut(text, columns)).toBe(shown);
});

it('clears all lines into which a narrower terminal has broken it', () => {
  const stream = new Recorded(80);
  const line = new StatusLine(stream as never);
  line.draw([{ text: 'x'.repeat(70), rank: 0 }]);
  stream.columns = 20;
  line.draw([{ text: 'y', rank: 0 }]);
  expect(stream.text).toBe(`\r${'x'.repeat(70)}\u001b[3A\r\u001b[J\ry`);
});

it('takes a terminal that does not know its width for one of 80 columns', () => {
  const stream = new Recorded(0);
  new StatusLine(stream as never).draw([{ text: 'x'.repeat(200), rank: 0 }]);
  expect(stringWidth(stream.text)).toBe(79);
});
