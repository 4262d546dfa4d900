import { describe, expect, it } from 'vitest';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { parseDateSerial } from '../../src/mapping/spreadsheet-damage.js';
import { mapped } from './build.js';

const ada = { login: 'ada@example.com' };

describe('a cell damaged by a spreadsheet', () => {
  it.each([
    ['mobilePhone', '8.88777E+09', 'excel-scientific'],
    ['employeeNumber', '1,02E+11', 'excel-scientific'],
    ['zipCode', '1E+05', 'excel-scientific'],
    ['groups', '2.5E+10', 'excel-scientific'],
    ['title', '#N/A', 'excel-error'],
    ['title', '#REF!', 'excel-error'],
    ['title', '#GETTING_DATA', 'excel-error'],
    ['title', '#BLOCKED!', 'excel-error'],
    ['title', '#ERROR!', 'excel-error'],
    // Excel in German, Spanish, Swedish, Russian and Hungarian, and LibreOffice.
    ['title', '#BEZUG!', 'excel-error'],
    ['title', '#NV', 'excel-error'],
    ['title', '#¿NOMBRE?', 'excel-error'],
    ['title', '#¡DIV/0!', 'excel-error'],
    ['title', '#VÄRDEFEL!', 'excel-error'],
    ['title', '#ССЫЛКА!', 'excel-error'],
    ['title', '#HIÁNYZIK', 'excel-error'],
    ['title', 'Err:502', 'excel-error'],
    ['hiredAt', '########', 'excel-error'],
    ['hiredAt', '45123', 'excel-date-serial'],
    ['hiredAt', '45123.5', 'excel-date-serial'],
  ])('%s %j is %s', (column, cell, code) => {
    const { problems, request } = mapped({ ...ada, [column]: cell });
    expect(problems).toMatchObject([{ code, column, message: expect.stringContaining(`"${cell}"`) }]);
    expect(request.profile).toEqual(ada);
  });

  it.each([
    ['costCenter', '1E05'],
    ['title', '#1'],
    ['title', '#Team'],
    ['title', '#IT'],
    ['title', 'Err: wrong'],
    ['title', 'Class E+10'],
    ['employeeNumber', '45123'],
    ['hiredAt', '2026-01-31'],
    ['score', '8.88777E+09'],
  ])('%s %j is fine', (column, cell) => {
    expect(mapped({ ...ada, [column]: cell }).problems).toEqual([]);
  });

  it('is reported with the date of a serial number, also for a column with a date format', () => {
    const text = 'profile:\n  login: Mail\n  startDate: { column: Start, date: dd/MM/yyyy }\n';
    const { problems } = mapped(
      { Mail: 'ada@example.com', Start: '45123' },
      { mappingFile: parseMappingFile(text, 'people.yaml') },
    );
    expect(problems).toMatchObject([
      { code: 'excel-date-serial', column: 'Start', message: expect.stringContaining('2023-07-16') },
    ]);
  });

  it('is not expected in a password', () => {
    expect(mapped({ ...ada, password: '1E+05' }).problems).toEqual([]);
  });
});

it.each([
  ['25569', '1970-01-01'],
  ['44197', '2021-01-01'],
  ['45123.99', '2023-07-16'],
  ['99999', undefined],
  ['1234', undefined],
])('serial number %s is %s', (serial, date) => {
  expect(parseDateSerial(serial)).toBe(date);
});
