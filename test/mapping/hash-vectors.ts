import type { PasswordHash } from '../../src/okta/types.js';

/** Hashes of the password `Correct-Horse-7`, salt bytes `pepper`. */
export const hashVectors: readonly PasswordHash[] = [
  {
    algorithm: 'SHA-512',
    salt: 'cGVwcGVy',
    saltOrder: 'PREFIX',
    value: '/8amFmnEdu2iC3VhMNBqgJp7LM/Cj7R4/L9QqF1UB2RJvL6bNFbD2AqjF0lrcPJE/rEvoHYzZRTnuYlA9Kdv9w==',
  },
  {
    algorithm: 'SHA-256',
    salt: 'cGVwcGVy',
    saltOrder: 'PREFIX',
    value: 'pejce7eN8zx6g92yxCeoPFIZ3YsLxDINqkTtL7Qf9lg=',
  },
  {
    algorithm: 'SHA-256',
    salt: 'cGVwcGVy',
    saltOrder: 'POSTFIX',
    value: 'WXsZSVJnxXKq6AYImtp/YBiD/5rlvT9NaDXyCpip9RM=',
  },
  { algorithm: 'SHA-256', value: 'FCRTjNDR/ryqIuPS5oLaDnWLia8av+d1lmzwalZ+FqY=' },
  { algorithm: 'SHA-1', salt: 'cGVwcGVy', saltOrder: 'PREFIX', value: 'A4oVi1tjTTpL4Db5NVTTOm+eJwU=' },
  { algorithm: 'MD5', salt: 'cGVwcGVy', saltOrder: 'PREFIX', value: '3bn8brfekS0UWg9znVNl2A==' },
  {
    algorithm: 'PBKDF2',
    salt: 'cGVwcGVy',
    iterationCount: 10000,
    keySize: 32,
    digestAlgorithm: 'SHA256_HMAC',
    value: 'FD/qgechGBgry51sMwZE15Ihef/vo1Vztrv+xos9HSQ=',
  },
  {
    algorithm: 'PBKDF2',
    salt: 'cGVwcGVy',
    iterationCount: 10000,
    keySize: 64,
    digestAlgorithm: 'SHA512_HMAC',
    value: 's2A7NgwLXkdnoWnSKp1wABohlFXxYpKRCUFHtIO+VRdjmgIIejfQn6IIKlzcEKP8PfNfzzz9ZjgNzJKf1YoVLQ==',
  },
  {
    algorithm: 'BCRYPT',
    workFactor: 10,
    salt: 'N9qo8uLOickgx2ZMRZoMye',
    value: 'gKzwLSFImn53JoPgteSHYpkmiwMtnL2',
  },
];
