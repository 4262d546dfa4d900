import type { Credentials, PasswordCredential } from '../okta/types.js';
import type { ValueProblem } from '../rows/problem.js';
import { unsupportedCharacter } from './check.js';
import { quoted } from '../text.js';
import { checkPasswordHash } from './password-hash.js';

/** A complaint about the value at one path of Okta's body. */
export interface CredentialsProblem extends ValueProblem {
  readonly path: string;
}

/** The flags of a run that a row's credentials must go with. */
export interface CredentialsFlags {
  readonly activate: boolean;
  readonly changePassword: boolean;
}

const QUESTION = 'credentials.recovery_question.question';
const ANSWER = 'credentials.recovery_question.answer';
const PASSWORD = 'credentials.password.value';
const PROVIDER = 'credentials.provider.type';

/**
 * Everything that Okta refuses about credentials. The org's password policy is not among it: nobody can know it here,
 * and only a plain password is held against it.
 *
 * @see users.md, sections 2.5, 2.6 and 3
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

/** Okta's upper bound; the lower one is the policy's. */
const MAX_PASSWORD = 72;

function checkPassword(password: PasswordCredential | undefined): readonly CredentialsProblem[] {
  if (password === undefined) return [];
  const { value, hash, hook } = password;
  const complaints: CredentialsProblem[] = [];
  const given = [value && 'a password', hash && 'a hash', hook && 'a hook'].filter(Boolean);
  if (given.length > 1) {
    complaints.push({
      path: PASSWORD,
      code: 'password-combination',
      message: `The row has ${given.join(' and ')}: Okta takes one of password, hash and hook.`,
    });
  }
  if (value !== undefined && value.length > MAX_PASSWORD) {
    complaints.push({
      path: PASSWORD,
      code: 'password-too-long',
      message: `The password has ${value.length} characters, Okta takes at most ${MAX_PASSWORD}.`,
    });
  }
  if (value !== undefined) complaints.push(...checkCharacters(PASSWORD, 'The password', value));
  if (hash !== undefined) {
    for (const { field, code, message } of checkPasswordHash(hash)) {
      complaints.push({ path: `credentials.password.hash.${field}`, code, message });
    }
  }
  if (hook !== undefined && hook.type !== 'default') {
    complaints.push({
      path: 'credentials.password.hook.type',
      code: 'hook-type',
      message: 'The only password hook is "default": write that, or leave it empty.',
    });
  }
  return complaints;
}

/** Okta's upper bound for question and answer alike. */
const MAX_RECOVERY = 100;

function checkRecoveryQuestion(recovery: Credentials['recovery_question']): readonly CredentialsProblem[] {
  if (recovery === undefined) return [];
  const { question, answer } = recovery;
  if (question === undefined || answer === undefined) {
    const [there, lacking] = question === undefined ? ['answer', 'question'] : ['question', 'answer'];
    return [
      {
        path: question === undefined ? QUESTION : ANSWER,
        code: 'recovery-incomplete',
        message: `The row has a recovery ${there} and no ${lacking}: give both or neither.`,
      },
    ];
  }

  const complaints: CredentialsProblem[] = [];
  const parts = [
    { path: QUESTION, what: 'The recovery question', text: question },
    { path: ANSWER, what: 'The recovery answer', text: answer },
  ];
  for (const { path, what, text } of parts) {
    complaints.push(...checkCharacters(path, what, text));
    if (text.length <= MAX_RECOVERY) continue;
    complaints.push({
      path,
      code: 'recovery-too-long',
      message: `${what} has ${text.length} characters, Okta takes at most ${MAX_RECOVERY}.`,
    });
  }
  if (repeatsQuestion(question, answer)) {
    complaints.push({
      path: ANSWER,
      code: 'recovery-answer-in-question',
      message:
        'The recovery answer is a part of its question, or repeats it: Okta refuses that. Choose another answer.',
    });
  }
  return complaints;
}

/** Shorter answers are in many questions by chance. */
const SIGNIFICANT = 4;

/**
 * Okta refuses an answer that contains "all or part of the question" without saying how large a part. Sure to be meant:
 * the whole question in the answer, or an answer that is nothing but a part of the question.
 */
function repeatsQuestion(question: string, answer: string): boolean {
  const [asked, answered] = [wordsOf(question), wordsOf(answer)];
  if (asked === ' ' || answered === ' ') return false;
  return answered.includes(asked) || (answered.trim().length >= SIGNIFICANT && asked.includes(answered));
}

/** The words in lower case between single spaces, one at either end so that only whole words are found. */
function wordsOf(text: string): string {
  return ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `.replace(/^ {2}$/, ' ');
}

/** Providers whose users sign in elsewhere; Okta documents no other as one that can be created. */
const creatableProviders: ReadonlySet<string> = new Set(['FEDERATION', 'SOCIAL']);

function checkProvider(credentials: Credentials | undefined): readonly CredentialsProblem[] {
  const type = credentials?.provider?.type;
  if (type === undefined) return [];
  if (!creatableProviders.has(type)) {
    return [
      {
        path: PROVIDER,
        code: 'provider-type',
        message: `Okta creates users of the providers FEDERATION and SOCIAL, not ${quoted(type)}: write one of them, or leave it empty.`,
      },
    ];
  }
  if (credentials?.password === undefined && credentials?.recovery_question === undefined) return [];
  return [
    {
      path: PROVIDER,
      code: 'provider-with-credentials',
      message: `A user of the provider ${type} signs in there: leave password and recovery question empty, or the provider.`,
    },
  ];
}

function checkChangePassword(
  password: PasswordCredential | undefined,
  { activate, changePassword }: CredentialsFlags,
): readonly CredentialsProblem[] {
  if (!changePassword) return [];
  const complaints: CredentialsProblem[] = [];
  if (password === undefined) {
    complaints.push({
      path: PASSWORD,
      code: 'change-password-without-password',
      message: 'With --change-password every row needs a password to be changed, and this one has none.',
    });
  }
  if (!activate) {
    complaints.push({
      path: PASSWORD,
      code: 'change-password-without-activation',
      message:
        '--change-password needs users that are activated: leave out --no-activate or --change-password.',
    });
  }
  return complaints;
}

/** Okta stores characters of at most three bytes in UTF-8 (users.md, section 1). The text is secret: none of it is shown. */
function checkCharacters(path: string, what: string, text: string): readonly CredentialsProblem[] {
  if (unsupportedCharacter(text) === undefined) return [];
  return [
    {
      path,
      code: 'unsupported-character',
      message: `${what} has an emoji or another character above U+FFFF in it, which Okta cannot store: take it out.`,
    },
  ];
}
