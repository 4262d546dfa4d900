import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';
import { applyRow } from '../engine/apply-row.js';
import type { ApplyContext } from '../engine/apply-context.js';
import type { Brakes } from '../engine/stop-conditions.js';
import type { Directory } from '../org/group-resolver.js';
import { lookAtExisting } from '../engine/existing-user-policy.js';
import type { PastRun } from '../journal/reader.js';
import type { Journal } from '../journal/journal.js';
import { inDoubt, type Finished, type Outcome } from '../rows/outcome.js';
import { planImport, type PlanOptions } from '../engine/plan.js';
import { runAll } from '../engine/worker-pool.js';
import type { Cancellation } from '../rows/cancellation.js';

import type { Checks, RowRules, RowsOrBatches } from './compile-checks.js';

/** One import, new or resumed, with everything ready to send. */
export interface Importing {
  readonly client: OktaClient;
  readonly directory: Directory | undefined;
  readonly checks: Checks;
  readonly rules: Pick<RowRules, 'activate' | 'changePassword' | 'ifExists'>;
  /** Which rows to do; undefined for all. */
  readonly isSelected: ((row: number) => boolean) | undefined;
  /** How many rows there are to do: decides how the org is asked who is there already. */
  readonly expectedRows: number;
  readonly brakes: Brakes | undefined;
  readonly journal: Pick<Journal, 'recordAttempt' | 'recordOutcome' | 'recordGroup' | 'written'>;
  /** What an earlier process of this run left. */
  readonly past: PastRun | undefined;
  /** Where files of the run can be that nobody else reads. */
  readonly folder: string;
  /** Most operations under way. */
  readonly concurrency: number;
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
  rows: RowsOrBatches,
  importing: Importing,
): AsyncGenerator<readonly Finished[], void, undefined> {
  const { client, checks, rules, brakes, journal, past, cancellation, concurrency } = importing;
  const fail = (error: unknown): void => cancellation.fail(error);
  const existing = lookAtExisting(rules.ifExists, {
    client,
    clock: importing.clock,
    rows: importing.expectedRows,
    folder: importing.folder,
  });
  const context = applyContext(importing, existing);
  try {
    const isSettled = past && ((row: number) => past.isSettled(row));
    const planned = planImport(checks.check(rows, isSettled), planOptions(importing));
    const outcomes = runAll(brakes?.gate(planned) ?? planned, (operation) => applyRow(operation, context), {
      concurrency,
      cancellation,
    });
    for await (const ended of outcomes) {
      const finished = ended.map(({ row, outcome }) => ({ row, outcome: orInDoubt(outcome, past) }));
      for (const { outcome } of finished) {
        brakes?.hear(outcome);
        // What was sent has journaled its outcome itself.
        if (outcome.status === 'invalid' && past?.outcomeOf(outcome.row) === undefined) {
          journal.recordOutcome(outcome).catch(fail);
        }
      }
      await journal.written().catch(fail);
      yield finished;
    }
  } finally {
    await existing?.close();
  }
}

/** A row that an earlier process left in doubt stays in doubt until it is settled, whatever this one did not get to. */
export function orInDoubt(outcome: Outcome, past: PastRun | undefined): Outcome {
  if (outcome.status !== 'not-attempted' || past?.inDoubtSinceMs(outcome.row) === undefined) return outcome;
  const { row, line, login, attempts, durationMs, because } = outcome;
  return { row, line, login, attempts, durationMs, ...inDoubt(because) };
}

function planOptions({
  rules,
  isSelected,
  past,
  directory,
  journal,
  checks,
  cancellation,
}: Importing): PlanOptions {
  return {
    activate: rules.activate,
    changePassword: rules.changePassword,
    isSelected,
    settledEarlier: past && ((row) => past.outcomeOf(row)),
    directory,
    mayExist: rules.ifExists !== 'fail',
    onGroup: (groupId, name) => journal.recordGroup(groupId, name),
    columnOf: checks.mapping.columnOf,
    cancellation,
  };
}

function applyContext(
  { client, journal, clock, random, past, cancellation, checks }: Importing,
  existing: ReturnType<typeof lookAtExisting>,
): ApplyContext {
  return {
    client,
    journal,
    clock,
    random,
    cancellation,
    columnOf: checks.mapping.columnOf,
    existing,
    pulse: { createdAtMs: Number.NEGATIVE_INFINITY, failingSinceMs: undefined },
    earlier: past && {
      lost: past.lost,
      inDoubtSinceMs: (row) => past.inDoubtSinceMs(row),
      interruptedUpdate: (row) => past.interruptedUpdate(row),
    },
  };
}
