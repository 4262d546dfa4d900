import type { Credentials, PasswordHash } from '../okta/types.js';
import type { CredentialsFeed } from './mapping.js';
import { toPasswordHash, type HashField } from './password-hash.js';
import type { Problem } from '../rows/problem.js';
import { readOptional, readSecret, toProblem } from './read-cell.js';

/** The credentials that a row gives, undefined when it gives none. Whether they go together is for `schema/` to say. */
export function toCredentials(
  cells: readonly string[],
  feed: CredentialsFeed,
  problems: Problem[],
): Credentials | undefined {
  const password = readSecret(feed.password, cells, problems);
  const hash = feed.hash.length === 0 ? undefined : toHash(cells, feed.hash, problems);
  const hook = readOptional(feed.hook, cells, problems);
  const question = readOptional(feed.question, cells, problems);
  const answer = readSecret(feed.answer, cells, problems);
  // Users of Okta itself have no provider in a request; an export of ours says OKTA.
  const spelledType = readOptional(feed.providerType, cells, problems)?.toUpperCase();
  const providerType = spelledType === 'OKTA' ? undefined : spelledType;
  const providerName = readOptional(feed.providerName, cells, problems);

  const hasPassword = password !== undefined || hash !== undefined || hook !== undefined;
  // A question that the mapping file gives everyone asks nothing of a row without an answer.
  const hasRecovery = answer !== undefined || (question !== undefined && feed.question?.columns.length !== 0);
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
    // Okta's own examples name the provider as its type.
    ...(hasProvider && { provider: { type: providerType, name: providerName ?? providerType } }),
  };
}

/** A hash is there when one of its columns says something; constants of the mapping file alone do not make one. */
function toHash(
  cells: readonly string[],
  feeds: CredentialsFeed['hash'],
  problems: Problem[],
): PasswordHash | undefined {
  const texts: Partial<Record<HashField, string>> = {};
  let isGiven = false;
  for (const { field, reader } of feeds) {
    const isSecret = field === 'value' || field === 'salt';
    const text = (isSecret ? readSecret : readOptional)(reader, cells, problems)?.trim();
    if (text === undefined) continue;
    texts[field] = text;
    isGiven ||= reader.columns.length > 0;
  }
  if (!isGiven) return undefined;

  const { hash, complaints } = toPasswordHash(texts);
  for (const complaint of complaints) {
    const reader = feeds.find(({ field }) => field === complaint.field)?.reader;
    problems.push(toProblem(complaint, reader));
  }
  return hash;
}
