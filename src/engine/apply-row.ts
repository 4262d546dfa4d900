import { reactionTo } from '../okta/http/retry.js';
import type { User } from '../okta/types.js';

import type { ApplyContext } from './apply-context.js';
import { CreateUser } from './create-user.js';
import { toReportedError } from './row-error.js';
import type { RecordedUpdate } from '../journal/journal-line.js';
import {
  inDoubt,
  type WrittenChange,
  type RowResult,
  type RowOutcome,
  type ReportedError,
} from '../rows/outcome.js';
import type { CreateOperation } from '../rows/operation.js';
import type { LookedUpUser } from '../org/user-lookup.js';
import { profileDigest } from './profile-digest.js';
import { wasCreatedByThisAttempt } from './settle-create.js';
import { UpdateUser } from './update-user.js';

/**
 * Does what one row asks for: creates the user, or deals with the one who has the login. Each attempt is journaled before it is
 * sent. The one outcome is handed to the journal and not waited for, so that the next row takes this one's place at once: whoever
 * tells of it waits (`Journal.written`). When the journal cannot be written the run is stopped; the outcome is true all the same.
 *
 * @throws only what is a bug.
 */
export async function applyRow(operation: CreateOperation, context: ApplyContext): Promise<RowOutcome> {
  const { clock, journal } = context;
  const { row, login } = operation;
  const startedAtMs = clock.now();
  const application = new Application(operation, context);
  const result = await application.run();
  const durationMs = Math.round(clock.now() - startedAtMs);
  const outcome = {
    row: row.row,
    line: row.line,
    login,
    attempts: application.attempts,
    durationMs,
    ...result,
  };
  // Whoever resumes the run then finds the row in doubt and settles it.
  journal.recordOutcome(outcome).catch((error: unknown) => context.cancellation.fail(error));
  return outcome;
}

/** One row on its way through create, update and groups. */
class Application {
  attempts = 0;
  readonly #operation: CreateOperation;
  readonly #context: ApplyContext;

  constructor(operation: CreateOperation, context: ApplyContext) {
    this.#operation = operation;
    this.#context = context;
  }

  run(): Promise<RowResult> {
    return this.#context.existing === undefined ? this.#create() : this.#createOrUpdate();
  }

  async #createOrUpdate(): Promise<RowResult> {
    const { earlier } = this.#context;
    const { row } = this.#operation.row;
    const interrupted = earlier?.interruptedUpdate(row);
    // A create in doubt is settled before anything else.
    const isCreateInDoubt = interrupted === undefined && earlier?.inDoubtSinceMs(row) !== undefined;
    if (isCreateInDoubt) return this.#create();
    let lookedUp: LookedUpUser | undefined;
    try {
      lookedUp = await this.#findUser(interrupted);
    } catch (error) {
      return this.#lookupFailed(error);
    }
    if (lookedUp === undefined) return this.#create();
    return (await this.#update(lookedUp, interrupted)) ?? this.#create();
  }

  async #findUser(interrupted: RecordedUpdate | undefined): Promise<LookedUpUser | undefined> {
    const { client, cancellation, existing } = this.#context;
    if (interrupted === undefined) {
      return existing?.users.findByLogin(this.#operation.login, cancellation.signal);
    }
    const user = await client.getUser(interrupted.oktaId, { signal: cancellation.signal });
    return user && { user, isFresh: true };
  }

  async #create(): Promise<RowResult> {
    const { existing } = this.#context;
    const { createProblems = [] } = this.#operation;
    if (createProblems.length > 0) return { status: 'invalid', problems: createProblems };
    const create = new CreateUser(this.#operation, this.#context);
    const result = await create.run();
    this.attempts += create.attempts;
    if (result.status === 'created') return this.#created(result.user, result.requestId);
    if (result.status !== 'taken') return result;
    const failed = { status: 'failed', error: result.error } as const;
    if (existing === undefined) return failed;
    let lookedUp: LookedUpUser | undefined;
    try {
      const { user } = result;
      const { login } = this.#operation;
      lookedUp = user
        ? { user, isFresh: true }
        : await existing.users.readByLogin(login, this.#context.cancellation.signal);
    } catch (error) {
      return this.#lookupFailed(error);
    }
    // Nobody to be found: what is taken is the email, in an org that says so of the login.
    return (lookedUp && (await this.#update(lookedUp, undefined))) ?? failed;
  }

  async #update(
    lookedUp: LookedUpUser,
    interrupted: RecordedUpdate | undefined,
  ): Promise<RowResult | undefined> {
    const { existing, earlier } = this.#context;
    const { login, request } = this.#operation;
    if (existing === undefined) return undefined;
    const { user } = lookedUp;
    // A power cut took the record of the create that made this user.
    const lost = interrupted === undefined ? earlier?.unrecordedWindow : undefined;
    if (lost !== undefined && wasCreatedByThisAttempt(user, { login, request, ...lost })) {
      return this.#created(user, undefined);
    }
    if (existing.ifExists === 'skip') return { status: 'exists', oktaId: user.id, userStatus: user.status };
    const update = new UpdateUser(this.#operation, this.#context, existing, interrupted);
    const result = await update.run(lookedUp);
    this.attempts += update.attempts;
    return result;
  }

  /** The user is there: what one create could not take is done now. */
  async #created(
    user: Pick<User, 'id' | 'status' | 'profile'>,
    requestId: string | undefined,
  ): Promise<RowResult> {
    const { client, cancellation, columnOf } = this.#context;
    const created = { oktaId: user.id, userStatus: user.status, profileDigest: profileDigest(user.profile) };
    try {
      for (const groupId of this.#operation.moreGroupIds ?? []) {
        await client.addToGroup(groupId, user.id, { signal: cancellation.signal });
      }
      return { status: 'created', ...created, requestId };
    } catch (error) {
      if (cancellation.isCauseOf(error)) {
        return inDoubt(cancellation.stopReason(), 'put into all of its groups');
      }
      const reaction = reactionTo(error, true);
      if (reaction.kind === 'stop') cancellation.fail(error);
      const reported = toReportedError(error, columnOf);
      if (reaction.kind !== 'rejected') return inDoubt(reported.message, 'put into all of its groups');
      const message = `The user was created, but is not in all of its groups: ${reported.message}`;
      const written: WrittenChange = { status: 'created', ...created };
      return { status: 'failed', error: { ...reported, message } satisfies ReportedError, written };
    }
  }

  /** The org could not be asked who has the login: nothing was sent. */
  #lookupFailed(error: unknown): RowResult {
    const { cancellation, columnOf } = this.#context;
    const isStopped = cancellation.isCauseOf(error);
    if (!isStopped && reactionTo(error, false).kind === 'stop') cancellation.fail(error);
    if (cancellation.isAborted) return { status: 'not-attempted', reason: cancellation.stopReason() };
    return { status: 'failed', error: toReportedError(error, columnOf) };
  }
}
