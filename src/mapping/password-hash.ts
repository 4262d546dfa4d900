import type { PasswordHash } from '../okta/types.js';
import type { ValueProblem } from '../rows/problem.js';

/** The fields of a hash, in the order of Okta's documentation. */
export const hashFields: readonly HashField[] = [
  'algorithm',
  'value',
  'salt',
  'saltOrder',
  'workFactor',
  'iterationCount',
  'keySize',
  'digestAlgorithm',
];
export type HashField = keyof PasswordHash;

/** Okta's constants by how files spell them: in upper case, without `-`, `_` and spaces. */
const constantsByField: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  algorithm: bySpelling(['BCRYPT', 'SHA-512', 'SHA-256', 'SHA-1', 'MD5', 'PBKDF2']),
  saltOrder: bySpelling(['PREFIX', 'POSTFIX'], { SUFFIX: 'POSTFIX' }),
  digestAlgorithm: bySpelling(['SHA256_HMAC', 'SHA512_HMAC'], {
    SHA256: 'SHA256_HMAC',
    SHA512: 'SHA512_HMAC',
    HMACSHA256: 'SHA256_HMAC',
    HMACSHA512: 'SHA512_HMAC',
  }),
};

function bySpelling(
  constants: readonly string[],
  others: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  return new Map([
    ...constants.map((constant) => [keyOf(constant), constant] as const),
    ...Object.entries(others),
  ]);
}

/** Whether a text is one of Okta's constants for a field, in any usual spelling. */
export function isHashConstant(field: string, text: string): boolean {
  return constantsByField[field]?.has(keyOf(text)) ?? false;
}

/** Modular crypt format of bcrypt: `$2b$10$`, 22 characters of salt, 31 of hash. */
const modularCrypt = /^\$2[abxy]?\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/;

/** Size of a digest; for PBKDF2 see `keySize`. */
const digestBytes: Readonly<Record<string, number>> = { 'SHA-512': 64, 'SHA-256': 32, 'SHA-1': 20, MD5: 16 };

/**
 * The hash as Okta spells it. Only numbers are checked here; `validation/` checks the rest.
 *
 * - A bcrypt value in modular crypt format is split; its salt and work factor take precedence over other columns.
 * - A value in hexadecimal becomes Base64, if it has the length of the digest: Base64 of a digest is never that long. A salt is
 *   not converted, since hexadecimal digits are valid Base64.
 * - Base64 without padding is padded, as in Okta's examples.
 *
 * @see Okta API reference, Users, "Create a user", imported hashed password
 */
export function toPasswordHash(texts: Readonly<Partial<Record<HashField, string>>>): {
  hash: PasswordHash;
  problems: readonly (ValueProblem & { readonly field: HashField })[];
} {
  const problems: (ValueProblem & { field: HashField })[] = [];
  const integer = (field: HashField): number | undefined => {
    const text = texts[field];
    if (text === undefined) return undefined;
    if (/^\d{1,9}$/.test(text)) return Number(text);
    // The text is not shown: in a row that is shifted by one column it is the salt.
    const message = `The ${field} of the password hash must be a whole number.`;
    problems.push({ field, code: 'not-an-integer', message });
    return undefined;
  };

  const crypt = modularCrypt.exec(texts.value ?? '');
  const algorithm = toConstant('algorithm', texts.algorithm) ?? (crypt ? 'BCRYPT' : '');
  if (crypt && algorithm === 'BCRYPT') {
    const [, workFactor = '', salt = '', value = ''] = crypt;
    return { hash: { algorithm, workFactor: Number(workFactor), salt, value }, problems };
  }

  const [workFactor, iterationCount, keySize] = [
    integer('workFactor'),
    integer('iterationCount'),
    integer('keySize'),
  ];
  const saltOrder = toConstant('saltOrder', texts.saltOrder);
  const digestAlgorithm = toConstant('digestAlgorithm', texts.digestAlgorithm);
  const inBase64 = (text: string): string => (algorithm === 'BCRYPT' ? text : padded(text));
  const bytes = digestBytes[algorithm] ?? keySize;
  const hash: PasswordHash = {
    algorithm,
    ...(workFactor !== undefined && { workFactor }),
    ...(texts.salt !== undefined && { salt: inBase64(texts.salt) }),
    ...(saltOrder !== undefined && { saltOrder }),
    ...(iterationCount !== undefined && { iterationCount }),
    ...(keySize !== undefined && { keySize }),
    ...(digestAlgorithm !== undefined && { digestAlgorithm }),
    ...(texts.value !== undefined && { value: inBase64(hexToBase64(texts.value, bytes)) }),
  };
  return { hash, problems };
}

function toConstant(field: HashField, text: string | undefined): string | undefined {
  return text === undefined ? undefined : (constantsByField[field]?.get(keyOf(text)) ?? text);
}

function keyOf(text: string): string {
  return text.toUpperCase().replace(/[-_ ]/g, '');
}

function hexToBase64(value: string, bytes: number | undefined): string {
  const isHex =
    bytes !== undefined && bytes >= 16 && value.length === bytes * 2 && /^[0-9a-f]+$/i.test(value);
  return isHex ? Buffer.from(value, 'hex').toString('base64') : value;
}

function padded(base64: string): string {
  return base64 + '='.repeat((4 - (base64.length % 4)) % 4);
}
