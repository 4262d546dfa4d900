import { describe, expect, it } from 'vitest';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { mapped } from './build.js';

/** The phone of a row, or the code of its problem, by the mapping of the phone. */
function phone(source: string, cell: string, country = '') {
  const text = `profile:\n  login: Mail\n  mobilePhone: ${source}\nignore: [Country]\n`;
  const { request, problems } = mapped(
    { Mail: 'ada@example.com', Phone: cell, Country: country },
    { mappingFile: parseMappingFile(text, 'people.yaml') },
  );
  return problems[0] ?? request.profile['mobilePhone'];
}

describe.each([
  ['a column', '{ column: Phone, e164: de }'],
  ['a template', `'{{ row.Phone | e164: "DE" }}'`],
])('a phone number from %s becomes E.164', (_, source) => {
  it.each([
    ['030/90 18 20', '+4930901820'],
    ['(0170) 555-0101', '+491705550101'],
    ['+49 (0)30 901820', '+4930901820'],
    ['0049 30 901820', '+4930901820'],
    ['+1 212 555 0123', '+12125550123'],
    ['', undefined],
  ])('%j is %j', (cell, e164) => {
    expect(phone(source, cell)).toBe(e164);
  });

  it.each([
    ['12', 'mobilePhone must be a phone number, but "12" has the wrong length for DE.'],
    ['ask Grace', 'mobilePhone must be a phone number, but "ask Grace" is not one.'],
    ['+999 1234567', 'mobilePhone must be a phone number, but "+999 1234567" has an unknown country code.'],
    [
      '030 901820 ext. 5',
      'mobilePhone must be a phone number, but "030 901820 ext. 5" has the extension "5", which E.164 does not allow.',
    ],
  ])('and %j is a problem of the row', (cell, message) => {
    expect(phone(source, cell)).toEqual({ code: 'not-a-phone-number', column: 'Phone', message });
  });
});

describe('the e164 filter', () => {
  it('can take its country from the row', () => {
    const source = `'{{ row.Phone | e164: row.Country }}'`;
    expect(phone(source, '030 901820', 'DE')).toBe('+4930901820');
    expect(phone(source, '212 555 0123', 'us')).toBe('+12125550123');
    expect(phone(source, '+49 30 901820', 'Germany')).toBe('+4930901820');
    expect(phone(source, '030 901820', 'Germany')).toMatchObject({
      message: expect.stringContaining('has no country code (start it with +)'),
    });
  });

  it('rejects an unknown country before any row is read', () => {
    expect(() => phone(`'{{ row.Phone | e164: "XX" }}'`, '')).toThrow(
      `e164 takes a two-letter country code, such as "DE", not "XX".`,
    );
  });
});
