import { reactionTo } from '../okta/http/retry.js';

import type { ApplyContext } from './apply-context.js';
import { differences } from './profile-diff.js';
import type { ExistingUserPolicy } from './existing-user-policy.js';
import { toReportedError } from './row-error.js';
import type { RowResult, RowOutcome } from '../rows/outcome.js';
import type { CreateOperation, Planned } from '../rows/operation.js';
import { runWorkers } from './worker-pool.js';
import { updateProblem } from './update-user.js';

export interface ExistingUsersContext extends Pick<ApplyContext, 'client' | 'cancellation' | 'columnOf'> {
  readonly existing: ExistingUserPolicy;
  readonly concurrency: number;
}

/**
 * Decides rows whose users are there already, as `applyRow` would as far as reading can tell, and lets creates pass.
 * Writes nothing. Order: as the org answers.
 */
export async function* decideExistingUsers(
  planned: AsyncIterable<readonly Planned<CreateOperation>[]>,
  context: ExistingUsersContext,
): AsyncGenerator<readonly Planned<CreateOperation>[]> {
  const creates = new Map<number, CreateOperation>();
  const judge = async (operation: CreateOperation): Promise<RowOutcome> => {
    const outcome = await decideRow(operation, context);
    if (outcome.status === 'would-create') creates.set(outcome.row, operation);
    return outcome;
  };
  for await (const finished of runWorkers(planned, judge, context)) {
    yield finished.map(({ row, outcome }) => {
      const create = creates.get(row.row);
      creates.delete(row.row);
      return create ?? { kind: 'decided', row, outcome };
    });
  }
}

async function decideRow(operation: CreateOperation, context: ExistingUsersContext): Promise<RowOutcome> {
  const { row, login } = operation;
  const base = { row: row.row, line: row.line, login, attempts: 0, durationMs: 0 };
  try {
    return { ...base, ...(await lookUpResult(operation, context)) };
  } catch (error) {
    const { cancellation, columnOf } = context;
    const isStopped = cancellation.isCauseOf(error);
    if (!isStopped && reactionTo(error, false).kind === 'stop') cancellation.fail(error);
    if (cancellation.isAborted) {
      return { ...base, status: 'not-attempted', reason: cancellation.stopReason() };
    }
    return { ...base, status: 'failed', error: toReportedError(error, columnOf) };
  }
}

async function lookUpResult(
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
  const changed = differences(user.profile, request.profile, cleared).map(({ attribute }) => attribute);
  const joins = await memberships.missing(
    user.id,
    [...(request.groupIds ?? []), ...moreGroupIds],
    cancellation.signal,
  );
  if (joins.length > 0) changed.push('groups');
  return changed.length > 0 ? { status: 'would-update', ...base, changed } : { status: 'unchanged', ...base };
}
