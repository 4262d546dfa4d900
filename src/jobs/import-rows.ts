import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';
import { applyRow } from '../engine/apply-row.js';
import type { ApplyContext } from '../engine/apply-context.js';
import { CreateHealth } from '../engine/create-health.js';
import type { StopConditions } from '../engine/stop-conditions.js';
import type { GroupResolver } from '../org/group-resolver.js';
import { createExistingUserPolicy } from '../engine/existing-user-policy.js';
import type { PastRun } from '../journal/reader.js';
import type { Journal } from '../journal/journal.js';
import { inDoubt, type CompletedRow, type RowOutcome } from '../rows/outcome.js';
import { planImport, type PlanOptions } from '../engine/plan.js';
import { runWorkers } from '../engine/worker-pool.js';
import type { Cancellation } from '../rows/cancellation.js';

import type { Checks } from './compile-checks.js';
import type { InputRow } from './input.js';
import type { ResolvedOptions } from './options.js';

/** One import, new or resumed, with everything ready to send. */
export interface Importing {
  readonly client: OktaClient;
  readonly groupResolver: GroupResolver | undefined;
  readonly checks: Checks;
  readonly options: ResolvedOptions;
  /** How many rows there are to do: decides how the org is asked who is there already. */
  readonly expectedRows: number;
  readonly stopConditions: StopConditions;
  readonly journal: Pick<Journal, 'recordAttempt' | 'recordOutcome' | 'recordGroup' | 'written'>;
  /** What an earlier process of this run left. */
  readonly past: PastRun | undefined;
  /** Where files of the run can be that nobody else reads. */
  readonly folder: string;
  readonly cancellation: Cancellation;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * The pipeline: rows are checked, planned and applied, and each comes out with its outcome, which the journal has by then. As many
 * come out at once as finish at once: a promise for each, at every step, costs as much as all that is done with it.
 *
 * Order: as they finish. See `runAll` for what happens when the source fails or the consumer leaves. What ends the run
 * for every row pulls `stop`; the rows after that come out as not attempted.
 */
export async function* importRows(
  rows: AsyncIterable<readonly InputRow[]>,
  importing: Importing,
): AsyncGenerator<readonly CompletedRow[], void, undefined> {
  const { client, checks, options, stopConditions, journal, past, cancellation } = importing;
  const existing = createExistingUserPolicy(options.ifExists, {
    client,
    clock: importing.clock,
    rows: importing.expectedRows,
    folder: importing.folder,
  });
  const context = applyContext(importing, existing);
  try {
    const isSettled = past && ((row: number) => past.isSettled(row));
    const planned = planImport(checks.check(rows, isSettled), planOptions(importing));
    const outcomes = runWorkers(
      stopConditions.holdForCanary(planned),
      (operation) => applyRow(operation, context),
      { concurrency: options.concurrency, cancellation },
    );
    for await (const ended of outcomes) {
      const finished = ended.map(({ row, outcome }) => ({ row, outcome: keepInDoubt(outcome, past) }));
      for (const { outcome } of finished) {
        stopConditions.observe(outcome);
        // What was sent has journaled its outcome itself.
        if (outcome.status === 'invalid' && past?.outcomeOf(outcome.row) === undefined) {
          journal.recordOutcome(outcome).catch(cancellation.fail);
        }
      }
      await journal.written().catch(cancellation.fail);
      yield finished;
    }
  } finally {
    await existing?.close();
  }
}

/** A row that an earlier process left in doubt stays in doubt until it is settled, whatever this one did not get to. */
export function keepInDoubt(outcome: RowOutcome, past: PastRun | undefined): RowOutcome {
  if (outcome.status !== 'not-attempted' || past?.inDoubtSinceMs(outcome.row) === undefined) return outcome;
  const { row, line, login, attempts, durationMs, reason } = outcome;
  return { row, line, login, attempts, durationMs, ...inDoubt(reason) };
}

function planOptions({
  options,
  past,
  groupResolver,
  journal,
  checks,
  cancellation,
}: Importing): PlanOptions {
  return {
    activate: options.activate,
    changePassword: options.changePassword,
    isSelected: options.isSelected,
    settledEarlier: past && ((row) => past.outcomeOf(row)),
    groupResolver,
    mayUserExist: options.ifExists !== 'fail',
    onGroupCreated: (groupId, name) => journal.recordGroup(groupId, name),
    columnOf: checks.columnOf,
    cancellation,
  };
}

function applyContext(
  { client, journal, clock, random, past, cancellation, checks }: Importing,
  existing: ReturnType<typeof createExistingUserPolicy>,
): ApplyContext {
  return {
    client,
    journal,
    clock,
    random,
    cancellation,
    columnOf: checks.columnOf,
    existing,
    createHealth: new CreateHealth(),
    past,
  };
}
