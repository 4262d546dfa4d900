import { reactionTo } from '../okta/http/retry.js';

import type { ApplyContext } from './apply-context.js';
import { differences } from './profile-diff.js';
import type { Existing } from './existing-user-policy.js';
import { explain } from './row-error.js';
import type { CreateOperation, Ending, Outcome, Planned } from '../rows/outcome.js';
import { runAll } from './worker-pool.js';
import { obstacle } from './update-user.js';

export interface JudgeContext extends Pick<ApplyContext, 'client' | 'cancellation' | 'columnOf'> {
  readonly existing: Existing;
  readonly concurrency: number;
}

/**
 * Decides rows whose users are there already, as `applyRow` would as far as reading can tell, and lets creates pass.
 * Writes nothing. Order: as the org answers.
 */
export async function* judgeExisting(
  planned: AsyncIterable<readonly Planned<CreateOperation>[]>,
  context: JudgeContext,
): AsyncGenerator<readonly Planned<CreateOperation>[]> {
  const creates = new Map<number, CreateOperation>();
  const judge = async (operation: CreateOperation): Promise<Outcome> => {
    const outcome = await judgeRow(operation, context);
    if (outcome.status === 'would-create') creates.set(outcome.row, operation);
    return outcome;
  };
  for await (const finished of runAll(planned, judge, context)) {
    yield finished.map(({ row, outcome }) => {
      const create = creates.get(row.row);
      creates.delete(row.row);
      return create ?? { kind: 'decided', row, outcome };
    });
  }
}

async function judgeRow(operation: CreateOperation, context: JudgeContext): Promise<Outcome> {
  const { row, login } = operation;
  const base = { row: row.row, line: row.line, login, attempts: 0, durationMs: 0 };
  try {
    return { ...base, ...(await judgement(operation, context)) };
  } catch (error) {
    const { cancellation, columnOf } = context;
    const isStopped = cancellation.isCauseOf(error);
    if (!isStopped && reactionTo(error, false).kind === 'stop') cancellation.fail(error);
    if (cancellation.isAborted) {
      return { ...base, status: 'not-attempted', because: cancellation.stopReason() };
    }
    return { ...base, status: 'failed', error: explain(error, columnOf) };
  }
}

async function judgement(
  operation: CreateOperation,
  { existing, cancellation, columnOf }: JudgeContext,
): Promise<Ending> {
  const { login, request, cleared, moreGroupIds = [], problemsOfCreate = [] } = operation;
  const { then, people, memberships } = existing;
  const known = await people.find(login, cancellation.signal);
  if (known === undefined) {
    return problemsOfCreate.length > 0
      ? { status: 'invalid', problems: problemsOfCreate }
      : { status: 'would-create' };
  }
  const { user } = known;
  const base = { oktaId: user.id, userStatus: user.status };
  if (then === 'skip') return { status: 'exists', ...base };
  const problem = obstacle(user, operation, columnOf);
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
