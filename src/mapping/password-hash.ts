import type { PasswordHash } from '../okta/types.js';
import type { ValueProblem } from '../rows/problem.js';

/** Okta's fields of a hash, in the order in which its documents give them. */
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

/** How files spell Okta's words: without `-`, `_` and spaces, in upper case. */
const algorithms: ReadonlyMap<string, string> = new Map([
  ['BCRYPT', 'BCRYPT'],
  ['SHA512', 'SHA-512'],
  ['SHA256', 'SHA-256'],
  ['SHA1', 'SHA-1'],
  ['MD5', 'MD5'],
  ['PBKDF2', 'PBKDF2'],
]);
const saltOrders: ReadonlyMap<string, string> = new Map([
  ['PREFIX', 'PREFIX'],
  ['POSTFIX', 'POSTFIX'],
  ['SUFFIX', 'POSTFIX'],
]);
const digestAlgorithms: ReadonlyMap<string, string> = new Map([
  ['SHA256HMAC', 'SHA256_HMAC'],
  ['HMACSHA256', 'SHA256_HMAC'],
  ['SHA256', 'SHA256_HMAC'],
  ['SHA512HMAC', 'SHA512_HMAC'],
  ['HMACSHA512', 'SHA512_HMAC'],
  ['SHA512', 'SHA512_HMAC'],
]);
const constantsByField: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  algorithm: algorithms,
  saltOrder: saltOrders,
  digestAlgorithm: digestAlgorithms,
};

/** Whether a field's text is one of Okta's words for it, in any usual spelling. */
export function isHashConstant(field: string, text: string): boolean {
  return constantsByField[field]?.has(wordKey(text)) ?? false;
}

/** Modular crypt format of bcrypt: `$2b$10$`, 22 characters of salt, 31 of hash. */
const modularCrypt = /^\$2[abxy]?\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/;

/** Bytes of a digest; that of PBKDF2 is what `keySize` says. */
const digestBytes: Readonly<Record<string, number>> = { 'SHA-512': 64, 'SHA-256': 32, 'SHA-1': 20, MD5: 16 };

/**
 * The hash in Okta's spelling, out of what the cells say. Nothing is judged here beyond what JSON needs (numbers).
 *
 * - A bcrypt value in modular crypt format is taken apart; its own salt and work factor win over other columns.
 * - A value that is as many hexadecimal digits as the digest has becomes Base64: Base64 of such a digest is never
 *   that long. A salt is left alone, since hexadecimal digits are Base64 too.
 * - Unpadded Base64 is padded; Okta's examples are.
 *
 * @see users.md, section 3.2
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
    // The text is not shown: a row shifted by one column has its salt here.
    const message = `${field} of the password hash is not a whole number: write digits only.`;
    problems.push({ field, code: 'not-an-integer', message });
    return undefined;
  };

  const crypt = modularCrypt.exec(texts.value ?? '');
  const algorithm = word('algorithm', texts.algorithm) ?? (crypt ? 'BCRYPT' : '');
  if (crypt && algorithm === 'BCRYPT') {
    const [, workFactor = '', salt = '', value = ''] = crypt;
    return { hash: { algorithm, workFactor: Number(workFactor), salt, value }, problems };
  }

  const [workFactor, iterationCount, keySize] = [
    integer('workFactor'),
    integer('iterationCount'),
    integer('keySize'),
  ];
  const saltOrder = word('saltOrder', texts.saltOrder);
  const digestAlgorithm = word('digestAlgorithm', texts.digestAlgorithm);
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

function word(field: HashField, text: string | undefined): string | undefined {
  return text === undefined ? undefined : (constantsByField[field]?.get(wordKey(text)) ?? text);
}

function wordKey(text: string): string {
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
