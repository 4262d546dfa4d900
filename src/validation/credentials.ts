import type { Credentials, PasswordCredential } from '../okta/types.js';
import type { ValueProblem } from '../rows/problem.js';
import { plural, quoted } from '../text.js';
import { unsupportedCharacter } from './characters.js';
import { checkPasswordHash } from './password-hash.js';

/** A problem with the value at one path of the request body. */
export interface CredentialsProblem extends ValueProblem {
  readonly path: string;
}

/** The flags of a run that depend on the credentials of a row. */
export interface CredentialsFlags {
  readonly activate: boolean;
  readonly changePassword: boolean;
  /** Whether a password is made for the row when it is sent. */
  readonly isGenerated?: boolean | undefined;
}

const QUESTION = 'credentials.recovery_question.question';
const ANSWER = 'credentials.recovery_question.answer';
const PASSWORD = 'credentials.password.value';
const PROVIDER = 'credentials.provider.type';

/**
 * Finds everything in credentials that Okta rejects, except what the org's password policy decides: the policy is unknown here, and
 * applies to plain passwords only.
 *
 * @see Okta API reference, Users, "Create a user"
 */
export function checkCredentials(
  credentials: Credentials | undefined,
  flags: CredentialsFlags,
): readonly CredentialsProblem[] {
  return [
    ...checkPassword(credentials?.password),
    ...checkRecoveryQuestion(credentials?.recovery_question),
    ...checkProvider(credentials),
    ...checkChangePassword(credentials?.password, flags),
  ];
}

/** Okta's maximum; the minimum depends on the policy. */
const MAX_PASSWORD = 72;

function checkPassword(password: PasswordCredential | undefined): readonly CredentialsProblem[] {
  if (password === undefined) return [];
  const { value, hash, hook } = password;
  const problems: CredentialsProblem[] = [];
  const given = [value && 'a password', hash && 'a hash', hook && 'a hook'].filter(Boolean);
  if (given.length > 1) {
    const message = `The row has ${given.join(' and ')}, but Okta accepts only one of password, hash and hook.`;
    problems.push({ path: PASSWORD, code: 'password-combination', message });
  }
  if (value !== undefined && value.length > MAX_PASSWORD) {
    const message = `The password has ${value.length} characters, but must have at most ${MAX_PASSWORD}.`;
    problems.push({ path: PASSWORD, code: 'password-too-long', message });
  }
  if (value !== undefined) problems.push(...checkCharacters(PASSWORD, 'The password', value));
  if (hash !== undefined) {
    for (const { field, code, message } of checkPasswordHash(hash)) {
      problems.push({ path: `credentials.password.hash.${field}`, code, message });
    }
  }
  if (hook !== undefined && hook.type !== 'default') {
    const message = 'The password hook must be "default". Write that, or clear the cell.';
    problems.push({ path: 'credentials.password.hook.type', code: 'hook-type', message });
  }
  return problems;
}

/** Okta's maximum for the question and for the answer. */
const MAX_RECOVERY = 100;

function checkRecoveryQuestion(recovery: Credentials['recovery_question']): readonly CredentialsProblem[] {
  if (recovery === undefined) return [];
  const { question, answer } = recovery;
  if (question === undefined || answer === undefined) {
    const [given, missing] = question === undefined ? ['answer', 'question'] : ['question', 'answer'];
    const message = `The row has a recovery ${given} but no recovery ${missing}. Fill in both or neither.`;
    return [{ path: question === undefined ? QUESTION : ANSWER, code: 'recovery-incomplete', message }];
  }

  const problems: CredentialsProblem[] = [];
  const parts = [
    { path: QUESTION, what: 'The recovery question', text: question },
    { path: ANSWER, what: 'The recovery answer', text: answer },
  ];
  for (const { path, what, text } of parts) {
    problems.push(...checkCharacters(path, what, text));
    if (text.length <= MAX_RECOVERY) continue;
    const message = `${what} has ${plural(text.length, 'character')}, but must have at most ${MAX_RECOVERY}.`;
    problems.push({ path, code: 'recovery-too-long', message });
  }
  if (repeatsQuestion(question, answer)) {
    const message =
      'The recovery answer repeats the question or a part of it, which Okta rejects. Choose another answer.';
    problems.push({ path: ANSWER, code: 'recovery-answer-in-question', message });
  }
  return problems;
}

/** Shorter answers occur in many questions by chance. */
const MIN_MATCH_LENGTH = 4;

/**
 * Okta rejects an answer that contains "all or part of the question" without defining how large a part. These cases certainly count:
 * the answer contains the whole question, or the answer is nothing but a part of the question.
 */
function repeatsQuestion(question: string, answer: string): boolean {
  const [asked, answered] = [wordsOf(question), wordsOf(answer)];
  if (asked === ' ' || answered === ' ') return false;
  return answered.includes(asked) || (answered.trim().length >= MIN_MATCH_LENGTH && asked.includes(answered));
}

/** The words in lower case, separated and surrounded by single spaces, so that only whole words match. */
function wordsOf(text: string): string {
  return ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `.replace(/^ {2}$/, ' ');
}

/** Providers whose users sign in elsewhere; Okta documents no others for new users. */
const creatableProviders: ReadonlySet<string> = new Set(['FEDERATION', 'SOCIAL']);

function checkProvider(credentials: Credentials | undefined): readonly CredentialsProblem[] {
  const type = credentials?.provider?.type;
  if (type === undefined) return [];
  if (!creatableProviders.has(type)) {
    const message = `The provider must be FEDERATION or SOCIAL, not ${quoted(type)}. Write one of them, or clear the cell.`;
    return [{ path: PROVIDER, code: 'provider-type', message }];
  }
  if (credentials?.password === undefined && credentials?.recovery_question === undefined) return [];
  const message = `A user with the provider ${type} cannot have a password or a recovery question. Clear those, or clear the provider.`;
  return [{ path: PROVIDER, code: 'provider-with-credentials', message }];
}

function checkChangePassword(
  password: PasswordCredential | undefined,
  { activate, changePassword, isGenerated = false }: CredentialsFlags,
): readonly CredentialsProblem[] {
  if (!changePassword) return [];
  const problems: CredentialsProblem[] = [];
  if (password === undefined && !isGenerated) {
    const message = 'The row has no password, but --change-password requires one in every row.';
    problems.push({ path: PASSWORD, code: 'change-password-without-password', message });
  }
  if (!activate) {
    const message = '--change-password requires active users. Leave out --no-activate or --change-password.';
    problems.push({ path: PASSWORD, code: 'change-password-without-activation', message });
  }
  return problems;
}

/** Okta stores characters of at most three bytes in UTF-8. The message must not show the text, which is secret. */
function checkCharacters(path: string, what: string, text: string): readonly CredentialsProblem[] {
  if (unsupportedCharacter(text) === undefined) return [];
  const message = `${what} contains an emoji or another character above U+FFFF, which Okta cannot store. Remove it.`;
  return [{ path, code: 'unsupported-character', message }];
}
