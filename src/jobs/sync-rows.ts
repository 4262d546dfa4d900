import { AccessRefusals } from '../engine/access-refusals.js';
import { applyRow } from '../engine/apply-row.js';
import type { ApplyContext } from '../engine/apply-context.js';
import { changeUser } from '../engine/change-user.js';
import { CreateHealth } from '../engine/create-health.js';
import { LinkPass } from '../engine/link-pass.js';
import { LoginHandover, type LoginUse } from '../engine/login-order.js';
import { OrgKnowledge } from '../engine/org-knowledge.js';
import { OtherRuns } from '../engine/other-runs.js';
import type { StopConditions } from '../engine/stop-conditions.js';
import { runWorkers } from '../engine/worker-pool.js';
import type { PastRun } from '../journal/reader.js';
import type { OrgMetadata } from '../org/org-metadata.js';
import { UserReader } from '../org/user-reader.js';
import type { ChangeOperation, CreateOperation, Planned } from '../rows/operation.js';
import { decided, type CompletedRow, type RowOutcome } from '../rows/outcome.js';
import type { Row } from '../rows/row.js';
import type { Leaver } from '../sync/leavers.js';
import type { ExistingPersonPlan } from '../sync/plan-person.js';
import { loginUseOf } from '../sync/taken-logins.js';

import type { JobContext, OpenOrg } from './job.js';
import type { RunStore } from './run-store.js';
import { changedAttributes } from './sync-counts.js';
import { orInDoubt, settleRows } from './settle-rows.js';
import { leaverOperation, type LeaverRow } from './sync-leavers.js';
import type { PassContext, PlannedPerson } from './sync-pass.js';
import { warnAbout, warnAboutLeaver } from './sync-warnings.js';

export interface SyncRowsContext extends Pick<JobContext, 'clock' | 'random' | 'cancellation'> {
  readonly pass: PassContext;
  readonly org: OpenOrg;
  readonly store: RunStore;
  readonly stopConditions: StopConditions;
  readonly links: ApplyContext['links'];
  readonly past: PastRun | undefined;
  readonly isMasteredByOkta: OrgMetadata['isMasteredByOkta'];
  /** Called with every person before anything is written for it. */
  readonly onPlanned: (person: PlannedPerson) => void;
}

type SyncOperation = CreateOperation | ChangeOperation;

/**
 * Applies the second pass over the file, and, once all of its rows are completed, the leavers. Yields rows as they complete.
 */
export async function* applyPeople(
  people: AsyncIterable<PlannedPerson>,
  leavers: readonly LeaverRow[],
  context: SyncRowsContext,
): AsyncGenerator<readonly CompletedRow[], void, undefined> {
  const { org, store, past, clock, random, cancellation, stopConditions, pass } = context;
  const { client } = org;
  const { journal, folder } = store;
  const otherRuns = folder === undefined ? undefined : new OtherRuns(folder, client.orgUrl, clock);
  const access = new AccessRefusals({ clock, cancellation });
  const { concurrency } = pass.options;
  const observe = (outcome: RowOutcome): void => stopConditions.observe(orInDoubt(outcome, past));
  const links = pass.checks.namesPeople
    ? new LinkPass({ links: pass.checks.links, past, concurrency, observe })
    : undefined;
  const apply: ApplyContext = {
    awaitsPeople: links?.awaitsPeople,
    client,
    links: context.links,
    access,
    isMasteredByOkta: context.isMasteredByOkta,
    reader: new UserReader({ client, clock }),
    journal,
    clock,
    random,
    cancellation,
    columnOf: pass.checks.columnOf,
    createHealth: new CreateHealth(),
    knowledge: new OrgKnowledge(client, journal, otherRuns),
    assertHeld: store.locks?.assertHeld,
    past,
  };
  const handover = new LoginHandover();
  const loginUses = new Map<number, LoginUse>();
  const inFile = async function* (): AsyncGenerator<readonly Planned<SyncOperation>[]> {
    for await (const person of people) {
      context.onPlanned(person);
      const use = person.kind === 'person' ? loginUseOf(person.plan) : NO_LOGIN;
      if (person.kind === 'person' && (use.needs ?? use.gives) !== undefined) {
        loginUses.set(person.operation.row.row, use);
      }
      yield [toPlanned(person, context)];
    }
  };
  const missing = async function* (): AsyncGenerator<readonly Planned<SyncOperation>[]> {
    for (const leaver of leavers) {
      if (leaver.leaver !== undefined) warnAboutLeaver(leaver.leaver, leaver.row, pass.checks);
      yield [leaverOperation(leaver, past)];
    }
  };
  const applyAll = (
    planned: AsyncIterable<readonly Planned<SyncOperation>[]>,
  ): AsyncGenerator<readonly CompletedRow[]> =>
    runWorkers(
      planned,
      (operation) => {
        store.locks?.check();
        const { row } = operation.row;
        const use = loginUses.get(row) ?? NO_LOGIN;
        loginUses.delete(row);
        return handover.apply(use, () =>
          access.observe(() =>
            operation.kind === 'create'
              ? applyRow(operation, apply)
              : changeUser(operation, apply, past?.interruptedUpdate(row)),
          ),
        );
      },
      { concurrency, cancellation, access, onFailure: observe },
    );
  const applied = applyAll(stopConditions.holdForCanary(inFile()));
  const settling = { past, stopConditions, journal, cancellation, decided: DECIDED };
  yield* settleRows(links?.pass(applied, apply) ?? applied, { ...settling, merging: pass.merging });
  // Only a file that was read to its end, without too many failures, shows who is missing.
  if (!cancellation.isAborted) {
    yield* settleRows(applyAll(missing()), { ...settling, merging: undefined });
  }
}

