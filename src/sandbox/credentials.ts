import {
  hasSupplementaryCharacter,
  jsonObject,
  optionalObject,
  optionalString,
  type JsonObject,
} from './json-body.js';
import type { GroupRecord } from './group-store.js';
import { hashProblems, passwordDigest, passwordProblems, type PasswordPolicy } from './passwords.js';
import { fieldProblem, type Problem } from './okta-error.js';

const MAX_RECOVERY_LENGTH = 100;
/** Shorter words of the question may occur in the answer: "is", "the", "my". */
const MIN_QUESTION_WORD_LENGTH = 4;

export type ProviderType = 'OKTA' | 'IMPORT' | 'FEDERATION' | 'SOCIAL' | 'ACTIVE_DIRECTORY' | 'LDAP';

/** What credentials are checked against. */
export interface CredentialRules {
  readonly login: string;
  /** The org's own policy. */
  readonly policy: PasswordPolicy | undefined;
  /** The policies of the user's groups, which Okta applies only after it has created the user. */
  readonly groupPolicies: readonly PasswordPolicy[];
}

/** The credentials of a request, without secrets: the org only needs to know that they exist. */
export interface ParsedCredentials {
  readonly password: 'value' | 'hash' | 'hook' | undefined;
  /** Of a plain password, for sign-ins. */
  readonly passwordDigest: string | undefined;
  readonly recoveryQuestion: string | undefined;
  readonly provider: ProviderType | undefined;
  readonly problems: readonly Problem[];
  /** Why Okta refuses to store them (`E0000014`) once the user exists. */
  readonly refusal: string | undefined;
}

export const NO_CREDENTIALS: ParsedCredentials = {
  password: undefined,
  passwordDigest: undefined,
  recoveryQuestion: undefined,
  provider: undefined,
  problems: [],
  refusal: undefined,
};

/** Parses and validates `credentials`. */
export function parseCredentials(body: unknown, rules: CredentialRules): ParsedCredentials {
  const { login, policy } = rules;
  const credentials = optionalObject(body);
  if (!credentials) return NO_CREDENTIALS;

  const passwordBody = optionalObject(credentials['password']);
  const recoveryBody = optionalObject(credentials['recovery_question']);
  const providerBody = optionalObject(credentials['provider']);
  const [password, problemsOfPassword] = parsePassword(passwordBody ?? {}, login, policy);
  const [provider, problemsOfProvider] = parseProvider(providerBody);

  const problems = [...problemsOfPassword, ...problemsOfProvider];
  if (recoveryBody) problems.push(...recoveryProblems(recoveryBody));
  const isExternal = isExternalProvider(provider);
  if (isExternal && password) {
    problems.push(fieldProblem('password', `Not supported for the provider ${provider}`));
  }
  if (isExternal && recoveryBody) {
    problems.push(fieldProblem('recovery_question', `Not supported for the provider ${provider}`));
  }
  return {
    password,
    passwordDigest:
      password === 'value' ? passwordDigest(optionalString(passwordBody?.['value']) ?? '') : undefined,
    recoveryQuestion: optionalString(recoveryBody?.['question']),
    provider,
    problems,
    refusal: refusalOf(passwordBody, recoveryBody, rules),
  };
}

/** The first rule of a group's policy, or of recovery answers, that the credentials break. */
function refusalOf(
  passwordBody: JsonObject | undefined,
  recoveryBody: JsonObject | undefined,
  { login, groupPolicies }: CredentialRules,
): string | undefined {
  const password = optionalString(passwordBody?.['value']);
  const question = optionalString(recoveryBody?.['question']) ?? '';
  const answer = optionalString(recoveryBody?.['answer']);
  for (const policy of groupPolicies) {
    const [problem] = password === undefined ? [] : passwordProblems(password, login, policy);
    if (problem) return problem.cause;
    const { minAnswerLength = 0 } = policy;
    if (answer !== undefined && answer.length < minAnswerLength) {
      return `The security answer must be at least ${minAnswerLength} characters long`;
    }
  }
  return answer !== undefined && answerRepeatsQuestion(question, answer)
    ? 'The security answer must not contain parts of the question'
    : undefined;
}

type Parsed<T> = readonly [value: T | undefined, problems: readonly Problem[]];

/** One of value, hash and hook. `{}` means no password. */
function parsePassword(
  body: JsonObject,
  login: string,
  policy?: PasswordPolicy,
): Parsed<'value' | 'hash' | 'hook'> {
  const kinds = (['value', 'hash', 'hook'] as const).filter(
    (kind) => body[kind] !== undefined && body[kind] !== null,
  );
  const [kind] = kinds;
  if (kind === undefined) return [undefined, []];
  if (kinds.length > 1) {
    return [kind, [fieldProblem('password', 'Only one of value, hash and hook can be specified')]];
  }

  switch (kind) {
    case 'value': {
      const value = optionalString(body['value']) ?? '';
      if (hasSupplementaryCharacter(value)) {
        return [kind, [fieldProblem('password', 'The field contains characters that are not supported')]];
      }
      return [kind, passwordProblems(value, login, policy)];
    }
    case 'hash':
      return [kind, hashProblems(jsonObject(body['hash']))];
    case 'hook':
      return jsonObject(body['hook'])['type'] === 'default'
        ? [kind, []]
        : [
            kind,
            [
              {
                subject: 'credentials.password.hook',
                cause: 'credentials.password.hook.type: must be default',
              },
            ],
          ];
    default:
      return kind satisfies never;
  }
}

/** Only FEDERATION and SOCIAL can be set; OKTA is the default. */
function parseProvider(body: JsonObject | undefined): Parsed<ProviderType> {
  if (!body) return [undefined, []];
  const type = optionalString(body['type']);
  const name = optionalString(body['name']) ?? type;
  if (type !== 'OKTA' && type !== 'FEDERATION' && type !== 'SOCIAL') {
    return [undefined, [fieldProblem('provider', 'The provider type cannot be set through the API')]];
  }
  return name === type ? [type, []] : [type, [fieldProblem('provider', `The name must be ${type}`)]];
}

/** Problems of a recovery question and its answer that Okta finds before it creates the user. */
function recoveryProblems(body: JsonObject): Problem[] {
  const question = optionalString(body['question']) ?? '';
  const answer = optionalString(body['answer']) ?? '';
  const problems: Problem[] = [];
  for (const [field, text] of [
    ['question', question],
    ['answer', answer],
  ] as const) {
    const name = `recovery_question.${field}`;
    if (text.trim() === '') problems.push(fieldProblem(name, 'The field cannot be left blank'));
    if (text.length > MAX_RECOVERY_LENGTH) {
      problems.push(fieldProblem(name, `The field must be at most ${MAX_RECOVERY_LENGTH} characters long`));
    }
    if (hasSupplementaryCharacter(text)) {
      problems.push(fieldProblem(name, 'The field contains characters that are not supported'));
    }
  }
  return problems;
}

function answerRepeatsQuestion(question: string, answer: string): boolean {
  const words = question.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const given = answer.toLowerCase();
  return words.some((word) => word.length >= MIN_QUESTION_WORD_LENGTH && given.includes(word));
}

export function isExternalProvider(provider: ProviderType | undefined): boolean {
  return provider === 'FEDERATION' || provider === 'SOCIAL';
}

/** The policies of the groups that have one. */
export function passwordPoliciesOf(groups: readonly (GroupRecord | undefined)[]): PasswordPolicy[] {
  return groups.flatMap((group) => group?.passwordPolicy ?? []);
}
