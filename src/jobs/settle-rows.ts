import { keepInDoubt } from '../engine/apply-row.js';
import { FollowerOutcomes } from '../engine/follower-outcomes.js';
import type { StopConditions } from '../engine/stop-conditions.js';
import type { Journal } from '../journal/journal.js';
import type { PastRun } from '../journal/reader.js';
import type { Cancellation } from '../rows/cancellation.js';
import { outcomeOf, type CompletedRow, type RowOutcome } from '../rows/outcome.js';

import type { RowMerging } from './merge-rows.js';

export interface SettleContext {
  /** Undefined if rows of the input are never merged. */
  readonly merging: RowMerging | undefined;
  /** What an earlier process of the run left. */
  readonly past: PastRun | undefined;
  readonly stopConditions: StopConditions;
  readonly journal: Pick<Journal, 'recordOutcome' | 'written'>;
  readonly cancellation: Cancellation;
  /** Statuses of rows that are decided without a write; the other outcomes are journaled where they are decided. */
  readonly decided: ReadonlySet<RowOutcome['status']>;
}

/**
 * Settles completed rows: those that follow others get their outcomes, the stop conditions see them, and the journal has what was
 * decided without a write. Yields each batch once it is in the journal.
 */
export async function* settleRows(
  completed: AsyncIterable<readonly CompletedRow[]>,
  { merging, past, stopConditions, journal, cancellation, decided }: SettleContext,
): AsyncGenerator<readonly CompletedRow[], void, undefined> {
  const followers = merging && new FollowerOutcomes(merging);
  for await (const batch of completed) {
    const own = batch.map(({ row, outcome }) => ({ row, outcome: orInDoubt(outcome, past) }));
    const settled = followers?.settle(own) ?? own;
    for (const { outcome } of settled) {
      stopConditions.observe(outcome);
      const isFollower = merging?.merged.leaderOf(outcome.row) !== undefined;
      const isDecidedHere = isFollower ? outcome.status !== 'not-attempted' : decided.has(outcome.status);
      // Outcomes that a resumed run settles are already journaled.
      if (isDecidedHere && outcome.attempts === 0 && past?.outcomeOf(outcome.row) === undefined) {
        journal.recordOutcome(outcome).catch(cancellation.fail);
      }
    }
    await journal.written().catch(cancellation.fail);
    yield settled;
  }
  const unsettled = followers?.unsettled(cancellation.stopReason()) ?? [];
  if (unsettled.length > 0) yield unsettled;
}

/** A row that an earlier process left in doubt remains in doubt until it is settled. */
export function orInDoubt(outcome: RowOutcome, past: PastRun | undefined): RowOutcome {
  const result = keepInDoubt(outcome, outcome.row, past);
  return result === outcome ? outcome : outcomeOf(outcome, outcome.login, result, outcome);
}
