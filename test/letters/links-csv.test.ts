import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';

import type { Letter } from '../../src/letters/letter.js';
import { linksCsv } from '../../src/letters/links-csv.js';
import { Secret } from '../../src/secret.js';

const LETTER: Letter = {
  oktaId: '00u1',
  login: 'noor@example.com',
  firstName: 'Noor',
  lastName: 'Haddad',
  email: 'noor@example.com',
  language: undefined,
  link: undefined,
  password: undefined,
  expiresAtMs: undefined,
};

function written(letter: Partial<Letter>): Readonly<Record<string, string>> {
  const [row] = parse<Record<string, string>>(linksCsv.head + linksCsv.format({ ...LETTER, ...letter }), {
    bom: true,
    columns: true,
  });
  return row!;
}

it.each([
  '=Tmp12345',
  '+Tmp12345',
  '-Tmp12345',
  '@Tmp12345',
  "'Tmp12345",
  "'=Tmp12345",
  'a,b"c;d',
  ' Tmp 12345 ',
])('the password %j is written without an apostrophe, which would make it wrong', (password) => {
  const letter = { ...LETTER, password: new Secret(password) };

  expect(written(letter)['password']).toBe(password);
  expect(linksCsv.createReader()(linksCsv.format(letter))).toEqual({ oktaId: '00u1' });
});

it('names that a spreadsheet would take for formulas are written as text', () => {
  expect(
    written({
      firstName: '=HYPERLINK("https://example.org","Click")',
      lastName: '@SUM(A1)',
      login: '+noor@example.com',
    }),
  ).toMatchObject({
    firstName: `'=HYPERLINK("https://example.org","Click")`,
    lastName: "'@SUM(A1)",
    login: "'+noor@example.com",
  });
});
