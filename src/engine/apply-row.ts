import type { RecordedUpdate } from '../journal/journal-line.js';
import { interruptedAction } from '../journal/journal-outcomes.js';
import { isRunStopping, reactionTo } from '../okta/http/failure-reaction.js';
import { isSameLogin } from '../okta/login.js';
import type { User } from '../okta/types.js';
import type { LookedUpUser } from '../org/user-lookup.js';
import type { CreateOperation } from '../rows/operation.js';
import {
  inDoubt,
  outcomeOf,
  writtenChangeOf,
  type RowOutcome,
  type RowResult,
  type WriteAction,
} from '../rows/outcome.js';

import type { ApplyContext } from './apply-context.js';
import type { RecordedAttempt } from './create-attempts.js';
import { UserCreation } from './create-user.js';
import type { CreateResult } from './create-result.js';
import { createdOutcome, createdResult } from './created-outcome.js';
import { canBeFinished, UserCompletion, writtenOf } from './finish-user.js';
import { writeFirstSignIn, type CreatedUser } from './first-sign-in.js';
import { isSameValue } from './profile-diff.js';
import { lookupFailure, refusedRow, toReportedError } from './row-error.js';
import { UserUpdate } from './update-user.js';

/**
 * Applies one row: creates the user, or does with an existing user what `--if-exists` says. Each attempt is journaled
 * before it is sent. The outcome is given to the journal without waiting for it, so that the next row can start at once;
 * whoever reports the outcome waits (`Journal.written`). When the journal cannot be written the run is stopped, but the
 * outcome is still true.
 *
 * @param ahead - the attempt to create the user, if it was recorded already.
 * @throws only bugs.
 */
export async function applyRow(
  operation: CreateOperation,
  context: ApplyContext,
  ahead?: RecordedAttempt,
): Promise<RowOutcome> {
  const { clock, journal } = context;
  const { row, login } = operation;
  const startedAtMs = clock.now();
  const application = new RowApplication(operation, context, ahead);
  const result = keepInDoubt(await application.run(), row.row, context.past);
  const durationMs = Math.round(clock.now() - startedAtMs);
  const { attempts } = application;
  const applied =
    result.status === 'created'
      ? createdOutcome(row, login, result, { attempts, durationMs })
      : outcomeOf(row, login, result, { attempts, durationMs });
  const { startsOn } = operation;
  const isStaged = startsOn !== undefined && writtenChangeOf(applied)?.status === 'created';
  const dated = isStaged ? { ...applied, startsOn } : applied;
  const outcome = context.awaitsPeople?.(row.row) === true ? { ...dated, awaitsPeople: true } : dated;
  // A resumed run finds the row in doubt and settles it.
  journal.recordOutcome(outcome).catch(context.cancellation.fail);
  return outcome;
}

/** A row that an earlier process left in doubt stays in doubt until it is settled. */
export function keepInDoubt(result: RowResult, row: number, past: ApplyContext['past']): RowResult {
  if (past?.isInDoubt(row) !== true) return result;
  const action = interruptedAction(past, row);
  if (result.status === 'not-attempted') return inDoubt(result.reason, action);
  if (result.status !== 'invalid') return result;
  return inDoubt(result.problems.map(({ message }) => message).join(' '), action);
}

/** The way of one row through create, update and groups. */
class RowApplication {
  attempts = 0;
  readonly #operation: CreateOperation;
  readonly #context: ApplyContext;
  readonly #ahead: RecordedAttempt | undefined;

  constructor(operation: CreateOperation, context: ApplyContext, ahead: RecordedAttempt | undefined) {
    this.#operation = operation;
    this.#context = context;
    this.#ahead = ahead;
  }

