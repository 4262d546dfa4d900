import { applyRow } from '../engine/apply-row.js';
import type { ApplyContext } from '../engine/apply-context.js';
import { CreateHealth } from '../engine/create-health.js';
import type { StopConditions } from '../engine/stop-conditions.js';
import type { GroupResolver } from '../org/group-resolver.js';
import { createExistingUserPolicy } from '../engine/existing-user-policy.js';
import type { PastRun } from '../journal/reader.js';
import type { Journal } from '../journal/journal.js';
import { inDoubt, type CompletedRow, type RowOutcome } from '../rows/outcome.js';
import { planImport } from '../engine/plan.js';
import { runWorkers } from '../engine/worker-pool.js';

import type { Checks } from './compile-checks.js';
import type { InputRow } from './input.js';
import type { ResolvedOptions } from './options.js';

/** What the rows of one import, new or resumed, share. */
export interface ImportContext extends Pick<ApplyContext, 'client' | 'clock' | 'random' | 'cancellation'> {
  readonly groupResolver: GroupResolver | undefined;
  readonly checks: Checks;
  readonly options: ResolvedOptions;
  /** How many rows there are to send: decides how the org is asked for existing users. */
  readonly expectedRows: number;
  readonly stopConditions: StopConditions;
  readonly journal: Pick<Journal, 'recordAttempt' | 'recordOutcome' | 'recordGroup' | 'written'>;
  /** Called before anything is sent for a row; may abort the run. */
  readonly beforeRow?: (() => void) | undefined;
  /** What an earlier process of this run left. */
  readonly past: PastRun | undefined;
  /** For temporary files. */
  readonly folder: string;
}

/**
 * Checks, plans and applies rows. Yields each with its outcome once the journal has it, in batches, because one promise per row
 * and stage would double the cost.
 *
 * Order: as they finish. See `runWorkers` for what happens when the source fails or the consumer leaves. What would fail for
 * every row aborts the cancellation; the rows after that come out as not attempted.
 */
export async function* importRows(
  rows: AsyncIterable<readonly InputRow[]>,
  context: ImportContext,
): AsyncGenerator<readonly CompletedRow[], void, undefined> {
  const { client, clock, checks, options, stopConditions, journal, past, cancellation } = context;
  const { concurrency, ifExists } = options;
  const { expectedRows, folder } = context;
  const existing = createExistingUserPolicy(ifExists, { client, clock, rows: expectedRows, folder });
  const apply: ApplyContext = {
    client,
    journal,
    clock,
    random: context.random,
    cancellation,
    columnOf: checks.columnOf,
    existing,
    createHealth: new CreateHealth(),
    past,
  };
  try {
    const isSettled = past && ((row: number) => past.isSettled(row));
    const planned = planImport(checks.check(rows, isSettled), {
      activate: options.activate,
      changePassword: options.changePassword,
      isSelected: options.isSelected,
      settledEarlier: past && ((row) => past.outcomeOf(row)),
      groupResolver: context.groupResolver,
      mayUserExist: ifExists !== 'fail',
      onGroupCreated: (groupId, name) => journal.recordGroup(groupId, name),
      columnOf: checks.columnOf,
      cancellation,
    });
    const completed = runWorkers(
      stopConditions.holdForCanary(planned),
      (operation) => {
        context.beforeRow?.();
        return applyRow(operation, apply);
      },
      { concurrency, cancellation },
    );
    for await (const batch of completed) {
      const settled = batch.map(({ row, outcome }) => ({ row, outcome: keepInDoubt(outcome, past) }));
      for (const { outcome } of settled) {
        stopConditions.observe(outcome);
        // The other outcomes are journaled where they are decided.
        if (outcome.status === 'invalid' && past?.outcomeOf(outcome.row) === undefined) {
          journal.recordOutcome(outcome).catch(cancellation.fail);
        }
      }
      await journal.written().catch(cancellation.fail);
      yield settled;
    }
  } finally {
    await existing?.close();
  }
}

/** A row that an earlier process left in doubt remains in doubt until it is settled. */
export function keepInDoubt(outcome: RowOutcome, past: PastRun | undefined): RowOutcome {
  if (outcome.status !== 'not-attempted' || past?.inDoubtSinceMs(outcome.row) === undefined) return outcome;
  const { row, line, login, attempts, durationMs, reason } = outcome;
  return { row, line, login, attempts, durationMs, ...inDoubt(reason) };
}
