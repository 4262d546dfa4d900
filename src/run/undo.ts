import type { OktaClient } from '../okta/client.js';
import { MAX_TRIES, pauseMs, reactionTo } from '../okta/retry.js';
import type { User } from '../okta/types.js';

import type { ApplyContext } from './apply.js';
import { explain } from './explain.js';
import type { PastRun } from './journal-reader.js';
import { JournalError } from './journal.js';
import { notAttempted, outcomeUnknown, type Outcome, type RemoveOperation } from './outcome.js';
import { profileDigest } from './profile-digest.js';

/** What became of a user that a run created, as the org has it now. */
export type Found =
  | { readonly kind: 'as-created'; readonly user: User }
  | { readonly kind: 'changed'; readonly user: User }
  | { readonly kind: 'gone' };

/** Compares a user with what the run left. */
export function compare(user: User | undefined, operation: Pick<RemoveOperation, 'profileDigest'>): Found {
  if (user === undefined) return { kind: 'gone' };
  const isAsCreated = profileDigest(user.profile) === operation.profileDigest;
  return { kind: isAsCreated ? 'as-created' : 'changed', user };
}

/** The users that a run created, newest first: exactly those that its journal calls `created`. */
export function* createdUsers(past: PastRun): Generator<RemoveOperation> {
  for (let row = past.description.file.records; row >= 1; row -= 1) {
    const outcome = past.outcomeOf(row);
    if (outcome?.status !== 'created') continue;
    const { line, login, oktaId, profileDigest: digest } = outcome;
    yield {
      kind: 'remove',
      row: { row, line, cells: [] },
      login: login ?? '',
      oktaId,
      profileDigest: digest,
    };
  }
}

/** Ids asked for at a time: the expression has to fit into a URL and into the Link header that repeats it (`E0000256`). */
const IDS_A_REQUEST = 50;

/**
 * Looks at many users for few requests: pairs each operation with what the org has now.
 *
 * What the search index does not know is read by id, since the index lags behind.
 */
export async function* lookUp(
  operations: Iterable<RemoveOperation>,
  client: OktaClient,
  signal: AbortSignal,
): AsyncGenerator<{ readonly operation: RemoveOperation; readonly found: Found }> {
  for (const batch of batches(operations, IDS_A_REQUEST)) {
    const search = batch.map(({ oktaId }) => `id eq "${oktaId}"`).join(' or ');
    const users = new Map<string, User>();
    for await (const user of client.listUsers({ search, pageSize: 200 }, { signal })) {
      users.set(user.id, user);
    }
    for (const operation of batch) {
      const listed = compare(users.get(operation.oktaId), operation);
      const found =
        listed.kind === 'as-created'
          ? listed
          : compare(await client.getUser(operation.oktaId, { signal }), operation);
      yield { operation, found };
    }
  }
}

function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

export interface RemoveContext extends Omit<ApplyContext, 'columnOf' | 'pulse' | 'earlier'> {
  /** Removes users as well whose profile was changed since. */
  readonly force: boolean;
}

/**
 * Deactivates and deletes one user that a run created, unless somebody changed its profile since.
 *
 * The user is read before every step, so that a step whose answer was lost is never taken for one that failed, and a
 * repetition after a crash goes on where it was (Users, "Delete a user": the first DELETE deactivates, the second
 * deletes).
 */
export async function applyRemove(operation: RemoveOperation, context: RemoveContext): Promise<Outcome> {
  const { clock, journal, stop } = context;
  const startedAtMs = clock.now();
  let outcome: Outcome;
  try {
    outcome = await remove(operation, context);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    stop(error);
    return notAttempted(operation.row, operation.login, context.because());
  }
  outcome = { ...outcome, durationMs: Math.round(clock.now() - startedAtMs) };
  await journal.recordOutcome(outcome).catch((error: unknown) => stop(error));
  return outcome;
}

async function remove(operation: RemoveOperation, context: RemoveContext): Promise<Outcome> {
  const { client, clock, journal, random, signal, stop, because, force } = context;
  const { row, login, oktaId } = operation;
  const base = { row: row.row, line: row.line, login, attempts: 0, durationMs: 0 };
  let steps = 0;
  for (let failures = 0; ;) {
    try {
      if (signal.aborted) return { ...notAttempted(row, login, because()), attempts: steps };
      const found = compare(await client.getUser(oktaId, { signal }), operation);
      if (found.kind === 'gone') return { ...base, attempts: steps, status: 'removed', oktaId };
      if (found.kind === 'changed' && !force) {
        const why = 'Its profile was changed since; --force removes it all the same.';
        return {
          ...base,
          attempts: steps,
          status: 'kept',
          oktaId,
          userStatus: found.user.status,
          because: why,
        };
      }
      if (steps === 0) await journal.recordAttempt(operation, client.governor.orgClock.earliest(clock.now()));
      steps += 1;
      await client.deleteUser(oktaId, { signal });
    } catch (error) {
      if (error instanceof JournalError) throw error;
      if (signal.aborted && error === signal.reason) continue;
      const reaction = reactionTo(error, true);
      failures += 1;
      if (reaction.kind === 'stop') {
        stop(error);
        const why = error instanceof Error ? error.message : String(error);
        return steps === 0
          ? notAttempted(row, login, because())
          : { ...base, attempts: steps, status: 'failed', error: outcomeUnknown(why) };
      }
      if (reaction.kind === 'refused' || failures >= MAX_TRIES) {
        return { ...base, attempts: steps, status: 'failed', error: explain(error, () => undefined) };
      }
      await clock.sleep(pauseMs(failures, random()), signal).catch(() => {
        // The run is being stopped: the loop sees it.
      });
    }
  }
}
