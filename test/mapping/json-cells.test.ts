import { expect, it } from 'vitest';

import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { mapped } from './build.js';

const ada = { login: 'ada@example.com' };

it.each([
  ['" padded "', ' padded '],
  ['"#N/A"', '#N/A'],
  ['"+49 170 1"', '+49 170 1'],
  [String.raw`"\" padded \""`, '" padded "'],
  ['"two\\nlines "', 'two\nlines '],
])('the cell %s is the text in its quotes', (cell, text) => {
  expect(mapped({ ...ada, firstName: cell }).request.profile['firstName']).toBe(text);
});

it.each(['"Bob"', '"', '""', '"Bob" Smith', '" padded ', '["a"]', '"a" "b"'])(
  'the cell %s is read as it is, since a plain cell could not be written otherwise',
  (cell) => {
    expect(mapped({ ...ada, firstName: cell }).request.profile['firstName']).toBe(cell.trim());
  },
);

it.each([
  ['["a;b","c"]', ['a;b', 'c']],
  ['[" a "]', [' a ']],
  ['a;"b"', ['a', '"b"']],
  ['["a",1]', ['["a",1]']],
  ['[a;b]', ['[a', 'b]']],
])('the cell %s is a list', (cell, list) => {
  expect(mapped({ ...ada, skills: cell }).request.profile['skills']).toEqual(list);
});

it('a list of numbers can be in JSON, and an empty list is left out', () => {
  expect(mapped({ ...ada, levels: '[1,2]' }).request.profile['levels']).toEqual([1, 2]);
  expect(mapped({ ...ada, levels: '[]' }).request.profile).toEqual(ada);
});

it('a value in JSON is sent as it is, without corrections', () => {
  const profile = { ...ada, countryCode: '"de"', shirtSize: '"small"', locale: '"en_us"' };

  expect(mapped(profile).request.profile).toEqual({
    ...ada,
    countryCode: 'de',
    shirtSize: 'small',
    locale: 'en_us',
  });
});

it('a login in JSON is not normalized', () => {
  const { request, warnings } = mapped({ login: '"jose\\u0301@example.com"' });

  expect(request.profile['login']).toBe('jose\u0301@example.com');
  expect(warnings).toBeUndefined();
});

it('secrets are never read as JSON', () => {
  const { request } = mapped({ ...ada, password: '" Tr0ub4dor "' });

  expect(request.credentials?.password?.value).toBe('" Tr0ub4dor "');
});

it('a column with a format is not read as JSON', () => {
  const text = 'profile: { login: login, startDate: { column: Start, date: dd/MM/yyyy } }';
  const { problems } = mapped(
    { ...ada, Start: '" 01/02/2026"' },
    { mappingFile: parseMappingFile(text, 'people.yaml') },
  );

  expect(problems).toMatchObject([{ code: 'not-a-date' }]);
});
