import { describe, expect, it } from 'vitest';
import { mapped } from './build.js';
import { hashVectors } from './hash-vectors.js';

function hashOf(texts: Readonly<Record<string, string>>): unknown {
  const columns = Object.entries(texts).map(([field, text]) => [`credentials.password.hash.${field}`, text]);
  return mapped({ login: 'ada@example.com', ...Object.fromEntries(columns) }).request.credentials?.password
    ?.hash;
}

describe('an imported password hash', () => {
  it.each(hashVectors)('of $algorithm is read from columns field by field', (hash) => {
    const texts = Object.fromEntries(Object.entries(hash).map(([field, value]) => [field, String(value)]));
    expect(hashOf(texts)).toEqual(hash);
  });

  it.each(['$2b$', '$2a$', '$2y$', '$2$'])('of bcrypt in modular crypt format (%s) is split', (prefix) => {
    const value = `${prefix}10$N9qo8uLOickgx2ZMRZoMyegKzwLSFImn53JoPgteSHYpkmiwMtnL2`;
    const parts = { algorithm: 'BCRYPT', workFactor: 10, salt: 'N9qo8uLOickgx2ZMRZoMye' };
    expect(hashOf({ value })).toEqual({ ...parts, value: 'gKzwLSFImn53JoPgteSHYpkmiwMtnL2' });
    expect(hashOf({ algorithm: 'bcrypt', value })).toEqual({
      ...parts,
      value: 'gKzwLSFImn53JoPgteSHYpkmiwMtnL2',
    });
  });

  it.each([
    ['SHA-256', 'sha256'],
    ['SHA-256', 'Sha_256'],
    ['SHA-512', 'SHA 512'],
    ['SHA-1', 'sha-1'],
    ['MD5', 'md-5'],
  ])('is of %s for %s in the file', (algorithm, spelling) => {
    expect(hashOf({ algorithm: spelling, value: 'AAAA' })).toMatchObject({ algorithm });
  });

  it.each([
    ['SHA-512', 64],
    ['SHA-256', 32],
    ['SHA-1', 20],
    ['MD5', 16],
  ])('of %s in hexadecimal becomes Base64', (algorithm, bytes) => {
    const digest = Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 37) % 256));
    const value = digest.toString('base64');
    expect(hashOf({ algorithm, value: digest.toString('hex') })).toEqual({ algorithm, value });
    expect(hashOf({ algorithm, value: digest.toString('hex').toUpperCase() })).toEqual({ algorithm, value });
  });

  it('in hexadecimal of another length is left as it is', () => {
    expect(hashOf({ algorithm: 'SHA-256', value: 'abcdef01' })).toEqual({
      algorithm: 'SHA-256',
      value: 'abcdef01',
    });
  });

  it('is padded', () => {
    const value = 'FCRTjNDR/ryqIuPS5oLaDnWLia8av+d1lmzwalZ+FqY';
    expect(hashOf({ algorithm: 'SHA-256', value })).toEqual({ algorithm: 'SHA-256', value: `${value}=` });
  });

  it.each([
    ['saltOrder', 'suffix', 'POSTFIX'],
    ['saltOrder', 'prefix', 'PREFIX'],
    ['digestAlgorithm', 'HMAC-SHA256', 'SHA256_HMAC'],
    ['digestAlgorithm', 'sha512', 'SHA512_HMAC'],
  ])('has Okta’s constant for %s %s', (field, spelling, word) => {
    expect(hashOf({ algorithm: 'PBKDF2', value: 'AAAA', [field]: spelling })).toMatchObject({
      [field]: word,
    });
  });

  it('has a problem for text instead of a number', () => {
    const cells = { login: 'ada@example.com', 'credentials.password.hash.workFactor': 'ten' };
    expect(mapped(cells).problems).toMatchObject([
      { code: 'not-an-integer', message: expect.not.stringContaining('ten') },
    ]);
  });
});
