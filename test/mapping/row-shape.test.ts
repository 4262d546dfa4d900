import { describe, expect, it } from 'vitest';
import { toUserRequest } from '../../src/mapping/user-request.js';
import { mappingOf, row } from './build.js';

it('a row that could not be decoded has only that problem, with its column', () => {
  const malformed = { message: 'Line 3 is not valid utf-8.', cell: 1 };
  const mapping = mappingOf(['login', 'firstName', 'grade']);
  const { problems, isReadable } = toUserRequest(
    row(['ada@example.com', 'A\ufffd', 'x'], { malformed }),
    mapping,
  );
  expect(problems).toEqual([
    { code: 'malformed-text', column: 'firstName', message: 'Line 3 is not valid utf-8.' },
  ]);
  expect(isReadable).toBe(false);
});

describe('a row that is empty or of the wrong length', () => {
  const mapping = mappingOf(['login', 'firstName', 'city', '_line']);

  it.each([
    ['empty cells', ['', ' ', '\u00a0', '7'], 'empty-row', 'The row is empty'],
    ['no cells', [], 'empty-row', 'The row is empty'],
    ['too few cells', ['ada@example.com'], 'row-too-short', '"firstName", "city", and "_line" are missing'],
    [
      'too many cells',
      ['ada@example.com', 'Ada', 'Paris', '7', 'x'],
      'row-too-long',
      '5 cells, but the header has 4 columns',
    ],
  ])('has one problem: %s', (_, cells, code, message) => {
    const { problems, isReadable } = toUserRequest(row(cells), mapping);
    expect(problems).toMatchObject([{ code, column: undefined, message: expect.stringContaining(message) }]);
    expect(isReadable).toBe(false);
  });

  it('does not speak of delimiters if the file is a workbook', () => {
    const cells = ['ada@example.com', 'Ada', 'Paris', '7', 'x'];
    const { problems } = toUserRequest(row(cells, { lineLabel: 'sheet row' }), mapping);
    expect(problems[0]?.message).toMatch(/Give the column of the last cell a name, or clear the cell\.$/);
  });

  it('still has a login for the report', () => {
    expect(toUserRequest(row(['ada@example.com']), mapping).login).toBe('ada@example.com');
  });

  it('is accepted if the cells beyond the header are empty', () => {
    expect(toUserRequest(row(['ada@example.com', 'Ada', '', '7', '', ' ']), mapping).problems).toEqual([]);
  });
});

it.each([
  [['ada@example.com', '[missing]', '2', ''], 'too short'],
  [['ada@example.com', 'Ada [surplus: x | y]', '2', ''], 'too long'],
])('a row of failed.csv with a marker of the report has a problem: %j', (cells, message) => {
  const mapping = mappingOf(['login', 'firstName', '_line', '_error']);
  expect(toUserRequest(row(cells), mapping).problems).toMatchObject([
    { code: 'row-unmended', column: 'firstName', message: expect.stringContaining(message) },
  ]);
});

describe('a row that repeats the header', () => {
  const mapping = mappingOf(['login', 'firstName', '_line']);

  it.each([
    ['as after a page break', ['login', 'firstName', '_line']],
    ['in another case, with spaces', ['Login ', ' FIRSTNAME', '_line']],
    ['in failed.csv', ['login', 'firstName', '7']],
  ])('has only this problem: %s', (_, cells) => {
    expect(toUserRequest(row(cells), mapping)).toMatchObject({
      problems: [{ code: 'header-repeated', message: 'The row repeats the header. Delete it.' }],
      isReadable: false,
    });
  });

  it('is another row if one cell differs', () => {
    expect(toUserRequest(row(['login', 'Ada', '_line']), mapping).problems).toEqual([]);
  });
});