  run(): Promise<RowResult> {
    const { past, existing } = this.#context;
    const interrupted = past?.interruptedUpdate(this.#operation.row.row);
    if (interrupted?.finishes === true) return this.#finishInterrupted(interrupted);
    return existing === undefined ? this.#create() : this.#createOrUpdate();
  }

  async #finishInterrupted(interrupted: RecordedUpdate): Promise<RowResult> {
    return (await this.#continueFinishing(interrupted)) ?? this.#create();
  }

  /** @returns undefined when the user does not exist any more, or has another login. */
  async #continueFinishing({ oktaId }: RecordedUpdate): Promise<RowResult | undefined> {
    const { reader, cancellation } = this.#context;
    try {
      const user = await reader.read(oktaId, cancellation.signal);
      if (user === undefined || !isSameLogin(user.profile.login, this.#operation.login)) return undefined;
      return await this.#finish(user);
    } catch (error) {
      return this.#lookupFailed(error, 'created');
    }
  }

  /** @param interrupted - what an earlier process may have done: the row stays in doubt. */
  async #lookupFailed(error: unknown, interrupted?: WriteAction): Promise<RowResult> {
    const result = await lookupFailure(error, this.#context, this.#operation);
    const isDecided = interrupted === undefined || result.status !== 'failed';
    return isDecided ? result : inDoubt(result.error.message, interrupted);
  }

  async #finish(user: User): Promise<RowResult> {
    const { createProblems = [] } = this.#operation;
    if (createProblems.length > 0) return { status: 'invalid', problems: createProblems };
    const completion = new UserCompletion(this.#operation, this.#context);
    const result = await completion.run(user);
    this.attempts += completion.attempts;
    if ('status' in result) return result;
    return this.#written(result, undefined);
  }

  /** The result of a row whose user is complete. */
  async #written(created: CreatedUser, requestId: string | undefined): Promise<RowResult> {
    const written = writtenOf(created.user);
    const signIn = await writeFirstSignIn(created, this.#operation, this.#context, written);
    if ('status' in signIn) return signIn;
    return { ...written, userStatus: signIn.userStatus, requestId };
  }

  async #createOrUpdate(): Promise<RowResult> {
    const { past } = this.#context;
    const { row } = this.#operation.row;
    let interrupted = past?.interruptedUpdate(row);
    const isCreateInDoubt = interrupted === undefined && past?.isInDoubt(row) === true;
    // Creating settles it first.
    if (isCreateInDoubt) return this.#create();
    let lookedUp: LookedUpUser | undefined;
    try {
      lookedUp = await this.#findUser(interrupted);
    } catch (error) {
      return this.#lookupFailed(error, interrupted && 'updated');
    }
    if (interrupted !== undefined && !isOwner(lookedUp, this.#operation)) {
      const failure = await this.#revertInterrupted(lookedUp, interrupted);
      if (failure !== undefined) return failure;
      interrupted = undefined;
      try {
        lookedUp = await this.#context.existing?.users.readByLogin(
          this.#operation.login,
          this.#context.cancellation.signal,
        );
      } catch (error) {
        return this.#lookupFailed(error);
      }
    }
    if (lookedUp === undefined) return this.#create();
    return (await this.#update(lookedUp, interrupted)) ?? this.#create();
  }

  async #findUser(interrupted: RecordedUpdate | undefined): Promise<LookedUpUser | undefined> {
    const { reader, cancellation, existing } = this.#context;
    const { login, createProblems = [] } = this.#operation;
    const { signal } = cancellation;
    if (interrupted === undefined) {
      const mustBeSure = createProblems.length > 0;
      return existing?.users.findByLogin(login, { signal, mustBeSure });
    }
    const user = await reader.read(interrupted.oktaId, signal);
    return user && { user, isFresh: true };
  }

  /**
   * The login went to another user while the run was interrupted: its former owner gets back what was overwritten.
   *
   * @returns undefined on success.
   */
  async #revertInterrupted(
    formerOwner: LookedUpUser | undefined,
    { changes, joins }: RecordedUpdate,
  ): Promise<RowResult | undefined> {
    if (formerOwner === undefined) return undefined;
    const { client, cancellation, columnOf, access } = this.#context;
    const { signal } = cancellation;
    const { id, profile } = formerOwner.user;
    const written = changes.filter(({ attribute, to }) => isSameValue(profile[attribute] ?? null, to));
    try {
      if (written.length > 0) {
        const former = Object.fromEntries(written.map(({ attribute, from }) => [attribute, from]));
        await client.updateProfile(id, former, { signal });
      }
      for (const groupId of joins) await client.removeFromGroup(groupId, id, { signal });
      return undefined;
    } catch (error) {
      if (cancellation.isCauseOf(error)) return inDoubt(cancellation.stopReason('during'), 'updated');
      const isRowOnly = await access?.concernsOnlyRow(error);
      if (!isRowOnly && isRunStopping(reactionTo(error, true))) cancellation.fail(error);
      const reported = toReportedError(error, columnOf, refusedRow(this.#operation, undefined));
      return inDoubt(reported.message, 'updated');
    }
  }

  async #create(): Promise<RowResult> {
    const { existing, cancellation } = this.#context;
    const { login, createProblems = [] } = this.#operation;
    if (createProblems.length > 0) return { status: 'invalid', problems: createProblems };
    const creation = new UserCreation(this.#operation, this.#context, this.#ahead);
    const result = await creation.run();
    this.attempts += creation.attempts;
    if (result.status === 'created') {
      const { moreGroupIds, firstSignIn } = this.#operation;
      return moreGroupIds === undefined && firstSignIn === undefined
        ? createdResult(result.user, result.requestId)
        : this.#completeCreated(result);
    }
    if (result.status === 'unfinished') return this.#finish(result.user);
    if (result.status !== 'taken') return result;
    const failed = { status: 'failed', error: result.error } as const;
    if (existing === undefined) return failed;
    let lookedUp: LookedUpUser | undefined;
    try {
      const { user } = result;
      lookedUp = user ? { user, isFresh: true } : await existing.users.readTaken(login, cancellation.signal);
    } catch (error) {
      return this.#lookupFailed(error);
    }
    // When no user has the login, it is the email that exists, in an org where email addresses are unique.
    return (lookedUp && (await this.#update(lookedUp, undefined))) ?? failed;
  }

  async #update(
    lookedUp: LookedUpUser,
    interrupted: RecordedUpdate | undefined,
  ): Promise<RowResult | undefined> {
    const { existing, knowledge, reader, cancellation } = this.#context;
    if (existing === undefined) return undefined;
    const { user } = lookedUp;
    if (user.status === 'STAGED' && canBeFinished(user, await knowledge.claimOf(user))) {
      try {
        const fresh = await reader.read(user.id, cancellation.signal);
        if (fresh !== undefined) return await this.#finish(fresh);
      } catch (error) {
        return this.#lookupFailed(error);
      }
    }
    if (existing.ifExists === 'skip') return { status: 'exists', oktaId: user.id, userStatus: user.status };
    const update = new UserUpdate(this.#operation, this.#context, existing, interrupted);
    const result = await update.run(lookedUp);
    this.attempts += update.attempts;
    return result;
  }

  /** Writes a password before anything else can fail, and adds the user to the groups that the create could not take. */
  async #completeCreated(created: Extract<CreateResult, { status: 'created' }>): Promise<RowResult> {
    const result = await this.#written(created, created.requestId);
    // Groups are joined even if the link was refused, since running activate again issues only the link.
    const isCreated =
      result.status === 'created' || (result.status === 'failed' && result.written !== undefined);
    if (!isCreated) return result;
    const { cancellation, columnOf, access } = this.#context;
    const refused = await this.#joinMoreGroups(created.user.id);
    if (refused === undefined) return result;
    const { error, groupId } = refused;
    if (cancellation.isCauseOf(error)) return inDoubt(cancellation.stopReason('during'), 'added to groups');
    const reaction = reactionTo(error, true);
    const isRowOnly = await access?.concernsOnlyRow(error);
    if (!isRowOnly && isRunStopping(reaction)) cancellation.fail(error);
    const reported = toReportedError(error, columnOf, refusedRow(this.#operation, groupId));
    if (!isRowOnly && reaction.kind !== 'rejected') return inDoubt(reported.message, 'added to groups');
    if (result.status === 'failed') {
      const message = `${result.error.message} The user could not be added to all groups either: ${reported.message}`;
      return { ...result, error: { ...result.error, message } };
    }
    const message = `The user was created, but could not be added to all groups: ${reported.message}`;
    const { requestId: _requestId, ...written } = result;
    return { status: 'failed', error: { ...reported, message }, written };
  }

  /** @returns the first group that the user cannot be added to, and why. */
  async #joinMoreGroups(
    oktaId: string,
  ): Promise<{ readonly groupId: string; readonly error: unknown } | undefined> {
    const { client, cancellation } = this.#context;
    for (const groupId of this.#operation.moreGroupIds ?? []) {
      try {
        await client.addToGroup(groupId, oktaId, { signal: cancellation.signal });
      } catch (error) {
        return { groupId, error };
      }
    }
    return undefined;
  }
}

/** Whether a user still has the login of the row. */
function isOwner(lookedUp: LookedUpUser | undefined, { login }: CreateOperation): boolean {
  return lookedUp !== undefined && isSameLogin(lookedUp.user.profile.login, login);
}
