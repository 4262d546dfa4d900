import {
  hasSupplementaryCharacter,
  jsonObject,
  optionalObject,
  optionalString,
  type JsonObject,
} from './json-body.js';
import { hashProblems, passwordProblems, type PasswordPolicy } from './passwords.js';
import { fieldProblem, type Problem } from './okta-error.js';

const MAX_RECOVERY_LENGTH = 100;
/** Shorter words of the question may occur in the answer: "is", "the", "my". */
const MIN_QUESTION_WORD_LENGTH = 4;

export type ProviderType = 'OKTA' | 'IMPORT' | 'FEDERATION' | 'SOCIAL';

/** The credentials of a request, without secrets: the org only needs to know that they exist. */
export interface ParsedCredentials {
  readonly password: 'value' | 'hash' | 'hook' | undefined;
  readonly recoveryQuestion: string | undefined;
  readonly provider: ProviderType | undefined;
  readonly problems: readonly Problem[];
}

/** Parses and validates `credentials`. */
export function parseCredentials(
  body: unknown,
  login: string,
  policy: PasswordPolicy | undefined,
): ParsedCredentials {
  const credentials = optionalObject(body);
  if (!credentials) {
    return { password: undefined, recoveryQuestion: undefined, provider: undefined, problems: [] };
  }

  const passwordBody = optionalObject(credentials['password']);
  const recoveryBody = optionalObject(credentials['recovery_question']);
  const providerBody = optionalObject(credentials['provider']);
  const [password, problemsOfPassword] = parsePassword(passwordBody ?? {}, login, policy);
  const [provider, problemsOfProvider] = parseProvider(providerBody);

  const problems = [...problemsOfPassword, ...problemsOfProvider];
  if (recoveryBody) problems.push(...recoveryProblems(recoveryBody));
  const isExternal = provider === 'FEDERATION' || provider === 'SOCIAL';
  if (isExternal && password) {
    problems.push(fieldProblem('password', `Not supported for the provider ${provider}`));
  }
  if (isExternal && recoveryBody) {
    problems.push(fieldProblem('recovery_question', `Not supported for the provider ${provider}`));
  }
  return { password, recoveryQuestion: optionalString(recoveryBody?.['question']), provider, problems };
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

/** Problems of a recovery question, including an answer that repeats parts of the question. */
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
  if (problems.length === 0 && answerRepeatsQuestion(question, answer)) {
    problems.push(
      fieldProblem('recovery_question.answer', 'The answer must not contain parts of the question'),
    );
  }
  return problems;
}

function answerRepeatsQuestion(question: string, answer: string): boolean {
  const words = question.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const given = answer.toLowerCase();
  return words.some((word) => word.length >= MIN_QUESTION_WORD_LENGTH && given.includes(word));
}
