import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseSelection, SelectionError, selectionWithout } from '../../src/rows/row-selection.js';

describe('--only', () => {
  it.each([
    ['1-3,7', [1, 2, 3, 7]],
    ['5', [5]],
    [' 2 , 4 - 5 ', [2, 4, 5]],
    ['8-', [8, 9, 10]],
    ['3,3,2-3', [2, 3]],
  ])('%j selects %j of ten rows', (text, rows) => {
    const isSelected = parseSelection(text);
    expect(Array.from({ length: 10 }, (_, index) => index + 1).filter((row) => isSelected(row))).toEqual(
      rows,
    );
  });

  it.each(['', '0', '-3', '3-1', '1,,2', 'all', '1.5', '1-2-3', '0-5'])('%j is rejected', (text) => {
    expect(() => parseSelection(text)).toThrow(SelectionError);
  });

  it('selects a row exactly when one of its ranges contains it', () => {
    const range = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(fc.array(range, { minLength: 1 }), fc.integer({ min: 1, max: 70 }), (ranges, row) => {
        const text = ranges.map(([from, more]) => (more === 0 ? `${from}` : `${from}-${from + more}`)).join();
        const expected = ranges.some(([from, more]) => row >= from && row <= from + more);
        expect(parseSelection(text)(row)).toBe(expected);
      }),
    );
  });

  it('can leave out any rows of a file', () => {
    const rows = 70;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: rows }), { minLength: 1 }), (excluded) => {
        const text = selectionWithout(excluded, rows) ?? '';
        const selected = text === '' ? () => false : parseSelection(text);
        for (let row = 1; row <= rows; row += 1) expect(selected(row)).toBe(!excluded.includes(row));
      }),
    );
    expect(selectionWithout([], rows)).toBeUndefined();
    expect(selectionWithout([5, 5, 1], rows)).toBe('2-4,6-70');
  });
});
