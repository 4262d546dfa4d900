import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromRowLine, toRowLine } from '../../../src/report/html/row-line.js';
import { anyText } from '../any-text.js';

describe('a row of the page', () => {
  it('is restored unchanged from one line without tags', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 11 }), (fields) => {
        const line = toRowLine(fields);
        expect(line).not.toMatch(/[\n\r\0<]/);
        expect(fromRowLine(line)).toEqual(fields);
      }),
    );
  });
});
