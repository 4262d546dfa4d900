import type { PasswordHash } from '../okta/types.js';
import type { ValueProblem, ProblemCode } from '../rows/problem.js';

/** A complaint about one field of the hash. */
export type HashProblem = ValueProblem & { readonly field: keyof PasswordHash };

/**
 * Everything that Okta would refuse in an imported hash, or that would keep its owner from ever signing in. Messages
 * show none of its texts, whichever field they are of: a row shifted by one column has the salt where the order belongs.
 *
 * @see users.md, section 3.2
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
      return missing(hash, ['algorithm']);
    default:
      return [
        complaint(
          'algorithm',
          'hash-algorithm',
          'Okta imports no hashes of this algorithm: it takes BCRYPT, SHA-512, SHA-256, SHA-1, MD5 and PBKDF2.',
        ),
      ];
  }
}

/** A work factor doubles the work; Okta takes 1 to 20. */
const MAX_WORK_FACTOR = 20;

function checkBcrypt(hash: PasswordHash): readonly HashProblem[] {
  const { value, salt, workFactor } = hash;
  const complaints = [...missing(hash, ['value', 'salt', 'workFactor'])];
  if (value !== undefined && !/^[./A-Za-z0-9]{31}$/.test(value)) {
    const advice = 'or the whole of $2b$10$... in this one column';
    complaints.push(
      complaint(
        'value',
        'hash-value',
        `A BCRYPT hash is 31 of ./A-Za-z0-9, ${advice}; this one has ${value.length} characters.`,
      ),
    );
  }
  if (salt !== undefined && !/^[./A-Za-z0-9]{22}$/.test(salt)) {
    complaints.push(
      complaint(
        'salt',
        'hash-salt',
        `A BCRYPT salt is exactly 22 of ./A-Za-z0-9; this one has ${salt.length} characters.`,
      ),
    );
  }
  if (workFactor !== undefined && (workFactor < 1 || workFactor > MAX_WORK_FACTOR)) {
    complaints.push(
      complaint(
        'workFactor',
        'hash-work-factor',
        `workFactor is ${workFactor}; Okta takes 1 to ${MAX_WORK_FACTOR}.`,
      ),
    );
  }
  return complaints;
}

function checkDigest(hash: PasswordHash, bytes: number): readonly HashProblem[] {
  const { salt, saltOrder } = hash;
  const complaints = [...missing(hash, ['value']), ...checkValue(hash, bytes), ...checkSalt(salt)];
  if (salt !== undefined && saltOrder === undefined) {
    complaints.push(
      complaint(
        'saltOrder',
        'hash-field-missing',
        'A hash with a salt needs its saltOrder: PREFIX when the salt comes before the password, else POSTFIX.',
      ),
    );
  }
  if (saltOrder !== undefined && salt === undefined) {
    complaints.push(
      complaint(
        'salt',
        'hash-field-missing',
        'There is a saltOrder and no salt: give the salt, or leave the saltOrder out when the hash has none.',
      ),
    );
  }
  if (saltOrder !== undefined && saltOrder !== 'PREFIX' && saltOrder !== 'POSTFIX') {
    complaints.push(
      complaint(
        'saltOrder',
        'hash-salt-order',
        'saltOrder is PREFIX (the salt comes before the password) or POSTFIX.',
      ),
    );
  }
  return complaints;
}

/** Okta's lower bound for PBKDF2. */
const MIN_ITERATIONS = 4096;

function checkPbkdf2(hash: PasswordHash): readonly HashProblem[] {
  const { salt, iterationCount, keySize, digestAlgorithm } = hash;
  const complaints = [
    ...missing(hash, ['value', 'salt', 'iterationCount', 'keySize', 'digestAlgorithm']),
    ...checkSalt(salt),
  ];
  if (keySize === undefined) complaints.push(...checkValue(hash, undefined));
  else if (keySize < 1) {
    complaints.push(complaint('keySize', 'hash-key-size', `keySize is ${keySize} bytes.`));
  } else complaints.push(...checkValue(hash, keySize));
  if (iterationCount !== undefined && iterationCount < MIN_ITERATIONS) {
    complaints.push(
      complaint(
        'iterationCount',
        'hash-iteration-count',
        `iterationCount is ${iterationCount}; Okta takes no fewer than ${MIN_ITERATIONS}.`,
      ),
    );
  }
  if (digestAlgorithm !== undefined && !/^SHA(?:256|512)_HMAC$/.test(digestAlgorithm)) {
    complaints.push(
      complaint('digestAlgorithm', 'hash-digest-algorithm', 'digestAlgorithm is SHA256_HMAC or SHA512_HMAC.'),
    );
  }
  return complaints;
}

/** Base64 of a digest of so many bytes; undefined: of any number. */
function checkValue({ algorithm, value }: PasswordHash, bytes: number | undefined): readonly HashProblem[] {
  if (value === undefined) return [];
  const decoded = base64Bytes(value);
  if (decoded === undefined) {
    const message = `The ${algorithm} hash is not Base64 (letters, digits, + and /): write the raw bytes in Base64.`;
    return [complaint('value', 'hash-value', message)];
  }
  if (bytes === undefined || decoded === bytes) return [];
  // A key of another size may as well be a keySize in bits.
  const [field, code]: [keyof PasswordHash, ProblemCode] =
    algorithm === 'PBKDF2' ? ['keySize', 'hash-key-size'] : ['value', 'hash-value'];
  const what =
    algorithm === 'PBKDF2' ? `keySize is ${bytes} bytes` : `A ${algorithm} hash has ${bytes} bytes`;
  return [complaint(field, code, `${what}; the value of this row decodes to ${decoded}.`)];
}

function checkSalt(salt: string | undefined): readonly HashProblem[] {
  if (salt === undefined || base64Bytes(salt) !== undefined) return [];
  const message = 'The salt is not Base64 (letters, digits, + and /): write its raw bytes in Base64.';
  return [complaint('salt', 'hash-salt', message)];
}

/** How many bytes a text of Base64 (standard alphabet, padded) decodes to, or undefined when it is none. */
function base64Bytes(text: string): number | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return (text.length / 4) * 3 - padding;
}

function missing(hash: PasswordHash, fields: readonly (keyof PasswordHash)[]): readonly HashProblem[] {
  return fields
    .filter((field) => hash[field] === undefined || hash[field] === '')
    .map((field) =>
      complaint(
        field,
        'hash-field-missing',
        `${hash.algorithm === '' ? 'A password hash' : `A ${hash.algorithm} hash`} needs its ${field}, and this row has none.`,
      ),
    );
}

function complaint(field: keyof PasswordHash, code: ProblemCode, message: string): HashProblem {
  return { field, code, message };
}
