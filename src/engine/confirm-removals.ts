import { isListingFailure } from '../org/broken-listing.js';
import { searchUsersById, USERS_PER_SEARCH } from '../org/search-by-id.js';
import { failedWith, outcomeOf, type CompletedRow } from '../rows/outcome.js';

import type { WriteContext } from './follow-up-write.js';

/** Deleted users were listed for up to a second. */
const LAG_MS = 2000;
/** After so many searches in a row that failed, the org is not asked any more: each takes its retries and pauses. */
const MAX_FAILURES = 2;

const NOT_DELETED = failedWith(
  'ERR_NOT_DELETED',
  'Okta accepted the requests that delete the user, but the user still exists. Run undo again.',
);

interface Context extends Pick<WriteContext, 'client' | 'clock' | 'journal' | 'cancellation'> {
  /** Searches in a row that failed. */
  readonly searches: { failures: number };
}

/**
 * Looks again for users who count as removed because Okta accepted both deletes, fifty per search, and reports those who are still there
 * as failed. A read of each would take a fourth request per user.
 */
export async function* confirmRemovals(
  rows: AsyncIterable<readonly CompletedRow[]>,
  options: Omit<Context, 'searches'>,
): AsyncGenerator<readonly CompletedRow[]> {
  const context = { ...options, searches: { failures: 0 } };
  // In order, so that all rows wait for those before them.
  let waiting: CompletedRow[] = [];
  try {
    for await (const batch of rows) {
      waiting.push(...batch);
      while (waiting.length >= USERS_PER_SEARCH) {
        yield await confirmed(waiting.slice(0, USERS_PER_SEARCH), context);
        waiting = waiting.slice(USERS_PER_SEARCH);
      }
    }
  } catch (error) {
    yield waiting;
    throw error;
  }
  if (waiting.length > 0) yield await confirmed(waiting, context);
}

async function confirmed(rows: readonly CompletedRow[], context: Context): Promise<readonly CompletedRow[]> {
  if (context.searches.failures >= MAX_FAILURES) return rows;
  const remaining = await stillThere(rows.flatMap(removedId), context);
  if (remaining.size === 0) return rows;
  const checked: CompletedRow[] = [];
  for (const completed of rows) {
    const isThere = removedId(completed).some((oktaId) => remaining.has(oktaId));
    checked.push(isThere ? await failed(completed, context) : completed);
  }
  return checked;
}

/** Of users who were deleted a moment ago, those whom a search and a read still show. */
async function stillThere(
  ids: readonly string[],
  { client, clock, cancellation, searches }: Context,
): Promise<Set<string>> {
  const { signal } = cancellation;
  const found = async (some: readonly string[]): Promise<readonly string[]> => {
    if (some.length === 0) return some;
    const listed: string[] = [];
    for await (const { id } of searchUsersById(client, some, signal)) listed.push(id);
    searches.failures = 0;
    return listed.filter((id) => some.includes(id));
  };
  const remaining = new Set<string>();
  try {
    let listed = await found(ids);
    if (listed.length > 0) await clock.sleep(LAG_MS, signal);
    listed = await found(listed);
    for (const oktaId of listed) {
      if ((await client.getUser(oktaId, { signal })) !== undefined) remaining.add(oktaId);
    }
  } catch (error) {
    searches.failures += 1;
    // Okta has accepted the deletes: that is enough where it cannot be asked.
    if (!signal.aborted && !isListingFailure(error)) cancellation.fail(error);
  }
  return remaining;
}

async function failed(
  { row, outcome }: CompletedRow,
  { journal, cancellation }: Context,
): Promise<CompletedRow> {
  const { login, attempts, durationMs } = outcome;
  const failure = outcomeOf(row, login, NOT_DELETED, { attempts, durationMs });
  await journal.recordOutcome(failure).catch(cancellation.fail);
  return { row, outcome: failure };
}

function removedId({ outcome }: CompletedRow): readonly string[] {
  return outcome.status === 'removed' ? [outcome.oktaId] : [];
}
