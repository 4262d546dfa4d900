import { isSameLogin } from '../okta/login.js';
import { MAX_ATTEMPTS, backoffMs, reactionTo } from '../okta/http/retry.js';
import type { User } from '../okta/types.js';
import type { Problem } from '../rows/problem.js';

import type { ApplyContext } from './apply-context.js';
import { differences, isSameValue } from './profile-diff.js';
import type { ExistingUserPolicy } from './existing-user-policy.js';
import { toReportedError } from './row-error.js';
import { withGrace, SETTLE_GRACE_MS } from './shutdown-grace.js';
import { JournalError } from '../journal/journal.js';
import type { RecordedUpdate } from '../journal/journal-line.js';
import type { IndexedUser } from '../org/user-index.js';
import { inDoubt, notAttempted, type Change, type RowResult, type ReportedError } from '../rows/outcome.js';
import type { CreateOperation } from '../rows/operation.js';
import type { LookedUpUser } from '../org/user-lookup.js';

/** Why a user who is there cannot be brought up to date; undefined when nothing speaks against it. */
export function updateProblem(
  user: IndexedUser,
  { login, request }: Pick<CreateOperation, 'login' | 'request'>,
  columnOf: ApplyContext['columnOf'],
): Problem | undefined {
  if (user.status === 'DEPROVISIONED') {
    return {
      code: 'deprovisioned',
      column: columnOf('profile.login'),
      message: `the user "${login}" (${user.id}) is deactivated, and is not brought back by an import: activate or delete it in the org, or take the row out.`,
    };
  }
  if (request.type !== undefined && request.type.id !== user.type.id) {
    return {
      code: 'other-type',
      column: columnOf('type'),
      message: `the user "${login}" (${user.id}) is of another user type (${user.type.id}), which an update cannot change: correct the type, or leave it out.`,
    };
  }
  return undefined;
}

/** What is still to be written for a row. */
interface Missing {
  readonly changes: readonly Change[];
  /** Ids of groups. */
  readonly joins: readonly string[];
}

/**
 * Brings one user up to date: looks, writes down what it will do, does it, and looks again where the outcome is not
 * known, until nothing is missing. A write that is repeated does no harm, so none is lost and none is done for nothing.
 */
export class UpdateUser {
  attempts = 0;
  readonly #operation: CreateOperation;
  readonly #context: ApplyContext;
  readonly #existing: Omit<ExistingUserPolicy, 'close'>;
  readonly #groupIds: readonly string[];
  /** What was recorded before it was sent, by attribute; `from` is what stood there before the first write. */
  readonly #recorded = new Map<string, Change>();
  /** The same for groups. */
  readonly #joins = new Set<string>();
  /** Attributes whose write was answered: where Okta spells a value in its own way, it is not sent again. */
  readonly #writtenAttributes = new Set<string>();
  /** Groups that the user was put into. */
  readonly #joined = new Set<string>();
  /** Whether something may have been done that is not finished. */
  #mayHaveWritten: boolean;
  #requestId: string | undefined;

  /** @param interrupted - what an earlier process of this run had begun. */
  constructor(
    operation: CreateOperation,
    context: ApplyContext,
    existing: Omit<ExistingUserPolicy, 'close'>,
    interrupted?: RecordedUpdate,
  ) {
    this.#operation = operation;
    this.#context = context;
    this.#existing = existing;
    this.#groupIds = [...(operation.request.groupIds ?? []), ...(operation.moreGroupIds ?? [])];
    this.#mayHaveWritten = interrupted !== undefined;
    for (const change of interrupted?.changes ?? []) this.#recorded.set(change.attribute, change);
    for (const groupId of interrupted?.joins ?? []) this.#joins.add(groupId);
  }

