import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LostZeroDetector } from '../../src/validation/detect-lost-zeros.js';
import { ada, orgSchema, warningsOf } from './build.js';

/** On which lines, from 2, something is said of a column with these cells. */
function linesOf(...cells: readonly string[]): readonly number[] {
  const zeros = new LostZeroDetector();
  return cells.flatMap((cell, index) =>
    zeros.note('x', 'x', cell, index + 2) === undefined ? [] : [index + 2],
  );
}

describe('a number that has lost its leading zeros', () => {
  it.each([
    ['beside a neighbour that has them', ['000103', '102', '000104', '7'], [3, 5]],
    ['before the first neighbour that has them: said there, once', ['102', '7', '000103', '000104'], [4]],
    ['not where all have as many digits', ['000103', '123456', '000104'], []],
    ['not where none begins with a zero', ['102', '7', '10003'], []],
    ['not where longer ones show that the numbers are of any length', ['1234567', '000103', '102'], []],
    ['not where zeros stand before numbers of several lengths', ['007', '0103', '12'], []],
    ['not where a value is no number', ['000103', 'A-102', '', '0'], [5]],
  ])('is pointed out %s', (_, cells, lines) => {
    expect(linesOf(...cells)).toEqual(lines);
  });

  it('is told with the line of the neighbour', () => {
    const zeros = new LostZeroDetector();
    zeros.note('x', 'employeeNumber', '000103', 2);
    expect(zeros.note('x', 'employeeNumber', '102', 9)).toMatch(
      /^employeeNumber "102" has fewer digits than "000103" on line 2, which begins with a zero: /,
    );
    const late = new LostZeroDetector();
    late.note('x', 'zipCode', '1067', 2);
    late.note('x', 'zipCode', '1069', 3);
    expect(late.note('x', 'zipCode', '01097', 4)).toMatch(
      /^zipCode "01097" begins with a zero, and 2 before it, from line 2 on, have fewer digits: /,
    );
  });

  it('says nothing of numbers that all have the width of the padded ones', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(999_999)), (numbers) => {
        expect(linesOf(...numbers.map((number) => String(number).padStart(6, '0')))).toEqual([]);
      }),
    );
  });
});

function person(index: number, cells: Readonly<Record<string, string>>) {
  const others = { countryCode: 'DE', zipCode: '', badge: '', note: '' };
  return { ...ada, ...others, login: `a${index}@example.com`, ...cells };
}

it('is looked for in numbers of people, postal codes by country, and unique custom attributes', () => {
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
