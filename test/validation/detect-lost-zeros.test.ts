import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LostZeroDetector } from '../../src/validation/detect-lost-zeros.js';
import { ada, orgSchema, warningsOf } from './build.js';

/** The lines, from 2, with a warning in a column with these cells. */
function linesOf(...cells: readonly string[]): readonly number[] {
  const zeros = new LostZeroDetector();
  return cells.flatMap((cell, index) =>
    zeros.check('x', 'x', cell, { line: index + 2 }) === undefined ? [] : [index + 2],
  );
}

describe('a number that has lost leading zeros', () => {
  it.each([
    ['after a number that still has one', ['000103', '102', '000104', '7'], [3, 5]],
    ['once, at the first number that still has one', ['102', '7', '000103', '000104'], [4]],
    ['not if all have the same number of digits', ['000103', '123456', '000104'], []],
    ['not if no number starts with a zero', ['102', '7', '10003'], []],
    ['not if some numbers are longer', ['1234567', '000103', '102'], []],
    ['not if numbers of several lengths start with zeros', ['007', '0103', '12'], []],
    ['not for a value that is not a number', ['000103', 'A-102', '', '0'], [5]],
  ])('is reported %s', (_, cells, lines) => {
    expect(linesOf(...cells)).toEqual(lines);
  });

  it('has a message with the line of the other number', () => {
    const zeros = new LostZeroDetector();
    zeros.check('x', 'employeeNumber', '000103', { line: 2 });
    expect(zeros.check('x', 'employeeNumber', '102', { line: 9 })).toMatch(
      /^employeeNumber "102" has fewer digits than "000103" on line 2, which starts with a zero\. /,
    );
    const late = new LostZeroDetector();
    late.check('x', 'zipCode', '1067', { line: 2 });
    late.check('x', 'zipCode', '1069', { line: 3 });
    expect(late.check('x', 'zipCode', '01097', { line: 4 })).toMatch(
      /^zipCode "01097" starts with a zero, but 2 earlier values, from line 2, have fewer digits\. /,
    );
  });

  it('is not reported if all numbers have the same width', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(999_999)), (numbers) => {
        expect(linesOf(...numbers.map((number) => String(number).padStart(6, '0')))).toEqual([]);
      }),
    );
  });
});

function person(index: number, cells: Readonly<Record<string, string>>) {
  const others = { countryCode: 'DE', zipCode: '', badge: '', note: '' };
  const login = `a${index}@example.com`;
  return { ...ada, ...others, login, email: login, ...cells };
}

it('lost zeros are detected in identifiers, postal codes by country, and unique custom attributes', () => {
  const schema = orgSchema({
    badge: { type: 'string', unique: 'UNIQUE_VALIDATED' },
    note: { type: 'string' },
  });
  const warnings = warningsOf(
    [
      person(1, { zipCode: '01067', badge: '0001', note: '0001' }),
      person(2, { zipCode: '1010', countryCode: 'AT' }),
      person(3, { zipCode: '1067' }),
      person(4, { badge: '2', note: '2' }),
    ],
    { schema },
  );
  expect(warnings.map((row) => row.map(({ code, column }) => [code, column]))).toEqual([
    [],
    [],
    [['leading-zero-lost', 'zipCode']],
    [['leading-zero-lost', 'badge']],
  ]);
});
