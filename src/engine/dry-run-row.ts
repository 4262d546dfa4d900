import type { CreateOperation, Planned } from '../rows/operation.js';
import { outcomeOf, type RowOutcome, type RowResult } from '../rows/outcome.js';

import type { ApplyContext } from './apply-context.js';
import type { ExistingUserPolicy } from './existing-user-policy.js';
import { profileChanges } from './profile-diff.js';
import { lookupFailure } from './row-error.js';
import { updateProblem } from './update-problem.js';
import { runWorkers } from './worker-pool.js';

export interface ExistingUsersContext extends Pick<
  ApplyContext,
  'client' | 'cancellation' | 'columnOf' | 'access'
> {
  readonly existing: ExistingUserPolicy;
  readonly concurrency: number;
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
  try {
    return await wouldBe(operation, context);
  } catch (error) {
    return lookupFailure(error, context, operation);
  }
}

async function wouldBe(
  operation: CreateOperation,
  { existing, cancellation, columnOf }: ExistingUsersContext,
): Promise<RowResult> {
  const { login, request, cleared, moreGroupIds = [], createProblems = [] } = operation;
  const { ifExists, users, memberships } = existing;
  const lookedUp = await users.findByLogin(login, cancellation.signal);
  if (lookedUp === undefined) {
    return createProblems.length > 0
      ? { status: 'invalid', problems: createProblems }
      : { status: 'would-create' };
  }
  const { user } = lookedUp;
  const base = { oktaId: user.id, userStatus: user.status };
  if (ifExists === 'skip') return { status: 'exists', ...base };
  const problem = updateProblem(user, operation, columnOf);
  if (problem !== undefined) return { status: 'invalid', problems: [problem] };
  const changed = profileChanges(user.profile, request.profile, cleared).map(({ attribute }) => attribute);
  const groupIds = [...(request.groupIds ?? []), ...moreGroupIds];
  const joins = await memberships.missingGroups(user.id, groupIds, cancellation.signal);
  if (joins.length > 0) changed.push('groups');
  return changed.length > 0 ? { status: 'would-update', ...base, changed } : { status: 'unchanged', ...base };
}