const DECIDED: ReadonlySet<RowOutcome['status']> = new Set(['invalid', 'unchanged', 'leaver']);
const NO_LOGIN: LoginUse = { needs: undefined, gives: undefined };

function toPlanned(
  person: PlannedPerson,
  { store, past, pass, cancellation }: SyncRowsContext,
): Planned<SyncOperation> {
  if (person.kind === 'decided') return person.item;
  const { operation, plan } = person;
  const { row, login } = operation;
  const settled = past?.outcomeOf(row.row);
  if (settled !== undefined) return { kind: 'decided', row, outcome: settled };
  // Whether the create was processed is found out first: the user may be the one whom the plan found.
  if (past?.isInDoubt(row.row) && past.interruptedUpdate(row.row) === undefined) {
    return createOperation(operation, past.members.get(row.row)?.isStaged === true, undefined);
  }
  if ('member' in plan && plan.member !== undefined) {
    store.journal.recordMember(plan.member).catch(cancellation.fail);
  }
  warnAbout(person, pass.checks);
  if (plan.kind === 'waiting') return decided(row, login, { status: 'not-attempted', reason: plan.reason });
  if (plan.kind === 'create') return createOperation(operation, plan.isStaged, plan.startsOn);
  if (plan.kind === 'problem') return decided(row, login, { status: 'invalid', problems: plan.problems });
  return existingOperation(row, login, plan, past?.interruptedUpdate(row.row) !== undefined);
}

function createOperation(
  operation: CreateOperation,
  isStaged: boolean,
  startsOn: string | undefined,
): CreateOperation {
  if (!isStaged) return operation;
  const { firstSignIn: _firstSignIn, ...staged } = operation;
  // A password can only be expired with the activation.
  const { nextLogin: _nextLogin, ...others } = operation.options;
  return {
    ...staged,
    options: { ...others, activate: false },
    ...(startsOn !== undefined && { startsOn }),
  };
}

/** @param isInterrupted - an earlier process of the run was writing it. */
function existingOperation(
  row: Row,
  login: string,
  plan: ExistingPersonPlan,
  isInterrupted: boolean,
): Planned<ChangeOperation> {
  const { user, changes, joins, leaves, lifecycle, reason, kept } = plan;
  const keptEdits = kept.length > 0 ? kept.map(({ attribute }) => attribute) : undefined;
  if (changedAttributes(plan).length === 0 && !isInterrupted) {
    return decided(row, login, {
      status: 'unchanged',
      oktaId: user.id,
      userStatus: user.status,
      ...(keptEdits && { keptEdits }),
    });
  }
  return {
    kind: 'change',
    row,
    login,
    oktaId: user.id,
    user,
    changes,
    joins,
    leaves,
    lifecycle,
    reason,
    keptEdits,
  };
}

/** What a dry run says of a person. */
export function wouldBe(person: PlannedPerson): CompletedRow {
  if (person.kind === 'decided') return person.item;
  const { operation, plan } = person;
  const { row, login } = operation;
  if (plan.kind === 'problem') return decided(row, login, { status: 'invalid', problems: plan.problems });
  if (plan.kind === 'waiting') return decided(row, login, { status: 'not-attempted', reason: plan.reason });
  if (plan.kind === 'create') return decided(row, login, { status: 'would-create' });
  const planned = existingOperation(row, login, plan, false);
  if (planned.kind === 'decided') return planned;
  const { id: oktaId } = plan.user;
  if (plan.lifecycle === 'suspend') {
    return decided(row, login, { status: 'would-suspend', oktaId, reason: plan.reason ?? '' });
  }
  const base = { oktaId, userStatus: plan.user.status };
  return decided(row, login, {
    status: 'would-update',
    ...base,
    changes: plan.changes,
    changed: changedAttributes(plan),
  });
}

/** What a dry run says of a leaver. */
export function wouldLeave({ member, user, action, reason }: Leaver, row: Row): CompletedRow {
  const login = user === undefined ? undefined : user.profile.login;
  const status = action === undefined ? 'leaver' : (`would-${action}` as const);
  return decided(row, login, { status, oktaId: member.oktaId, reason });
}
