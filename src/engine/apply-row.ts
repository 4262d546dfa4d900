import { reactionTo } from '../okta/http/retry.js';
import type { User } from '../okta/types.js';

import type { ApplyContext } from './apply-context.js';
import { Create } from './create-user.js';
import { explain } from './row-error.js';
import type { RecordedUpdate } from '../journal/journal.js';
import {
  inDoubt,
  type CreateOperation,
  type Done,
  type Ending,
  type Outcome,
  type ReportedError,
} from '../rows/outcome.js';
import type { Known } from '../org/user-lookup.js';
import { profileDigest } from './profile-digest.js';
import { isOurs } from './settle-create.js';
import { Update } from './update-user.js';

/**
 * Does what one row asks for: creates the user, or deals with the one who has the login. Each attempt is journaled before it is
 * sent. The one outcome is handed to the journal and not waited for, so that the next row takes this one's place at once: whoever
 * tells of it waits (`Journal.written`). When the journal cannot be written the run is stopped; the outcome is true all the same.
 *
 * @throws only what is a bug.
 */
export async function applyRow(operation: CreateOperation, context: ApplyContext): Promise<Outcome> {
  const { clock, journal } = context;
  const { row, login } = operation;
  const startedAtMs = clock.now();
  const application = new Application(operation, context);
  const ending = await application.run();
  const durationMs = Math.round(clock.now() - startedAtMs);
  const outcome = {
    row: row.row,
    line: row.line,
    login,
    attempts: application.attempts,
    durationMs,
    ...ending,
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

  run(): Promise<Ending> {
    return this.#context.existing === undefined ? this.#create() : this.#createOrUpdate();
  }

  async #createOrUpdate(): Promise<Ending> {
    const { earlier } = this.#context;
    const { row } = this.#operation.row;
    const interrupted = earlier?.interruptedUpdate(row);
    // A create in doubt is settled before anything else.
    const isCreateInDoubt = interrupted === undefined && earlier?.inDoubtSinceMs(row) !== undefined;
    if (isCreateInDoubt) return this.#create();
    let known: Known | undefined;
    try {
      known = await this.#find(interrupted);
    } catch (error) {
      return this.#notAsked(error);
    }
    if (known === undefined) return this.#create();
    return (await this.#update(known, interrupted)) ?? this.#create();
  }

  async #find(interrupted: RecordedUpdate | undefined): Promise<Known | undefined> {
    const { client, cancellation, existing } = this.#context;
    if (interrupted === undefined) return existing?.people.find(this.#operation.login, cancellation.signal);
    const user = await client.getUser(interrupted.oktaId, { signal: cancellation.signal });
    return user && { user, isFresh: true };
  }

  async #create(): Promise<Ending> {
    const { existing } = this.#context;
    const { problemsOfCreate = [] } = this.#operation;
    if (problemsOfCreate.length > 0) return { status: 'invalid', problems: problemsOfCreate };
    const create = new Create(this.#operation, this.#context);
    const ending = await create.run();
    this.attempts += create.attempts;
    if (ending.status === 'created') return this.#created(ending.user, ending.requestId);
    if (ending.status !== 'taken') return ending;
    const failed = { status: 'failed', error: ending.error } as const;
    if (existing === undefined) return failed;
    let known: Known | undefined;
    try {
      const { user } = ending;
      const { login } = this.#operation;
      known = user
        ? { user, isFresh: true }
        : await existing.people.findFresh(login, this.#context.cancellation.signal);
    } catch (error) {
      return this.#notAsked(error);
    }
    // Nobody to be found: what is taken is the email, in an org that says so of the login.
    return (known && (await this.#update(known, undefined))) ?? failed;
  }

  async #update(known: Known, interrupted: RecordedUpdate | undefined): Promise<Ending | undefined> {
    const { existing, earlier } = this.#context;
    const { login, request } = this.#operation;
    if (existing === undefined) return undefined;
    const { user } = known;
    // A power cut took the record of the create that made this user.
    const lost = interrupted === undefined ? earlier?.lost : undefined;
    if (lost !== undefined && isOurs(user, { login, request, ...lost })) {
      return this.#created(user, undefined);
    }
    if (existing.then === 'skip') return { status: 'exists', oktaId: user.id, userStatus: user.status };
    const update = new Update(this.#operation, this.#context, existing, interrupted);
    const ending = await update.run(known);
    this.attempts += update.attempts;
    return ending;
  }

  /** The user is there: what one create could not take is done now. */
  async #created(
    user: Pick<User, 'id' | 'status' | 'profile'>,
    requestId: string | undefined,
  ): Promise<Ending> {
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
      const reported = explain(error, columnOf);
      if (reaction.kind !== 'refused') return inDoubt(reported.message, 'put into all of its groups');
      const message = `The user was created, but is not in all of its groups: ${reported.message}`;
      const done: Done = { status: 'created', ...created };
      return { status: 'failed', error: { ...reported, message } satisfies ReportedError, done };
    }
  }

  /** The org could not be asked who has the login: nothing was sent. */
  #notAsked(error: unknown): Ending {
    const { cancellation, columnOf } = this.#context;
    const isStopped = cancellation.isCauseOf(error);
    if (!isStopped && reactionTo(error, false).kind === 'stop') cancellation.fail(error);
    if (cancellation.isAborted) return { status: 'not-attempted', because: cancellation.stopReason() };
    return { status: 'failed', error: explain(error, columnOf) };
  }
}
