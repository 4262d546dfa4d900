import type { JsonObject } from './json-body.js';
import type { Problem } from './okta-error.js';
import { fieldProblem } from './okta-error.js';

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
}

/** Problems of a plain password. The policy does not apply to hashes and hooks. */
export function passwordProblems(password: string, login: string, policy: PasswordPolicy = {}): Problem[] {
  const {
    minLength = 8,
    needsLowerCase = true,
    needsUpperCase = true,
    needsNumber = true,
    needsSymbol = false,
    excludesUsername = true,
  } = policy;

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

function bcryptProblems(hash: JsonObject): Problem[] {
  const problems: Problem[] = [];
  if (!isIntegerIn(hash['workFactor'], 1, 20)) {
    problems.push(hashProblem('workFactor', 'must be an integer from 1 to 20'));
  }
  if (!isText(hash['salt'], /^[./A-Za-z0-9]{22}$/)) {
    problems.push(hashProblem('salt', 'must be 22 radix-64 characters'));
  }
  if (!isText(hash['value'], /^[./A-Za-z0-9]{31}$/)) {
    problems.push(hashProblem('value', 'must be 31 radix-64 characters'));
  }
  return problems;
}

function digestProblems(hash: JsonObject, digestBytes: number): Problem[] {
  const problems: Problem[] = [];
  if (base64Bytes(hash['value']) !== digestBytes) {
    problems.push(hashProblem('value', `must be ${digestBytes} bytes in Base64`));
  }
  if (hash['salt'] === undefined || hash['salt'] === null) return problems;
  if (base64Bytes(hash['salt']) === undefined) problems.push(hashProblem('salt', 'must be Base64'));
  if (!isText(hash['saltOrder'], /^(?:PREFIX|POSTFIX)$/)) {
    problems.push(hashProblem('saltOrder', 'must be PREFIX or POSTFIX'));
  }
  return problems;
}

function pbkdf2Problems(hash: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const { keySize } = hash;
  if (!isIntegerIn(hash['iterationCount'], 4096, Number.MAX_SAFE_INTEGER)) {
    problems.push(hashProblem('iterationCount', 'must be an integer of at least 4096'));
  }
  if (!isText(hash['digestAlgorithm'], /^SHA(?:256|512)_HMAC$/)) {
    problems.push(hashProblem('digestAlgorithm', 'must be SHA256_HMAC or SHA512_HMAC'));
  }
  if (base64Bytes(hash['salt']) === undefined) problems.push(hashProblem('salt', 'must be Base64'));
  if (!isIntegerIn(keySize, 1, 1024)) {
    problems.push(hashProblem('keySize', 'must be the length of the key in bytes'));
  } else if (base64Bytes(hash['value']) !== keySize) {
    problems.push(hashProblem('value', 'must be keySize bytes in Base64'));
  }
  return problems;
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
