import { describe, expect, it } from 'vitest';
import { check, codes } from './build.js';

const hashColumns = {
  'credentials.password.hash.algorithm': 'MD5',
  'credentials.password.hash.value': '3bn8brfekS0UWg9znVNl2A==',
};
const recovery = { recoveryQuestion: 'First car?', recoveryAnswer: 'A green Mini' };

describe('credentials that Okta accepts', () => {
  it.each([
    ['none', {}],
    ['a password', { password: 'Tr0ub4dor' }],
    ['a short password, which depends on the policy', { password: 'a' }],
    ['a hash', hashColumns],
    ['the hook', { 'credentials.password.hook': 'default' }],
    ['a recovery question', recovery],
    ['a password and a recovery question', { password: 'Tr0ub4dor', ...recovery }],
    ['a provider', { 'credentials.provider.type': 'SOCIAL' }],
    ['Okta itself as the provider', { 'credentials.provider.type': 'OKTA', password: 'Tr0ub4dor' }],
  ])('%s', (_, cells) => {
    expect(check(cells)).toEqual([]);
  });
});

describe('credentials that Okta rejects', () => {
  it.each([
    ['password and hash', { password: 'Tr0ub4dor', ...hashColumns }, 'password-combination', 'password'],
    [
      'password and hook',
      { password: 'x', 'credentials.password.hook': 'default' },
      'password-combination',
      'password',
    ],
    ['a password of 73 characters', { password: 'x'.repeat(73) }, 'password-too-long', 'password'],
    ['an emoji in the password', { password: 'Tr0ub4dor😀' }, 'unsupported-character', 'password'],
    [
      'a hook with another name',
      { 'credentials.password.hook': 'mine' },
      'hook-type',
      'credentials.password.hook',
    ],
    [
      'a question without an answer',
      { ...recovery, recoveryAnswer: '' },
      'recovery-incomplete',
      'recoveryAnswer',
    ],
    [
      'an answer without a question',
      { ...recovery, recoveryQuestion: '' },
      'recovery-incomplete',
      'recoveryQuestion',
    ],
    [
      'an answer of 101 characters',
      { ...recovery, recoveryAnswer: 'x'.repeat(101) },
      'recovery-too-long',
      'recoveryAnswer',
    ],
    [
      'a provider that cannot be created',
      { 'credentials.provider.type': 'LDAP' },
      'provider-type',
      'credentials.provider.type',
    ],
    [
      'a provider and a password',
      { 'credentials.provider.type': 'FEDERATION', password: 'x' },
      'provider-with-credentials',
      'credentials.provider.type',
    ],
    [
      'a provider and a recovery question',
      { 'credentials.provider.type': 'SOCIAL', ...recovery },
      'provider-with-credentials',
      'credentials.provider.type',
    ],
  ])('%s', (_, cells, code, column) => {
    expect(check(cells)).toMatchObject([{ code, column }]);
  });

  it('are never shown in a message', () => {
    const cells = {
      password: `secret${'x'.repeat(70)}`,
      recoveryQuestion: 'secret?',
      recoveryAnswer: 'secret',
      'credentials.password.hash.algorithm': 'BCRYPT',
      'credentials.password.hash.value': 'secret',
      'credentials.password.hash.salt': 'secret',
    };
    const problems = check(cells);
    expect(codes(problems)).toEqual([
      'password-combination',
      'password-too-long',
      'hash-field-missing',
      'hash-value',
      'hash-salt',
      'recovery-answer-in-question',
    ]);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });
});

describe('a recovery answer', () => {
  it.each([
    ['First car?', 'first car'],
    ['First car?', 'My first car!'],
    ['What is your favorite food?', 'Food'],
    ['Mother’s maiden name', 'maiden-name'],
  ])(
    'to %j is rejected if it repeats the question or a part of it: %j',
    (recoveryQuestion, recoveryAnswer) => {
      expect(codes(check({ recoveryQuestion, recoveryAnswer }))).toEqual(['recovery-answer-in-question']);
    },
  );

  it.each([
    ['First car?', 'A green Mini'],
    ['Where were you born?', 'you'],
    ['Which car was your first?', 'Carlotta'],
    ['???', '!!!!'],
  ])('to %j is accepted otherwise: %j', (recoveryQuestion, recoveryAnswer) => {
    expect(check({ recoveryQuestion, recoveryAnswer })).toEqual([]);
  });
});

describe('--change-password', () => {
  it('requires a password of any kind in the row', () => {
    expect(codes(check({ password: '' }, { changePassword: true }))).toEqual([
      'change-password-without-password',
    ]);
    expect(check({ password: 'Tr0ub4dor' }, { changePassword: true })).toEqual([]);
    expect(check(hashColumns, { changePassword: true })).toEqual([]);
  });

  it('does not report a redacted password as missing', () => {
    expect(codes(check({ password: '[redacted]' }, { changePassword: true }))).toEqual(['secret-redacted']);
  });

  it('requires active users', () => {
    const setup = { changePassword: true, activate: false };
    expect(codes(check({ password: 'Tr0ub4dor' }, setup))).toEqual(['change-password-without-activation']);
  });
});
