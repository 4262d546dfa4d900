import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';

import { fitParts, StatusLine, truncate, type StatusPart } from '../../src/cli/status-line.js';

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
])('in %d columns, less important parts are abbreviated, then omitted', (columns, text) => {
  expect(fitParts(PARTS, columns).text).toBe(text);
});

it('abbreviates a part whose abbreviation has a lower rank before omitting others', () => {
  const parts = [
    { text: '540 rows/min', rank: 5 },
    { text: "waiting 12 s for the org's rate limit", short: 'waiting 12 s', rank: 6, shortRank: 3 },
  ];
  expect(fitParts(parts, 30).text).toBe('540 rows/min  waiting 12 s');
  expect(fitParts(parts, 20).text).toBe('waiting 12 s');
});

it('never exceeds the columns, for any text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }),
      fc.nat(120),
      (texts, columns) => {
        const parts = texts.map((text, rank) => ({ text, rank }));
        const { text, width } = fitParts(parts, columns);
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
])('truncates %s to %d columns: %s', (text, columns, shown) => {
  expect(truncate(text, columns)).toBe(shown);
});

it('clears all lines into which a narrower terminal has wrapped it', () => {
  const stream = new Recorded(80);
  const line = new StatusLine(stream as never);
  line.draw([{ text: 'x'.repeat(70), rank: 0 }]);
  stream.columns = 20;
  line.draw([{ text: 'y', rank: 0 }]);
  expect(stream.text).toBe(`\r${'x'.repeat(70)}\u001b[3A\r\u001b[J\ry`);
});

it('assumes 80 columns if the width is unknown', () => {
  const stream = new Recorded(0);
  new StatusLine(stream as never).draw([{ text: 'x'.repeat(200), rank: 0 }]);
  expect(stringWidth(stream.text)).toBe(79);
});
