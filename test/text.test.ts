import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  closeMatches,
  didYouMean,
  escapeControlCharacters,
  escapeFormula,
  hasFormula,
  formatDuration,
  isFormulaStart,
  listOf,
  messageOf,
  plural,
  quoted,
  unescapeFormula,
} from '../src/text.js';

describe('quoted', () => {
  it.each([
    ['Ada', '"Ada"'],
    ['x'.repeat(60), `"${'x'.repeat(60)}"`],
    ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
    ['two\nlines', String.raw`"two\u000alines"`],
    ['right\u202eto left', String.raw`"right\u202eto left"`],
  ])('shows %j as %s', (value, shown) => {
    expect(quoted(value)).toBe(shown);
  });
});

describe('escapeControlCharacters', () => {
  it.each([
    ['Zoë', 'Zoë'],
    ['\u001b[31mred', String.raw`\u001b[31mred`],
    ['two\nlines', 'two lines'],
    ['a\u2028b\u2066c', String.raw`a\u2028b\u2066c`],
  ])('shows %j as %s', (text, shown) => {
    expect(escapeControlCharacters(text)).toBe(shown);
  });
});

describe('plural', () => {
  it.each([
    [plural(0, 'row'), '0 rows'],
    [plural(1, 'row'), '1 row'],
    [plural(2, 'row'), '2 rows'],
    [plural(1, 'entry', 'entries'), '1 entry'],
    [plural(2, 'entry', 'entries'), '2 entries'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });
});

describe('listOf', () => {
  it.each([
    [listOf([]), ''],
    [listOf(['a']), 'a'],
    [listOf(['a', 'b']), 'a and b'],
    [listOf(['a', 'b', 'c']), 'a, b, and c'],
    [listOf(['a', 'b', 'c'], 'or'), 'a, b, or c'],
  ])('%j', (text, expected) => {
    expect(text).toBe(expected);
  });
});

describe('messageOf', () => {
  it.each([
    [new TypeError('The file is gone.'), 'The file is gone.'],
    ['a thrown string', 'a thrown string'],
    [undefined, 'undefined'],
  ])('%s', (error, message) => {
    expect(messageOf(error)).toBe(message);
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1234, '1.2 s'],
    [59_900, '59.9 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [7_505_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
  ])('of %d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formula cells', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t1', '\r1', '\n1', '＝1+1', '＋1', '－1', '＠A', "'=1", "''=1"])(
    '%j starts as one, and is escaped',
    (cell) => {
      expect(isFormulaStart(cell)).toBe(true);
      expect(escapeFormula(cell)).toBe(`'${cell}`);
    },
  );

  it.each([
    ['x;=1+1', "x;'=1+1"],
    ['x\t=1', "x\t'=1"],
    ['x,@A', "x,'@A"],
    ['x\r\n=1', "x\r\n'=1"],
    ['\n=1', "'\n'=1"],
    ['x;"＝1', 'x;"\'＝1'],
    ["x;'=1;''+a", "x;''=1;'''+a"],
    ['a;-b', "a;'-b"],
  ])('%j has one for another locale, and is escaped there: %j', (cell, escaped) => {
    expect(hasFormula(cell)).toBe(true);
    expect(escapeFormula(cell)).toBe(escaped);
    expect(unescapeFormula(escaped)).toBe(cell);
  });

  it.each(['', 'Ada', "O'Brien", "'tHooft", '1-2', ' =1', '1;-2;+3.5', 'a, -b', 'a\r\nb', '[1,-2e-7]'])(
    '%j does not, and is unchanged',
    (cell) => {
      expect(isFormulaStart(cell)).toBe(false);
      expect(escapeFormula(cell)).toBe(cell);
      expect(unescapeFormula(cell)).toBe(cell);
    },
  );

  it('are read back as they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."'=-+@＝\t\r\n;,a1]".split(''), '"') }), (cell) => {
        const escaped = escapeFormula(cell);
        expect(unescapeFormula(escaped)).toBe(cell);
        for (const part of escaped.split(/[;,\t\r\n]"*/)) {
          expect(part).not.toMatch(/^(?![+-]1+(?:]|$))[=+\-@＝]/);
        }
      }),
    );
  });
});

describe('didYouMean', () => {
  it.each([
    ['fristName', ' Did you mean "firstName"?'],
    ['FIRSTNAME', ' Did you mean "firstName"?'],
    ['firstNam', ' Did you mean "firstName"?'],
    ['firstNaem', ' Did you mean "firstName"?'],
    ['badge', ''],
    ['', ''],
  ])('%j: %j', (word, expected) => {
    expect(didYouMean(word, ['lastName', 'firstName', 'login'])).toBe(expected);
  });

  it('shows the candidate as asked', () => {
    expect(didYouMean('conurrency', ['concurrency'], (flag) => `--${flag}`)).toBe(
      ' Did you mean --concurrency?',
    );
  });
});

describe('closeMatches', () => {
  it('lists the closest first', () => {
    expect(closeMatches('titles', ['tittle', 'title', 'city'])).toEqual(['title', 'tittle']);
  });

  it('counts two swapped letters as one edit', () => {
    expect(closeMatches('lsit', ['list', 'last'])).toEqual(['list']);
  });
});
