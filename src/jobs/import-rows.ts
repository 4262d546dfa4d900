import { AccessRefusals } from '../engine/access-refusals.js';
import { applyRow } from '../engine/apply-row.js';
import type { ApplyContext } from '../engine/apply-context.js';
import { CreateHealth } from '../engine/create-health.js';
import { OrgKnowledge } from '../engine/org-knowledge.js';
import { LinkPass } from '../engine/link-pass.js';
import { RecordAhead } from '../engine/record-ahead.js';
import type { StopConditions } from '../engine/stop-conditions.js';
import type { GroupResolver } from '../org/group-resolver.js';
import type { OrgMetadata } from '../org/org-metadata.js';
import { createExistingUserPolicy } from '../engine/existing-user-policy.js';
import { UserReader } from '../org/user-reader.js';
import type { PastRun } from '../journal/reader.js';
import type { Journal } from '../journal/journal.js';
import type { OtherRuns } from '../engine/other-runs.js';
import { notAttempted, type CompletedRow, type RowOutcome } from '../rows/outcome.js';
import { planImport } from '../engine/plan.js';
import { runWorkers } from '../engine/worker-pool.js';

import type { Checks } from './compile-checks.js';
import type { InputRow } from './input.js';
import type { RowMerging } from './merge-rows.js';
import type { ResolvedOptions } from './options.js';
import { orInDoubt, settleRows } from './settle-rows.js';

/** What the rows of one import, new or resumed, share. */
export interface ImportContext extends Pick<ApplyContext, 'client' | 'clock' | 'random' | 'cancellation'> {
  readonly groupResolver: GroupResolver | undefined;
  readonly isMasteredByOkta: OrgMetadata['isMasteredByOkta'];
  /** See `AccessRefusals`. */
  readonly probe?: (() => Promise<unknown>) | undefined;
  readonly checks: Checks;
  /** Undefined if rows of the input are never merged. */
  readonly merging: RowMerging | undefined;
  readonly options: ResolvedOptions;
  /** How many rows there are to send: decides how the org is asked for existing users. */
  readonly expectedRows: number;
  readonly stopConditions: StopConditions;
  readonly journal: Pick<
    Journal,
    'recordAttempt' | 'recordOutcome' | 'recordGroup' | 'recordClock' | 'written'
  >;
  /** Gets passwords and activation links; undefined if none are written to a file. */
  readonly links?: ApplyContext['links'];
  /** Gets the names of groups that are created. */
  readonly createdGroups?: string[] | undefined;
  /** Whether the journal keeps anything. */
  readonly isJournaled: boolean;
  /** The runs in the same reports folder; undefined when this run keeps nothing. */
  readonly otherRuns: OtherRuns | undefined;
  /** Called before anything is sent for a row; may abort the run. */
  readonly beforeRow?: (() => void) | undefined;
  /** Called before a create is sent, which may have waited for long. @throws {LockLostError} */
  readonly assertHeld?: (() => void) | undefined;
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
  const { client, clock, checks, merging, options, stopConditions, journal, past, cancellation } = context;
  const { concurrency, ifExists } = options;
  const { expectedRows, folder } = context;
  const existing = createExistingUserPolicy(ifExists, { client, clock, rows: expectedRows, folder });
  const access = new AccessRefusals({ clock, cancellation, probe: context.probe });
  const observe = (outcome: RowOutcome): void => stopConditions.observe(orInDoubt(outcome, past));
  const linkPass = checks.namesPeople
    ? new LinkPass({ links: checks.links, past, concurrency, observe })
    : undefined;
  const apply: ApplyContext = {
    awaitsPeople: linkPass?.awaitsPeople,
    links: context.links,
    client,
    journal,
    clock,
    random: context.random,
    cancellation,
    columnOf: checks.columnOf,
    existing,
    access,
    createHealth: new CreateHealth(),
    knowledge: new OrgKnowledge(client, journal, context.otherRuns),
    reader: new UserReader({ client, clock }),
    isMasteredByOkta: context.isMasteredByOkta,
    warn: checks.warn,
    assertHeld: context.assertHeld,
    past,
  };
  const ahead = new RecordAhead(apply);
  try {
    const isSettled = past && ((row: number) => past.isSettled(row));
    const checked = checks.check(rows, { isSettled, hiddenRows: options.hiddenRows, merging });
    const planned = planImport(checked, {
      activate: options.activate,
      changePassword: options.changePassword,
      writesLinks: context.links !== undefined,
      today: options.dates?.today,
      isSelected: options.isSelected,
      settledEarlier: past && ((row) => past.outcomeOf(row)),
      groupResolver: context.groupResolver,
      mayUserExist: ifExists !== 'fail',
      onGroupCreated: (groupId, name) => {
        context.createdGroups?.push(name);
        return journal.recordGroup(groupId, name);
      },
      columnOf: checks.columnOf,
      groupColumns: checks.groupColumns,
      access,
      cancellation,
    });
    const held = stopConditions.holdForCanary(planned);
    // With a policy for existing users, most rows create no user.
    const recorded = context.isJournaled && !existing ? ahead.record(held, concurrency) : held;
    const completed = runWorkers(
      recorded,
      (operation) => {
        context.beforeRow?.();
        return access.observe(() => applyRow(operation, apply, ahead.take(operation)));
      },
      { concurrency, cancellation, access, onFailure: observe },
    );
    yield* settleRows(linkPass?.pass(completed, apply) ?? completed, { ...context, decided: DECIDED });
  } finally {
    for (const { row, login } of ahead.unsent()) {
      journal.recordOutcome(notAttempted(row, login, cancellation.stopReason())).catch(cancellation.fail);
    }
    await existing?.close();
  }
}

const DECIDED: ReadonlySet<RowOutcome['status']> = new Set(['invalid']);
