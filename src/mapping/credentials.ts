import type { Credentials, PasswordHash } from '../okta/types.js';
import type { CredentialsReaders } from './mapping.js';
import { toPasswordHash, type HashField } from './password-hash.js';
import type { Problem } from '../rows/problem.js';
import { readOptional, readSecret, toProblem } from './read-cell.js';

/** The credentials of a row, undefined for none. `validation/` checks whether they go together. */
export function toCredentials(
  cells: readonly string[],
  readers: CredentialsReaders,
  problems: Problem[],
): Credentials | undefined {
  const password = readSecret(readers.password, cells, problems);
  const hash = readers.hash.length === 0 ? undefined : toHash(cells, readers.hash, problems);
  const hook = readOptional(readers.hook, cells, problems);
  const question = readOptional(readers.question, cells, problems);
  const answer = readSecret(readers.answer, cells, problems);
  // The output of `list` has OKTA as the provider of Okta's own users, which a request must not have.
  const givenType = readOptional(readers.providerType, cells, problems)?.toUpperCase();
  const providerType = givenType === 'OKTA' ? undefined : givenType;
  const providerName = readOptional(readers.providerName, cells, problems);

  const hasPassword = password !== undefined || hash !== undefined || hook !== undefined;
  // A constant question does not count in a row without an answer.
  const hasRecovery =
    answer !== undefined || (question !== undefined && readers.question?.columns.length !== 0);
  const hasProvider = providerType !== undefined;
  if (!hasPassword && !hasRecovery && !hasProvider) return undefined;
  return {
    ...(hasPassword && {
      password: {
        ...(password !== undefined && { value: password }),
        ...(hash !== undefined && { hash }),
        ...(hook !== undefined && { hook: { type: hook } }),
      },
    }),
    ...(hasRecovery && {
      recovery_question: {
        ...(question !== undefined && { question }),
        ...(answer !== undefined && { answer }),
      },
    }),
    // In Okta's examples the provider's name is its type.
    ...(hasProvider && { provider: { type: providerType, name: providerName ?? providerType } }),
  };
}

/** A row has a hash if one of its columns is not empty; constants of the mapping file alone are not a hash. */
function toHash(
  cells: readonly string[],
  hashReaders: CredentialsReaders['hash'],
  problems: Problem[],
): PasswordHash | undefined {
  const texts: Partial<Record<HashField, string>> = {};
  let isGiven = false;
  for (const { field, reader } of hashReaders) {
    const isSecret = field === 'value' || field === 'salt';
    const text = (isSecret ? readSecret : readOptional)(reader, cells, problems)?.trim();
    if (text === undefined) continue;
    texts[field] = text;
    isGiven ||= reader.columns.length > 0;
  }
  if (!isGiven) return undefined;

  const { hash, problems: hashProblems } = toPasswordHash(texts);
  for (const problem of hashProblems) {
    const reader = hashReaders.find(({ field }) => field === problem.field)?.reader;
    problems.push(toProblem(problem, reader));
  }
  return hash;
}
