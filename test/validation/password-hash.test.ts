import { describe, expect, it } from 'vitest';
import type { PasswordHash } from '../../src/okta/types.js';
import { checkPasswordHash } from '../../src/validation/password-hash.js';
import { hashVectors } from '../mapping/hash-vectors.js';

const bytes = (count: number): string => Buffer.alloc(count, 7).toString('base64');
const bcrypt: PasswordHash = {
  algorithm: 'BCRYPT',
  workFactor: 10,
  salt: 'x'.repeat(22),
  value: 'x'.repeat(31),
};
const sha256: PasswordHash = { algorithm: 'SHA-256', salt: bytes(6), saltOrder: 'PREFIX', value: bytes(32) };
const pbkdf2: PasswordHash = {
  algorithm: 'PBKDF2',
  salt: bytes(6),
  iterationCount: 4096,
  keySize: 32,
  digestAlgorithm: 'SHA256_HMAC',
  value: bytes(32),
};

function without(hash: PasswordHash, ...fields: readonly (keyof PasswordHash)[]): PasswordHash {
  const remaining = Object.entries(hash).filter(([field]) => !fields.some((gone) => gone === field));
  return { algorithm: hash.algorithm, ...Object.fromEntries(remaining) };
}

describe('an imported password hash', () => {
  it.each(hashVectors)("from Okta's documentation is accepted: $algorithm", (hash) => {
    expect(checkPasswordHash(hash)).toEqual([]);
  });

  it.each<[string, PasswordHash, string, string]>([
    ['an unsupported algorithm', { ...sha256, algorithm: 'ARGON2' }, 'algorithm', 'hash-algorithm'],
    ['no algorithm', { ...sha256, algorithm: '' }, 'algorithm', 'hash-field-missing'],
    ['BCRYPT without a salt', without(bcrypt, 'salt'), 'salt', 'hash-field-missing'],
    ['BCRYPT without a work factor', without(bcrypt, 'workFactor'), 'workFactor', 'hash-field-missing'],
    ['BCRYPT with a work factor of 0', { ...bcrypt, workFactor: 0 }, 'workFactor', 'hash-work-factor'],
    ['BCRYPT with a work factor of 21', { ...bcrypt, workFactor: 21 }, 'workFactor', 'hash-work-factor'],
    ['BCRYPT with a salt of 21 characters', { ...bcrypt, salt: 'x'.repeat(21) }, 'salt', 'hash-salt'],
    ['BCRYPT with a + in its salt', { ...bcrypt, salt: `+${'x'.repeat(21)}` }, 'salt', 'hash-salt'],
    ['BCRYPT with a hash of 32 characters', { ...bcrypt, value: 'x'.repeat(32) }, 'value', 'hash-value'],
    ['a digest of the wrong length', { ...sha256, value: bytes(31) }, 'value', 'hash-value'],
    ['a digest that is not Base64', { ...sha256, value: 'abc!' }, 'value', 'hash-value'],
    ['a missing digest', without(sha256, 'value'), 'value', 'hash-field-missing'],
    ['a salt without its order', without(sha256, 'saltOrder'), 'saltOrder', 'hash-field-missing'],
    ['an order without a salt', without(sha256, 'salt'), 'salt', 'hash-field-missing'],
    ['an unknown salt order', { ...sha256, saltOrder: 'BOTH' }, 'saltOrder', 'hash-salt-order'],
    ['a salt that is not Base64', { ...sha256, salt: 'pepper!!' }, 'salt', 'hash-salt'],
    ['PBKDF2 without a salt', without(pbkdf2, 'salt'), 'salt', 'hash-field-missing'],
    ['PBKDF2 without iterations', without(pbkdf2, 'iterationCount'), 'iterationCount', 'hash-field-missing'],
    [
      'PBKDF2 with 4095 iterations',
      { ...pbkdf2, iterationCount: 4095 },
      'iterationCount',
      'hash-iteration-count',
    ],
    ['PBKDF2 without a key size', without(pbkdf2, 'keySize'), 'keySize', 'hash-field-missing'],
    ['PBKDF2 with a key size in bits', { ...pbkdf2, keySize: 256 }, 'keySize', 'hash-key-size'],
    [
      'PBKDF2 with another digest',
      { ...pbkdf2, digestAlgorithm: 'MD5' },
      'digestAlgorithm',
      'hash-digest-algorithm',
    ],
    ['PBKDF2 without a digest', without(pbkdf2, 'digestAlgorithm'), 'digestAlgorithm', 'hash-field-missing'],
  ])('is rejected: %s', (_, hash, field, code) => {
    expect(checkPasswordHash(hash)).toMatchObject([{ field, code }]);
  });

  it('needs no salt if it is a plain digest', () => {
    expect(checkPasswordHash(without(sha256, 'salt', 'saltOrder'))).toEqual([]);
  });

  it('may have fields that its algorithm does not use, as in Okta', () => {
    expect(checkPasswordHash({ ...sha256, workFactor: 0 })).toEqual([]);
  });
});
