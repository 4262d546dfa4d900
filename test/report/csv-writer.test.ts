import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { unneutralised } from '../../src/mapping/user-request.js';
import { csvLine, neutralizeFormula } from '../../src/report/csv-writer.js';

describe('a formula', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "'=1", "'''@x"])(
    '%j is neutralized',
    (formula) => {
      expect(neutralizeFormula(formula)).toBe(`'${formula}`);
      expect(unneutralised(neutralizeFormula(formula))).toBe(formula);
    },
  );

  it('or any other text reads back unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a') }), (text) => {
        expect(unneutralised(neutralizeFormula(text))).toBe(text);
      }),
    );
  });

  it('in a message from the org is neutralized, too', () => {
    expect(csvLine(['=HYPERLINK("x")', 'a,b', ''])).toBe(`"'=HYPERLINK(""x"")","a,b",\r\n`);
  });
});

it.each(['a\rb', 'a\nb', 'a"b', ' a', 'a ', 'a\t'])('%j is quoted', (text) => {
  expect(csvLine([text, 'x'])).toBe(`"${text.replaceAll('"', '""')}",x\r\n`);
});
