import { describe, expect, it } from 'vitest';
import { foldLogin } from '../../src/validation/login.js';
import { baseSchema } from '../../src/validation/user-schema.js';
import { ada, check, checkAll, codes, orgSchema } from './build.js';

function withPattern(pattern: string | null) {
  const login = baseSchema.attributes['login'];
  return login === undefined ? {} : { schema: orgSchema({}, { login: { ...login, pattern } }) };
}

describe('a login', () => {
  it.each([[null], [undefined]])('must be an email address if the org has no pattern (%s)', (pattern) => {
    const setup = pattern === undefined ? {} : withPattern(pattern);
    expect(codes(check({ login: 'ada.byron' }, setup))).toEqual(['login-not-an-email']);
    expect(check({ login: 'isáàc.bröck@example.com' }, setup)).toEqual([]);
  });

  it('must have 5 to 100 characters', () => {
    expect(codes(check({ login: 'a@bc' }))).toEqual(['too-short']);
    expect(codes(check({ login: `${'a'.repeat(89)}@example.com` }))).toEqual(['too-long']);
  });

  it('may be anything, even short, if the pattern is .+', () => {
    expect(check({ login: 'ada' }, withPattern('.+'))).toEqual([]);
  });

  it.each([
    ['[a-z0-9\\.]+', 'ada.1815'],
    ['[-a-z\\@\\.]+', 'ada-b@example.com'],
  ])('may contain the characters of the pattern %s: %s', (pattern, login) => {
    expect(check({ login }, withPattern(pattern))).toEqual([]);
  });

  it.each([
    ['[a-z0-9\\.]+', 'Ada.1815', '"A"'],
    ['[-a-z\\@\\.]+', 'ada_b@example.com', '"_"'],
  ])('must not contain other characters than those of the pattern %s: %s', (pattern, login, stray) => {
    expect(check({ login }, withPattern(pattern))).toMatchObject([
      { code: 'login-characters', message: expect.stringContaining(stray) },
    ]);
  });

  it('is left to Okta if the pattern has a form that Okta does not document', () => {
    expect(check({ login: 'ada.byron' }, withPattern('[a-z]+@(x|y)'))).toEqual([]);
  });
});

describe('a duplicate login', () => {
  it.each([
    ['identical', 'ada@example.com'],
    ['in another case', 'ADA@Example.com'],
    ['with accents', 'àdá@example.com'],
    ['with decomposed accents', 'a\u0301da@example.com'],
  ])('is a problem of the later row, with both lines: %s', (_, login) => {
    const [first, other, later] = checkAll([ada, { ...ada, login: 'bob@example.com' }, { ...ada, login }]);
    expect([first, other]).toEqual([[], []]);
    expect(later).toMatchObject([
      {
        code: 'login-repeated',
        column: 'login',
        message: expect.stringMatching(/^Line 4 has the same login as line 2/),
      },
    ]);
  });

  it('counts even if the first row has problems', () => {
    const [, later] = checkAll([{ ...ada, firstName: '' }, ada]);
    expect(codes(later ?? [])).toEqual(['login-repeated']);
  });
});

it('a duplicate value of a unique custom attribute is a problem if it is identical', () => {
  const schema = orgSchema({ badge: { type: 'string', unique: 'UNIQUE_VALIDATED' } });
  const people = ['7', '8', '', '', '7'].map((badge, index) => ({
    ...ada,
    login: `a${index}@example.com`,
    badge,
  }));
  expect(checkAll(people, { schema }).map(codes)).toEqual([[], [], [], [], ['value-repeated']]);
});

it.each([
  ['Isaac.Brock@Example.com', 'isaac.brock@example.com'],
  ['isáàc.bröck@example.com', 'isaac.brock@example.com'],
  ['Łukasz', 'łukasz'],
])('compares logins without case and diacritics: %s', (login, folded) => {
  expect(foldLogin(login)).toBe(folded);
});
