import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { RowsInProgress } from '../../src/rows/rows-in-progress.js';

it('returns the value of every row once, however far apart the rows are, as a Map would', () => {
  // Few numbers, some of which are a multiple of the number of slots apart.
  const rowNumbers = fc
    .integer({ min: 1, max: 4 })
    .chain((low) => fc.integer({ min: 0, max: 3 }).map((high) => low + high * 8192));
  fc.assert(
    fc.property(fc.array(fc.tuple(rowNumbers, fc.boolean()), { maxLength: 200 }), (steps) => {
      const rows = new RowsInProgress<{ row: number }>();
      const map = new Map<number, { row: number }>();
      /** What both returned. */
      const taken: [{ row: number } | undefined, { row: number } | undefined][] = [];
      for (const [row, isTaken] of steps) {
        if (isTaken) {
          taken.push([rows.take(row), map.get(row)]);
          map.delete(row);
        } else {
          const value = { row };
          rows.set(row, value);
          map.set(row, value);
        }
        taken.push([rows.get(row), map.get(row)]);
        expect(rows.size).toBe(map.size);
      }
      expect(taken.filter(([value, expected]) => value !== expected)).toEqual([]);
      expect(new Set(rows.values())).toEqual(new Set(map.values()));
    }),
  );
});
