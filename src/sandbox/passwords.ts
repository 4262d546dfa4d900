import { createHash, randomBytes } from 'node:crypto';

import type { JsonObject } from './json-body.js';
import { fieldProblem, type Problem } from './okta-error.js';

const MAX_PASSWORD_LENGTH = 72;
/** Shorter parts of the login do not count as "parts of your username". */
const MIN_USERNAME_PART_LENGTH = 4;

/** Requirements for plain passwords. Defaults: Okta's Default Password Policy. */
export interface PasswordPolicy {
  readonly minLength?: number | undefined;
  readonly needsLowerCase?: boolean | undefined;
  readonly needsUpperCase?: boolean | undefined;
  readonly needsNumber?: boolean | undefined;
  readonly needsSymbol?: boolean | undefined;
  readonly excludesUsername?: boolean | undefined;
  /** Of recovery answers; only the policies of groups have an effect. Default 0. */
  readonly minAnswerLength?: number | undefined;
}

/** A policy with all its requirements. */
export function completePolicy({
  minLength = 8,
  needsLowerCase = true,
  needsUpperCase = true,
  needsNumber = true,
  needsSymbol = false,
  excludesUsername = true,
}: PasswordPolicy = {}) {
  return { minLength, needsLowerCase, needsUpperCase, needsNumber, needsSymbol, excludesUsername };
}

/** Problems of a plain password. The policy does not apply to hashes and hooks. */
export function passwordProblems(password: string, login: string, policy?: PasswordPolicy): Problem[] {
  const { minLength, needsLowerCase, needsUpperCase, needsNumber, needsSymbol, excludesUsername } =
    completePolicy(policy);

  const isMet =
    password.length >= minLength &&
    password.length <= MAX_PASSWORD_LENGTH &&
    (!needsLowerCase || /\p{Ll}/u.test(password)) &&
    (!needsUpperCase || /\p{Lu}/u.test(password)) &&
    (!needsNumber || /\d/.test(password)) &&
    (!needsSymbol || /[^\p{L}\p{N}]/u.test(password)) &&
    (!excludesUsername || !containsUsernamePart(password, login));
  if (isMet) return [];

  const requirements = [
    `at least ${minLength} characters`,
    ...(needsLowerCase ? ['a lowercase letter'] : []),
    ...(needsUpperCase ? ['an uppercase letter'] : []),
    ...(needsNumber ? ['a number'] : []),
    ...(needsSymbol ? ['a symbol'] : []),
    ...(excludesUsername ? ['no parts of your username'] : []),
  ];
  const sentence = `Password requirements were not met. Password requirements: ${requirements.join(', ')}.`;
  return [fieldProblem('password', sentence)];
}

/** Whether the password contains the login or one of its parts, top-level domain excluded: `brock` of `isaac.brock@example.com`, not `com`. */
function containsUsernamePart(password: string, login: string): boolean {
  const parts = login.replace(/\.[^.@]*$/, '').split(/[,._#@-]/);
  const lowered = password.toLowerCase();
  return [login, ...parts].some(
    (part) => part.length >= MIN_USERNAME_PART_LENGTH && lowered.includes(part.toLowerCase()),
  );
}

/** What the org keeps of a plain password. */
export function passwordDigest(password: string): string {
  return createHash('sha256').update(`sandbox ${password}`).digest('base64');
}

/** A password that the default policy accepts. */
export function temporaryPassword(): string {
  return `Tmp${randomBytes(6).toString('hex')}`;
}

const DIGEST_BYTES: Readonly<Record<string, number>> = { 'SHA-512': 64, 'SHA-256': 32, 'SHA-1': 20, MD5: 16 };

/** Problems of an imported password hash. Fields that an algorithm does not use are ignored. */
export function hashProblems(hash: JsonObject): Problem[] {
  const algorithm = hash['algorithm'];
  if (algorithm === 'BCRYPT') return bcryptProblems(hash);
  if (algorithm === 'PBKDF2') return pbkdf2Problems(hash);
  const digestBytes = typeof algorithm === 'string' ? DIGEST_BYTES[algorithm] : undefined;
  if (digestBytes !== undefined) return digestProblems(hash, digestBytes);
  return [hashProblem('algorithm', 'must be one of BCRYPT, SHA-512, SHA-256, SHA-1, MD5, PBKDF2')];
}

function bcryptProblems({ workFactor, salt, value }: JsonObject): Problem[] {
  return problemsOf([
    [isIntegerIn(workFactor, 1, 20), 'workFactor', 'must be an integer from 1 to 20'],
    [isText(salt, /^[./A-Za-z0-9]{22}$/), 'salt', 'must be 22 radix-64 characters'],
    [isText(value, /^[./A-Za-z0-9]{31}$/), 'value', 'must be 31 radix-64 characters'],
  ]);
}

function digestProblems({ value, salt, saltOrder }: JsonObject, digestBytes: number): Problem[] {
  const hasSalt = salt !== undefined && salt !== null;
  return problemsOf([
    [base64Bytes(value) === digestBytes, 'value', `must be ${digestBytes} bytes in Base64`],
    [!hasSalt || base64Bytes(salt) !== undefined, 'salt', 'must be Base64'],
    [!hasSalt || isText(saltOrder, /^(?:PREFIX|POSTFIX)$/), 'saltOrder', 'must be PREFIX or POSTFIX'],
  ]);
}

function pbkdf2Problems({ iterationCount, digestAlgorithm, salt, keySize, value }: JsonObject): Problem[] {
  const hasKeySize = isIntegerIn(keySize, 1, 1024);
  return problemsOf([
    [
      isIntegerIn(iterationCount, 4096, Number.MAX_SAFE_INTEGER),
      'iterationCount',
      'must be an integer of at least 4096',
    ],
    [
      isText(digestAlgorithm, /^SHA(?:256|512)_HMAC$/),
      'digestAlgorithm',
      'must be SHA256_HMAC or SHA512_HMAC',
    ],
    [base64Bytes(salt) !== undefined, 'salt', 'must be Base64'],
    [hasKeySize, 'keySize', 'must be the length of the key in bytes'],
    [!hasKeySize || base64Bytes(value) === keySize, 'value', 'must be keySize bytes in Base64'],
  ]);
}

function problemsOf(
  checks: readonly (readonly [isValid: boolean, field: string, rule: string])[],
): Problem[] {
  return checks.filter(([isValid]) => !isValid).map(([, field, rule]) => hashProblem(field, rule));
}

/** Decoded length of standard Base64, padded or not; `undefined` for anything else. */
function base64Bytes(value: unknown): number | undefined {
  if (!isText(value, /^[A-Za-z0-9+/]+={0,2}$/)) return undefined;
  const digits = value.replace(/=+$/, '');
  if (digits.length % 4 === 1 || (value !== digits && value.length % 4 !== 0)) return undefined;
  return Math.floor((digits.length * 3) / 4);
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

function isIntegerIn(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}

function hashProblem(field: string, message: string): Problem {
  return { subject: 'credentials.password.hash', cause: `credentials.password.hash.${field}: ${message}` };
}
