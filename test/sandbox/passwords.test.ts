import { describe, expect, it } from 'vitest';

import { oktaError, testOrg } from './org.js';

describe('a plain password', () => {
  it.each([
    ['sh0rT'],
    ['nouppercase1'],
    ['NOLOWERCASE1'],
    ['NoNumberHere'],
    ['brockR0cks!'],
    [`Aa1${'x'.repeat(70)}`],
  ])('%s does not meet the default policy', async (value) => {
    const { create } = await testOrg();
    expect(
      await create({ login: 'isaac.brock@example.com' }, { credentials: { password: { value } } }),
    ).toMatchObject({
      status: 400,
      body: oktaError('E0000001', 'Api validation failed: password', [
        'password: Password requirements were not met. Password requirements: at least 8 characters, a lowercase letter, an uppercase letter, a number, no parts of your username.',
      ]),
    });
  });

  it.each(['Tr0ub4dor', 'c0mcOmcom', 'isaR0cks!'])('%s meets the default policy', async (value) => {
    const { create } = await testOrg();
    const response = await create(
      { login: 'isaac.brock@example.com' },
      { credentials: { password: { value } } },
    );
    expect(response.status).toBe(200);
  });

  it("must meet the org's own policy", async () => {
    const { create } = await testOrg({
      orgOptions: { passwordPolicy: { minLength: 12, needsSymbol: true } },
    });
    expect((await create({}, { credentials: { password: { value: 'Tr0ub4dor' } } })).text).toContain(
      'at least 12 characters, a lowercase letter, an uppercase letter, a number, a symbol, no parts of your username.',
    );
  });
});

/** Hashes of known passwords, one for each algorithm. */
const VECTORS = [
  {
    algorithm: 'SHA-512',
    salt: 'cGVwcGVy',
    saltOrder: 'PREFIX',
    value: '/8amFmnEdu2iC3VhMNBqgJp7LM/Cj7R4/L9QqF1UB2RJvL6bNFbD2AqjF0lrcPJE/rEvoHYzZRTnuYlA9Kdv9w==',
  },
  {
    algorithm: 'SHA-256',
    salt: 'cGVwcGVy',
    saltOrder: 'POSTFIX',
    value: 'WXsZSVJnxXKq6AYImtp/YBiD/5rlvT9NaDXyCpip9RM=',
  },
  { algorithm: 'SHA-256', value: 'FCRTjNDR/ryqIuPS5oLaDnWLia8av+d1lmzwalZ+FqY=' },
  { algorithm: 'SHA-256', value: 'FCRTjNDR/ryqIuPS5oLaDnWLia8av+d1lmzwalZ+FqY' },
  { algorithm: 'SHA-1', salt: 'cGVwcGVy', saltOrder: 'PREFIX', value: 'A4oVi1tjTTpL4Db5NVTTOm+eJwU=' },
  {
    algorithm: 'MD5',
    salt: 'cGVwcGVy',
    saltOrder: 'PREFIX',
    value: '3bn8brfekS0UWg9znVNl2A==',
    workFactor: 0,
  },
  {
    algorithm: 'PBKDF2',
    salt: 'cGVwcGVy',
    iterationCount: 10_000,
    keySize: 32,
    digestAlgorithm: 'SHA256_HMAC',
    value: 'FD/qgechGBgry51sMwZE15Ihef/vo1Vztrv+xos9HSQ=',
  },
  {
    algorithm: 'BCRYPT',
    workFactor: 10,
    salt: 'N9qo8uLOickgx2ZMRZoMye',
    value: 'gKzwLSFImn53JoPgteSHYpkmiwMtnL2',
  },
];
const [SHA_512, , SHA_256, , , MD5, PBKDF2, BCRYPT] = VECTORS;

describe('an imported hash', () => {
  it.each(VECTORS)('$algorithm is accepted, whatever the password policy', async (hash) => {
    const { create } = await testOrg();
    const response = await create({}, { credentials: { password: { hash } } });
    expect(response).toMatchObject({
      status: 200,
      body: { status: 'ACTIVE', credentials: { password: {} } },
    });
  });

  it.each([
    ['an algorithm in lower case', { ...MD5, algorithm: 'md5' }],
    ['an algorithm without its hyphen', { ...SHA_256, algorithm: 'SHA256' }],
    ['an algorithm that Okta does not support', { ...MD5, algorithm: 'ARGON2' }],
    ['no algorithm', { value: 'x' }],
    ['a digest of another length', { ...SHA_256, algorithm: 'SHA-512' }],
    ['a hex digest', { algorithm: 'MD5', value: 'dbb9fc6eb7de912d145a0f739d5365d8' }],
    [
      'URL-safe Base64',
      {
        ...SHA_512,
        value: '_8amFmnEdu2iC3VhMNBqgJp7LM_Cj7R4_L9QqF1UB2RJvL6bNFbD2AqjF0lrcPJE_rEvoHYzZRTnuYlA9Kdv9w==',
      },
    ],
    ['a salt without its order', { ...MD5, saltOrder: undefined }],
    ['a salt order in lower case', { ...MD5, saltOrder: 'prefix' }],
    ['a salt that is not Base64', { ...MD5, salt: 'pepper!' }],
    ['bcrypt without a work factor', { ...BCRYPT, workFactor: undefined }],
    ['bcrypt with its work factor as text', { ...BCRYPT, workFactor: '10' }],
    ['bcrypt with too great a work factor', { ...BCRYPT, workFactor: 21 }],
    ['bcrypt with a short salt', { ...BCRYPT, salt: 'N9qo8uLOickgx2ZMRZoMy' }],
    [
      'bcrypt with the whole crypt string',
      { ...BCRYPT, value: '$2b$10$N9qo8uLOickgx2ZMRZoMyegKzwLSFImn53JoPgteSHYpkmiwMtnL2' },
    ],
    ['PBKDF2 with few iterations', { ...PBKDF2, iterationCount: 4095 }],
    ['PBKDF2 with another digest', { ...PBKDF2, digestAlgorithm: 'SHA1_HMAC' }],
    ['PBKDF2 with the key size in bits', { ...PBKDF2, keySize: 256 }],
    ['PBKDF2 without a salt', { ...PBKDF2, salt: undefined }],
  ])('is rejected for %s', async (_name, hash) => {
    const { create } = await testOrg();
    expect(await create({}, { credentials: { password: { hash } } })).toMatchObject({
      status: 400,
      body: { errorCode: 'E0000001', errorSummary: 'Api validation failed: credentials.password.hash' },
    });
  });
});
