import type { PasswordHash } from '../okta/types.js';
import type { ValueProblem, ProblemCode } from '../rows/problem.js';
import { plural } from '../text.js';

/** A problem with one field of the hash. */
export type HashProblem = ValueProblem & { readonly field: keyof PasswordHash };

/**
 * Finds everything in an imported hash that Okta would reject, or that would keep the user from ever signing in. Messages show no text of
 * any field: in a row shifted by one column, the salt is where the salt order belongs.
 *
 * @see Okta API reference, Users, "Create a user", imported hashed password
 */
export function checkPasswordHash(hash: PasswordHash): readonly HashProblem[] {
  switch (hash.algorithm) {
    case 'BCRYPT':
      return checkBcrypt(hash);
    case 'SHA-512':
      return checkDigest(hash, 64);
    case 'SHA-256':
      return checkDigest(hash, 32);
    case 'SHA-1':
      return checkDigest(hash, 20);
    case 'MD5':
      return checkDigest(hash, 16);
    case 'PBKDF2':
      return checkPbkdf2(hash);
    case '':
      return requireFields(hash, ['algorithm']);
    default:
      return [
        problem(
          'algorithm',
          'hash-algorithm',
          'Okta does not support this hash algorithm. Use BCRYPT, SHA-512, SHA-256, SHA-1, MD5 or PBKDF2.',
        ),
      ];
  }
}

/** Okta accepts 1 to 20; each step doubles the work. */
const MAX_WORK_FACTOR = 20;

function checkBcrypt(hash: PasswordHash): readonly HashProblem[] {
  const { value, salt, workFactor } = hash;
  const problems = requireFields(hash, ['value', 'salt', 'workFactor']);
  if (value !== undefined && !/^[./A-Za-z0-9]{31}$/.test(value)) {
    const message = `A BCRYPT hash must have 31 of the characters ./A-Za-z0-9, or be a whole $2b$10$... string; this one has ${plural(value.length, 'character')}.`;
    problems.push(problem('value', 'hash-value', message));
  }
  if (salt !== undefined && !/^[./A-Za-z0-9]{22}$/.test(salt)) {
    const message = `A BCRYPT salt must have 22 of the characters ./A-Za-z0-9; this one has ${plural(salt.length, 'character')}.`;
    problems.push(problem('salt', 'hash-salt', message));
  }
  if (workFactor !== undefined && (workFactor < 1 || workFactor > MAX_WORK_FACTOR)) {
    const message = `workFactor must be 1 to ${MAX_WORK_FACTOR}, not ${workFactor}.`;
    problems.push(problem('workFactor', 'hash-work-factor', message));
  }
  return problems;
}

function checkDigest(hash: PasswordHash, bytes: number): readonly HashProblem[] {
  const { salt, saltOrder } = hash;
  const problems = [...requireFields(hash, ['value']), ...checkValue(hash, bytes), ...checkSalt(salt)];
  if (salt !== undefined && saltOrder === undefined) {
    const message =
      'A hash with a salt needs a saltOrder. Write PREFIX if the salt comes before the password, or POSTFIX.';
    problems.push(problem('saltOrder', 'hash-field-missing', message));
  }
  if (saltOrder !== undefined && salt === undefined) {
    const message = 'The row has a saltOrder but no salt. Fill in the salt, or clear the saltOrder.';
    problems.push(problem('salt', 'hash-field-missing', message));
  }
  if (saltOrder !== undefined && saltOrder !== 'PREFIX' && saltOrder !== 'POSTFIX') {
    const message = 'saltOrder must be PREFIX (the salt comes before the password) or POSTFIX.';
    problems.push(problem('saltOrder', 'hash-salt-order', message));
  }
  return problems;
}

/** Okta's minimum for PBKDF2. */
const MIN_ITERATIONS = 4096;

function checkPbkdf2(hash: PasswordHash): readonly HashProblem[] {
  const { salt, iterationCount, keySize, digestAlgorithm } = hash;
  const problems = [
    ...requireFields(hash, ['value', 'salt', 'iterationCount', 'keySize', 'digestAlgorithm']),
    ...checkSalt(salt),
  ];
  if (keySize !== undefined && keySize < 1) {
    const message = `keySize must be the size of the hash in bytes, not ${keySize}.`;
    problems.push(problem('keySize', 'hash-key-size', message));
  } else problems.push(...checkValue(hash, keySize));
  if (iterationCount !== undefined && iterationCount < MIN_ITERATIONS) {
    const message = `iterationCount must be at least ${MIN_ITERATIONS}, not ${iterationCount}.`;
    problems.push(problem('iterationCount', 'hash-iteration-count', message));
  }
  if (digestAlgorithm !== undefined && !/^SHA(?:256|512)_HMAC$/.test(digestAlgorithm)) {
    const message = 'digestAlgorithm must be SHA256_HMAC or SHA512_HMAC.';
    problems.push(problem('digestAlgorithm', 'hash-digest-algorithm', message));
  }
  return problems;
}

/** Checks the Base64 of a hash with `bytes` bytes; undefined for any number. */
function checkValue({ algorithm, value }: PasswordHash, bytes: number | undefined): readonly HashProblem[] {
  if (value === undefined) return [];
  const decoded = base64Bytes(value);
  if (decoded === undefined) {
    const message = `The ${algorithm} hash is not Base64 (letters, digits, + and /). Encode its raw bytes in Base64.`;
    return [problem('value', 'hash-value', message)];
  }
  if (bytes === undefined || decoded === bytes) return [];
  // For PBKDF2 the keySize may be wrong, for instance because it is in bits.
  const [field, code]: [keyof PasswordHash, ProblemCode] =
    algorithm === 'PBKDF2' ? ['keySize', 'hash-key-size'] : ['value', 'hash-value'];
  const expected =
    algorithm === 'PBKDF2'
      ? `keySize is ${plural(bytes, 'byte')}`
      : `A ${algorithm} hash has ${plural(bytes, 'byte')}`;
  return [problem(field, code, `${expected}, but the hash of this row has ${decoded}.`)];
}

function checkSalt(salt: string | undefined): readonly HashProblem[] {
  if (salt === undefined || base64Bytes(salt) !== undefined) return [];
  const message = 'The salt is not Base64 (letters, digits, + and /). Encode its raw bytes in Base64.';
  return [problem('salt', 'hash-salt', message)];
}

/** How many bytes a Base64 text (standard alphabet, padded) decodes to; undefined if it is not Base64. */
function base64Bytes(text: string): number | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return (text.length / 4) * 3 - padding;
}

function requireFields(hash: PasswordHash, fields: readonly (keyof PasswordHash)[]): HashProblem[] {
  const algorithm = hash.algorithm === '' ? 'password' : hash.algorithm;
  return fields
    .filter((field) => hash[field] === undefined || hash[field] === '')
    .map((field) =>
      problem(field, 'hash-field-missing', `The ${algorithm} hash has no ${field}. Fill it in.`),
    );
}

function problem(field: keyof PasswordHash, code: ProblemCode, message: string): HashProblem {
  return { field, code, message };
}