  /**
   * @param known - the user who has the login.
   * @returns undefined when there is no such user after all.
   * @throws only what is a bug.
   */
  async run(lookedUp: LookedUpUser): Promise<RowResult | undefined> {
    const { cancellation } = this.#context;
    let { user, isFresh } = lookedUp;
    try {
      for (let failures = 0; ;) {
        const problem = updateProblem(user, this.#operation, this.#context.columnOf);
        const missing = problem === undefined ? await this.#missing(user) : NOTHING;
        if (problem === undefined && isNothing(missing)) return this.#result(user);
        if (!isFresh && (problem !== undefined || this.#existing.users.shouldSpotCheck())) {
          const read = await this.#reread(user);
          if (read === undefined) return undefined;
          user = read;
          isFresh = true;
          continue;
        }
        if (problem !== undefined) {
          return this.#mayHaveWritten
            ? this.#failedWith(
                { errorCode: problem.code, message: problem.message, requestId: undefined },
                user,
              )
            : { status: 'invalid', problems: [problem] };
        }
        if (cancellation.isAborted) return this.#stopped();
        await this.#record(user.id, missing);
        try {
          user = (await this.#send(user, missing)) ?? user;
          if (!isSameLogin(user.profile.login, this.#operation.login)) return await this.#revertWrites(user);
        } catch (error) {
          failures += 1;
          if (reactionTo(error, true).kind !== 'in-doubt' || failures >= MAX_ATTEMPTS) throw error;
          const read = await this.#readAfterUnknownWrite(user.id, failures);
          if (read === undefined) return undefined;
          user = read;
          isFresh = true;
        }
      }
    } catch (error) {
      return this.#failed(error, user);
    }
  }

  async #missing({ id, profile }: IndexedUser): Promise<Missing> {
    const { request, cleared } = this.#operation;
    const changes = differences(profile, request.profile, cleared);
    const groupIds = this.#groupIds.filter((groupId) => !this.#joined.has(groupId));
    return {
      changes: changes.filter(({ attribute }) => !this.#writtenAttributes.has(attribute)),
      joins: await this.#existing.memberships.missing(id, groupIds, this.#context.cancellation.signal),
    };
  }

  /** What a listing says is confirmed before a write rests on it. @returns undefined: the login is somebody else's now. */
  async #reread({ id, profile }: IndexedUser): Promise<User | undefined> {
    const { client, cancellation } = this.#context;
    const read = await client.getUser(id, { signal: cancellation.signal });
    const isAsListed = read !== undefined && differences(profile, read.profile).length === 0;
    if (!isAsListed) this.#existing.users.markListingStale();
    return read !== undefined && isSameLogin(read.profile.login, this.#operation.login) ? read : undefined;
  }

  /** After a write whose outcome is unknown; also when the run is being stopped, but not at any price. */
  async #readAfterUnknownWrite(userId: string, failures: number): Promise<User | undefined> {
    const { client, clock, random, cancellation } = this.#context;
    await clock.sleep(backoffMs(failures, random()), cancellation.signal).catch(() => {
      // The run is being stopped: what came of the write is to be found out all the same.
    });
    return withGrace({ signal: cancellation.signal, graceMs: SETTLE_GRACE_MS, clock }, (late) =>
      client.getUser(userId, { signal: late }),
    );
  }

  /** @throws {JournalError} nothing may be sent then. */
  async #record(oktaId: string, { changes, joins }: Missing): Promise<void> {
    const { client, clock, journal } = this.#context;
    for (const { attribute, from, to } of changes) {
      const first = this.#recorded.get(attribute);
      this.#recorded.set(attribute, { attribute, from: first === undefined ? from : first.from, to });
    }
    for (const groupId of joins) this.#joins.add(groupId);
    const { serverClock } = client.governor;
    const atMs = serverClock.isKnown ? serverClock.earliest(clock.now()) : 0;
    const update = { oktaId, changes: [...this.#recorded.values()], joins: [...this.#joins] };
    await journal.recordAttempt(this.#operation, atMs, update);
  }

  /** @returns the user as the org answered, if it did with one. */
  async #send({ id }: IndexedUser, { changes, joins }: Missing): Promise<User | undefined> {
    const { client, cancellation } = this.#context;
    this.attempts += 1;
    let user: User | undefined;
    try {
      if (changes.length > 0) {
        const profile = Object.fromEntries(changes.map(({ attribute, to }) => [attribute, to]));
        const answer = await client.updateProfile(id, profile, { signal: cancellation.signal });
        for (const { attribute } of changes) this.#writtenAttributes.add(attribute);
        this.#mayHaveWritten = true;
        this.#requestId = answer.requestId;
        user = answer.user;
        this.#checkListing(user);
      }
      for (const groupId of joins) {
        await client.addToGroup(groupId, id, { signal: cancellation.signal });
        this.#joined.add(groupId);
        this.#mayHaveWritten = true;
      }
    } catch (error) {
      // A wait was cut short: this was not sent.
      if (cancellation.isCauseOf(error)) this.attempts -= this.#mayHaveWritten ? 0 : 1;
      else if (reactionTo(error, true).kind === 'in-doubt') this.#mayHaveWritten = true;
      throw error;
    }
    return user;
  }

  /** An answer that shows more to do than was sent is one that the listing knew nothing of. */
  #checkListing({ profile }: User): void {
    const { request, cleared } = this.#operation;
    const others = differences(profile, request.profile, cleared).filter(
      ({ attribute }) => !this.#writtenAttributes.has(attribute),
    );
    if (others.length > 0) this.#existing.users.markListingStale();
  }

  #result({ id, status }: IndexedUser): RowResult {
    const base = { oktaId: id, userStatus: status };
    if (this.#recorded.size === 0 && this.#joins.size === 0) return { status: 'unchanged', ...base };
    return {
      status: 'updated',
      ...base,
      changes: [...this.#recorded.values()],
      joined: [...this.#joins],
      requestId: this.#requestId,
    };
  }

  #stopped(): RowResult {
    const stopReason = this.#context.cancellation.stopReason();
    const { row, login } = this.#operation;
    return this.#mayHaveWritten ? inDoubt(stopReason, 'updated') : notAttempted(row, login, stopReason);
  }

  /**
   * The login changed hands after it was listed: its former owner gets back what was written to them.
   *
   * @returns undefined: the row is about whoever has the login now.
   */
  async #revertWrites({ id }: IndexedUser): Promise<undefined> {
    const { client, cancellation } = this.#context;
    this.#existing.users.markListingStale();
    const former = [...this.#recorded.values()].map(({ attribute, from }) => [attribute, from]);
    if (former.length > 0) {
      await client.updateProfile(id, Object.fromEntries(former), { signal: cancellation.signal });
    }
    for (const groupId of this.#joined) {
      await client.removeFromGroup(groupId, id, { signal: cancellation.signal });
    }
    this.#mayHaveWritten = false;
    return undefined;
  }

  #failed(error: unknown, user: IndexedUser): RowResult {
    const { cancellation, columnOf } = this.#context;
    if (cancellation.isCauseOf(error)) return this.#stopped();
    if (error instanceof JournalError) {
      cancellation.fail(error);
      return this.#stopped();
    }
    const reaction = reactionTo(error, true);
    if (reaction.kind === 'stop') {
      cancellation.fail(error);
      return this.#stopped();
    }
    const reported = toReportedError(error, columnOf);
    const isOpen = reaction.kind === 'in-doubt' || (reaction.kind === 'retry' && this.#mayHaveWritten);
    if (isOpen) return inDoubt(reported.message, 'updated');
    return this.#failedWith(reported, user);
  }

  /** What was done all the same is for `undo` to know. */
  #failedWith(reported: ReportedError, { id, status, profile }: IndexedUser): RowResult {
    const changes = [...this.#recorded.values()].filter(
      ({ attribute, to }) =>
        this.#writtenAttributes.has(attribute) || isSameValue(profile[attribute] ?? null, to),
    );
    const joined = [...this.#joined];
    if (changes.length === 0 && joined.length === 0) return { status: 'failed', error: reported };
    const written = { status: 'updated' as const, oktaId: id, userStatus: status, changes, joined };
    return { status: 'failed', error: reported, written };
  }
}

const NOTHING: Missing = { changes: [], joins: [] };

function isNothing({ changes, joins }: Missing): boolean {
  return changes.length === 0 && joins.length === 0;
}
