import type { User } from '../okta/types.js';
import { takenBy } from '../org/login-conflicts.js';
import type { IndexedUser } from '../org/user-index.js';
import type { CreateOperation, Planned } from '../rows/operation.js';
import type { Problem } from '../rows/problem.js';
import { decided, outcomeOf, type RowOutcome, type RowResult } from '../rows/outcome.js';

import type { ApplyContext } from './apply-context.js';
import type { ExistingUserPolicy } from './existing-user-policy.js';
import { canBeFinished } from './finish-user.js';
import type { OtherRuns } from './other-runs.js';
import { profileChanges } from './profile-diff.js';
import { lookupFailure } from './row-error.js';
import { sourcedWarning, type IsMasteredByOkta } from './sourced-user.js';
import { realmWarning, updateProblem } from './update-problem.js';
import { runWorkers } from './worker-pool.js';

export interface ExistingUsersContext extends Pick<
  ApplyContext,
  'client' | 'cancellation' | 'columnOf' | 'access'
> {
  readonly existing: ExistingUserPolicy;
  readonly concurrency: number;
  /** The runs in the same reports folder; undefined when there is none. */
  readonly otherRuns?: OtherRuns | undefined;
  readonly isMasteredByOkta: IsMasteredByOkta;
  /** Called for updates that Okta may refuse. */
  readonly warn: (warning: Problem, operation: CreateOperation) => void;
}

/**
 * Decides the rows of existing users as `applyRow` would, as far as reading can tell, and passes creates on. Writes
 * nothing. Order: as the org responds.
 */
export async function* decideExistingUsers(
  planned: AsyncIterable<readonly Planned<CreateOperation>[]>,
  context: ExistingUsersContext,
): AsyncGenerator<readonly Planned<CreateOperation>[]> {
  const creates = new Map<number, CreateOperation>();
  const decide = async (operation: CreateOperation): Promise<RowOutcome> => {
    const judge = (): Promise<RowResult> => decideRow(operation, context);
    const result = await (context.access?.observe(judge) ?? judge());
    if (result.status === 'would-create') creates.set(operation.row.row, operation);
    return outcomeOf(operation.row, operation.login, result);
  };
  for await (const completed of runWorkers(planned, decide, context)) {
    yield completed.map(({ row, outcome }) => {
      const create = creates.get(row.row);
      creates.delete(row.row);
      return create ?? { kind: 'decided', row, outcome };
    });
  }
}

async function decideRow(operation: CreateOperation, context: ExistingUsersContext): Promise<RowResult> {
  const { existing, cancellation } = context;
  try {
    const lookedUp = await existing.users.findByLogin(operation.login, cancellation);
    return lookedUp === undefined
      ? { status: 'would-create' }
      : await wouldBe(operation, lookedUp.user, context);
  } catch (error) {
    return lookupFailure(error, context, operation);
  }
}

/** Decides a row whose login turns out to exist, as `applyRow` would. */
export async function decideTaken(
  operation: CreateOperation,
  user: User,
  context: Omit<ExistingUsersContext, 'existing'> & { readonly existing?: ExistingUserPolicy | undefined },
): Promise<Planned<CreateOperation>> {
  const { existing, columnOf, otherRuns } = context;
  if (existing === undefined) {
    return (await isToFinish(user, otherRuns)) ? operation : takenBy(user, operation, columnOf);
  }
  const result = await wouldBe(operation, user, { ...context, existing }).catch((error: unknown) =>
    lookupFailure(error, context, operation),
  );
  return result.status === 'would-create' ? operation : decided(operation.row, operation.login, result);
}

async function isToFinish(user: IndexedUser, otherRuns: OtherRuns | undefined): Promise<boolean> {
  return user.status === 'STAGED' && canBeFinished(user, await otherRuns?.claimOf(user));
}

async function wouldBe(
  operation: CreateOperation,
  user: IndexedUser,
  context: ExistingUsersContext,
): Promise<RowResult> {
  const { existing, cancellation, columnOf, otherRuns, warn } = context;
  const { request, cleared, moreGroupIds = [], createProblems = [] } = operation;
  const { ifExists, memberships } = existing;
  if (await isToFinish(user, otherRuns)) {
    return createProblems.length > 0
      ? { status: 'invalid', problems: createProblems }
      : { status: 'would-create' };
  }
  const base = { oktaId: user.id, userStatus: user.status };
  if (ifExists === 'skip') return { status: 'exists', ...base };
  const problem = updateProblem(user, operation, columnOf);
  if (problem !== undefined) return { status: 'invalid', problems: [problem] };
  const changes = profileChanges(user.profile, request.profile, cleared);
  const changed = changes.map(({ attribute }) => attribute);
  const warning = sourcedWarning(operation, user, changed, context);
  if (warning !== undefined) warn(warning, operation);
  const realmKept = realmWarning(user, operation, columnOf);
  if (realmKept !== undefined) warn(realmKept, operation);
  const groupIds = [...(request.groupIds ?? []), ...moreGroupIds];
  const joins = await memberships.missingGroups(user.id, groupIds, cancellation.signal);
  if (joins.length > 0) changed.push('groups');
  return changed.length > 0
    ? { status: 'would-update', ...base, changes, changed }
    : { status: 'unchanged', ...base };
}
