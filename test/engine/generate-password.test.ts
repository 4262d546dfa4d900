import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { generatePassword, passwordLength } from '../../src/engine/generate-password.js';
import { DEFAULT_PASSWORD_RULES } from '../../src/org/password-policies.js';
import { passwordProblems } from '../../src/sandbox/passwords.js';

const STRICT = { minLength: 12, needsSymbol: true };

it('a password has the length, all four kinds of characters and none that look alike', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 12, max: 72 }),
      fc.emailAddress(),
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      (length, login, firstName, lastName) => {
        const password = generatePassword(length, { login, email: login, firstName, lastName }).reveal();

        expect(password).toHaveLength(length);
        expect(passwordProblems(password, login, STRICT)).toEqual([]);
        expect(password).toMatch(/^[a-zA-Z]/);
        expect(password).not.toMatch(/[0O1lIio]/);
        expect(password).not.toMatch(/["'`<>&,;|\s\\]/);
      },
    ),
  );
});

it('a password has no part of the login or the names', () => {
  // Nearly half of all passwords have one of these by chance.
  const profile = { login: 'ab.cde@fg.example.com', firstName: 'Xy', lastName: 'De Ha' };
  for (let index = 0; index < 500; index += 1) {
    const password = generatePassword(72, profile).reveal().toLowerCase();
    for (const part of ['cde', 'example', 'xy', 'de', 'ha']) expect(password).not.toContain(part);
  }
});

it('a password does not contain the letter of a one-letter name', () => {
  for (let index = 0; index < 200; index += 1) {
    const password = generatePassword(72, { login: '', firstName: 'Ravi', lastName: 'K' }).reveal();
    expect(password.toLowerCase()).not.toContain('k');
  }
});

it('a password has no part of an attribute that a policy excludes', () => {
  const rules = { ...DEFAULT_PASSWORD_RULES, excludedAttributes: ['nickName', 'costCenter'] };
  for (let index = 0; index < 200; index += 1) {
    const profile = { login: '', nickName: 'De Ha', costCenter: 'X2', employeeNumber: 'ab' };
    const password = generatePassword(72, profile, rules).reveal().toLowerCase();
    for (const part of ['de', 'ha', 'x2']) expect(password).not.toContain(part);
  }
});

it.each([
  [12, {}, 12],
  [12, { minLength: 30 }, 30],
  [40, { minLength: 30 }, 40],
  [12, { minLength: 100 }, 72],
  [12, { minSymbol: 10 }, 13],
  [12, { minLowerCase: 15, minUpperCase: 15, minNumber: 15, minSymbol: 15 }, 60],
])('a password of %i characters and the rules %j has %i', (wanted, asked, length) => {
  const rules = { ...DEFAULT_PASSWORD_RULES, ...asked };
  expect(passwordLength(wanted, rules)).toBe(length);
  for (let index = 0; index < 50; index += 1) {
    const password = generatePassword(wanted, { login: 'ann@example.com' }, rules).reveal();
    const count = (kind: RegExp): number => password.match(kind)?.length ?? 0;
    expect(password).toHaveLength(length);
    expect(password).toMatch(/^[a-zA-Z]/);
    expect(count(/[a-z]/g)).toBeGreaterThanOrEqual(rules.minLowerCase);
    expect(count(/[A-Z]/g)).toBeGreaterThanOrEqual(rules.minUpperCase);
    expect(count(/\d/g)).toBeGreaterThanOrEqual(rules.minNumber);
    expect(count(/[^a-zA-Z\d]/g)).toBeGreaterThanOrEqual(rules.minSymbol);
  }
});

it('every character is equally likely', () => {
  const counts = new Map<string, number>();
  for (let index = 0; index < 2000; index += 1) {
    // The first is a letter.
    for (const character of generatePassword(16, { login: '' }).reveal().slice(1)) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  }
  expect(counts.size).toBe(61);
  const mean = (2000 * 15) / 61;
  for (const count of counts.values()) {
    expect(count).toBeGreaterThan(mean * 0.7);
    expect(count).toBeLessThan(mean * 1.5);
  }
});

it('is never printed by accident', () => {
  const password = generatePassword(16, { login: 'ann@example.com' });
  expect([String(password), JSON.stringify({ password })]).toEqual(['[secret]', '{"password":"[secret]"}']);
});
