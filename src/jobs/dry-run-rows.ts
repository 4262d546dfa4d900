import type { OktaClient } from '../okta/client.js';
import type { GroupResolver } from '../org/group-resolver.js';
import type { OrgMetadata } from '../org/org-metadata.js';
import type { Clock } from '../clock.js';
import { AccessRefusals } from '../engine/access-refusals.js';
import { createExistingUserPolicy } from '../engine/existing-user-policy.js';
import { decideExistingUsers, decideTaken } from '../engine/dry-run-row.js';
import type { CompletedRow, MappedUser } from '../rows/outcome.js';
import type { CreateOperation, Planned } from '../rows/operation.js';
import { FollowerOutcomes } from '../engine/follower-outcomes.js';
import type { OtherRuns } from '../engine/other-runs.js';
import { planImport, type CheckedRow } from '../engine/plan.js';
import type { Cancellation } from '../rows/cancellation.js';
import { decideTakenLogins } from '../org/login-conflicts.js';
import { RowsInProgress } from '../rows/rows-in-progress.js';

import type { Checks } from './compile-checks.js';
import type { InputRow } from './input.js';
import type { RowMerging } from './merge-rows.js';
import type { ResolvedOptions } from './options.js';

export interface DryRunContext {
  /** Undefined offline. */
  readonly client: OktaClient | undefined;
  readonly groupResolver: GroupResolver | undefined;
  readonly isMasteredByOkta: OrgMetadata['isMasteredByOkta'];
  readonly checks: Checks;
  /** Undefined if rows of the input are never merged. */
  readonly merging: RowMerging | undefined;
  readonly options: ResolvedOptions;
  readonly expectedRows: number;
  /** For temporary files. */
  readonly folder: string;
  readonly cancellation: Cancellation;
  readonly clock: Clock;
  /** The runs in the same reports folder; undefined when there is none. */
  readonly otherRuns?: OtherRuns | undefined;
  /** Called with every create that an import would send. */
  readonly onCreate?: ((operation: CreateOperation) => void) | undefined;
  /** Called with every group that an import would create. */
  readonly onGroupMissing?: ((name: string) => void) | undefined;
}

/** What an import would do with rows, through the same code; writes nothing. Order: as the org responds. */
export async function* dryRunRows(
  rows: AsyncIterable<readonly InputRow[]>,
  context: DryRunContext,
): AsyncGenerator<readonly CompletedRow[], void, undefined> {
  const { client, checks, merging, options, groupResolver, cancellation, onCreate } = context;
  const access = new AccessRefusals(context);
  const users = new RowsInProgress<MappedUser>();
  const checkedRows = checks.check(rows, { hiddenRows: options.hiddenRows, merging });
  const planned = planImport(remembering(checkedRows, users), {
    activate: options.activate,
    changePassword: options.changePassword,
    writesLinks: options.links !== undefined,
    today: options.dates?.today,
    isSelected: options.isSelected,
    groupResolver,
    mayUserExist: options.ifExists !== 'fail',
    columnOf: checks.columnOf,
    groupColumns: checks.groupColumns,
    onGroupMissing: context.onGroupMissing,
    access,
    cancellation,
  });
  const checked = client === undefined ? planned : checkedAgainstOrg(planned, client, { ...context, access });
  const status = client === undefined ? 'valid' : 'would-create';
  const followers = merging && new FollowerOutcomes(merging);
  for await (const batch of checked) {
    const completed = batch.map((item): CompletedRow => {
      const { row } = item;
      const user = users.take(row.row);
      if (item.kind === 'decided') return { row, outcome: item.outcome, user };
      onCreate?.(item);
      const { login } = item;
      return {
        row,
        outcome: { row: row.row, line: row.line, login, attempts: 0, durationMs: 0, status },
        user,
      };
    });
    yield followers?.settle(completed) ?? completed;
  }
  const unsettled = followers?.unsettled(cancellation.stopReason()) ?? [];
  if (unsettled.length > 0) yield unsettled;
}

/** Remembers what the rows in progress say about their users. */
async function* remembering(
  rows: AsyncIterable<readonly CheckedRow[]>,
  users: RowsInProgress<MappedUser>,
): AsyncGenerator<readonly CheckedRow[], void, undefined> {
  for await (const batch of rows) {
    for (const { mapped } of batch) users.set(mapped.row.row, mapped);
    yield batch;
  }
}

/** What only the org knows: existing users, and creates that it would refuse. */
async function* checkedAgainstOrg(
  planned: AsyncIterable<readonly Planned<CreateOperation>[]>,
  client: OktaClient,
  context: DryRunContext & { readonly access: AccessRefusals },
): AsyncGenerator<readonly Planned<CreateOperation>[], void, undefined> {
  const { checks, options, expectedRows, folder, cancellation, clock, access, otherRuns } = context;
  const { isMasteredByOkta } = context;
  const { columnOf, warn } = checks;
  const { signal } = cancellation;
  const existing = createExistingUserPolicy(options.ifExists, { client, clock, rows: expectedRows, folder });
  const { concurrency } = options;
  const shared = { client, columnOf, cancellation, access, concurrency, otherRuns, isMasteredByOkta, warn };
  try {
    const checked = existing === undefined ? planned : decideExistingUsers(planned, { ...shared, existing });
    yield* decideTakenLogins(checked, {
      client,
      columnOf,
      warn,
      signal,
      decideTaken: (operation, user) =>
        decideTaken(operation, user, { ...shared, ...(existing && { existing }) }),
    });
  } finally {
    await existing?.close();
  }
}
