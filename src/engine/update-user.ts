import type { RecordedUpdate } from '../journal/journal-line.js';
import { backoffMs, isRunStopping, MAX_ATTEMPTS, reactionTo } from '../okta/http/failure-reaction.js';
import { isSameLogin } from '../okta/login.js';
import type { User } from '../okta/types.js';
import type { IndexedUser } from '../org/user-index.js';
import type { LookedUpUser } from '../org/user-lookup.js';
import type { CreateOperation } from '../rows/operation.js';
import { failedWith, inDoubt, type ReportedError, type RowResult } from '../rows/outcome.js';

import { orgTimeMs, type ApplyContext } from './apply-context.js';
import type { ExistingUserPolicy } from './existing-user-policy.js';
import { profileChanges } from './profile-diff.js';
import { refusedRow, stopsRun, toReportedError } from './row-error.js';
import { SETTLE_GRACE_MS, withGrace } from './shutdown-grace.js';
import { isSourcedElsewhere, RefusedChanges } from './sourced-user.js';
import { realmWarning, updateProblem } from './update-problem.js';
import { UpdateRecord, type MissingUpdate } from './update-record.js';

/**
 * Updates one existing user: reads it, journals what is missing, writes it, and reads again where the outcome is unknown,
 * until nothing is missing. Repeating a write is harmless, so none is lost and none is sent without need.
 */
export class UserUpdate {
  attempts = 0;
  readonly #operation: CreateOperation;
  readonly #context: ApplyContext;
  readonly #existing: Omit<ExistingUserPolicy, 'close'>;
  readonly #groupIds: readonly string[];
  readonly #record: UpdateRecord;
  readonly #refused = new RefusedChanges();
  /** Groups that the user is in, as the org has said. */
  readonly #isMember = new Set<string>();
  /** ID of the group that the user is being added to. */
  #joining: string | undefined;

  /** @param interrupted - what an earlier process of this run was writing. */
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
    this.#record = new UpdateRecord(interrupted);
  }

  /**
   * @param lookedUp - the user who has the login.
   * @returns undefined when no user has the login after all.
   * @throws only bugs.
   */
  async run(lookedUp: LookedUpUser): Promise<RowResult | undefined> {
    const { cancellation, columnOf, isMasteredByOkta } = this.#context;
    let { user, isFresh } = lookedUp;
    const warning = realmWarning(user, this.#operation, columnOf);
    if (warning !== undefined) this.#context.warn?.(warning, this.#operation);
    try {
      for (let failures = 0; ;) {
        const problem = updateProblem(user, this.#operation, columnOf);
        const missing = problem === undefined ? await this.#missing(user) : NOTHING;
        if (problem === undefined && isNothing(missing)) return this.#completed(user);
        if (!isFresh && (problem !== undefined || this.#existing.users.shouldSpotCheck())) {
          const read = await this.#reread(user);
          if (read === undefined) return undefined;
          user = read;
          isFresh = true;
          continue;
        }
        if (problem !== undefined) {
          return this.#record.mayHaveWritten
            ? this.#failedWith(failedWith(problem.code, problem.message).error, user)
            : { status: 'invalid', problems: [problem] };
        }
        if (cancellation.isAborted) return this.#stopped();
        await this.#journal(user.id, missing);
        try {
          user = (await this.#send(user, missing)) ?? user;
          if (!isSameLogin(user.profile.login, this.#operation.login)) return await this.#revertWrites(user);
        } catch (error) {
          if (isSourcedElsewhere(error) && missing.changes.length > 0 && this.#joining === undefined) {
            this.#refused.add(missing.changes, user, error, isMasteredByOkta);
            continue;
          }
          failures += 1;
          const reaction = reactionTo(error, true);
          if (reaction.kind !== 'in-doubt' || failures >= MAX_ATTEMPTS) throw error;
          if (isRunStopping(reaction) && failures > 1) throw error;
          const read = await this.#readAfterUnknownWrite(user.id, failures);
          if (read === undefined) return undefined;
          user = read;
          isFresh = true;
        }
      }
    } catch (error) {
      return await this.#failed(error, user);
    }
  }

  async #missing({ id, profile }: IndexedUser): Promise<MissingUpdate> {
    const { cancellation } = this.#context;
    const { request, cleared } = this.#operation;
    const changes = profileChanges(profile, request.profile, cleared);
    const groupIds = this.#groupIds.filter(
      (groupId) => !this.#record.hasJoined(groupId) && !this.#isMember.has(groupId),
    );
    const joins = await this.#existing.memberships.missingGroups(id, groupIds, cancellation.signal);
    for (const groupId of groupIds) if (!joins.includes(groupId)) this.#isMember.add(groupId);
    return {
      changes: changes.filter(
        (change) => !this.#record.isWritten(change) && !this.#refused.has(change.attribute),
      ),
      joins,
    };
  }

  /** Confirms what the index says before a write relies on it. @returns undefined when another user has the login now. */
  async #reread({ id, profile }: IndexedUser): Promise<User | undefined> {
    const { reader, cancellation } = this.#context;
    const read = await reader.read(id, cancellation.signal);
    const isAsListed = read !== undefined && profileChanges(profile, read.profile).length === 0;
    if (!isAsListed) this.#existing.users.markListingStale();
    return read !== undefined && isSameLogin(read.profile.login, this.#operation.login) ? read : undefined;
  }

  /** Also while the run is being stopped, for a limited time. */
  async #readAfterUnknownWrite(userId: string, failures: number): Promise<User | undefined> {
    const { reader, clock, random, cancellation } = this.#context;
    await clock.sleep(backoffMs(failures, random()), cancellation.signal).catch(() => {
      // The run is being stopped, but the outcome of the write still has to be found out.
    });
    return withGrace({ signal: cancellation.signal, graceMs: () => SETTLE_GRACE_MS, clock }, (graceSignal) =>
      reader.read(userId, graceSignal),
    );
  }

  /** @throws {JournalError} nothing may be sent then. */
  async #journal(oktaId: string, missing: MissingUpdate): Promise<void> {
    const update = this.#record.add(oktaId, missing);
    await this.#context.journal.recordAttempt(this.#operation, { orgMs: orgTimeMs(this.#context) }, update);
  }

  /** @returns the user as in Okta's response, if the profile was updated. */
  async #send({ id }: IndexedUser, { changes, joins }: MissingUpdate): Promise<User | undefined> {
    const { client, cancellation } = this.#context;
    const { signal } = cancellation;
    this.attempts += 1;
    let user: User | undefined;
    try {
      if (changes.length > 0) {
        const profile = Object.fromEntries(changes.map(({ attribute, to }) => [attribute, to]));
        const response = await client.updateProfile(id, profile, { signal });
        this.#record.markWritten(changes, response.requestId);
        user = response.user;
        this.#checkListing(user);
      }
      for (const groupId of joins) {
        this.#joining = groupId;
        await client.addToGroup(groupId, id, { signal });
        this.#record.markJoined(groupId);
      }
      this.#joining = undefined;
    } catch (error) {
      // A wait was aborted: this request was not sent.
      if (cancellation.isCauseOf(error)) this.attempts -= this.#record.mayHaveWritten ? 0 : 1;
      else if (reactionTo(error, true).kind === 'in-doubt') this.#record.markInDoubt();
      throw error;
    }
    return user;
  }

  /** When a response shows more changes than were sent, the listing is out of date. */
  #checkListing({ profile }: User): void {
    const { request, cleared } = this.#operation;
    const changes = profileChanges(profile, request.profile, cleared);
    if (!changes.every((change) => this.#record.isWritten(change))) this.#existing.users.markListingStale();
  }

  #completed(user: IndexedUser): RowResult {
    const refusal = this.#refused.toError(user, this.#context.columnOf);
    if (refusal !== undefined) return this.#failedWith(refusal, user);
    return this.#record.complete(user) ?? { status: 'unchanged', oktaId: user.id, userStatus: user.status };
  }

  #stopped(): RowResult {
    const { cancellation } = this.#context;
    return this.#record.mayHaveWritten
      ? inDoubt(cancellation.stopReason('during'), 'updated')
      : { status: 'not-attempted', reason: cancellation.stopReason() };
  }

  /**
   * The login went to another user after it was listed: its former owner gets back what was overwritten.
   *
   * @returns undefined: the row is about the user who has the login now.
   */
  async #revertWrites({ id }: IndexedUser): Promise<undefined> {
    const { client, cancellation } = this.#context;
    const { signal } = cancellation;
    this.#existing.users.markListingStale();
    const profile = this.#record.formerValues();
    if (Object.keys(profile).length > 0) await client.updateProfile(id, profile, { signal });
    for (const groupId of this.#record.joinedGroups) await client.removeFromGroup(groupId, id, { signal });
    this.#record.markReverted();
    return undefined;
  }

  async #failed(error: unknown, user: IndexedUser): Promise<RowResult> {
    const { cancellation, columnOf } = this.#context;
    if (cancellation.isCauseOf(error)) return this.#stopped();
    if (await stopsRun(error, this.#context)) {
      cancellation.fail(error);
      return this.#stopped();
    }
    const reported = toReportedError(error, columnOf, {
      ...refusedRow(this.#operation, this.#joining),
      storedLogin: user.profile.login,
    });
    const { kind } = reactionTo(error, true);
    const isInDoubt = kind === 'in-doubt' || (kind === 'retry' && this.#record.mayHaveWritten);
    return isInDoubt ? inDoubt(reported.message, 'updated') : this.#failedWith(reported, user);
  }

  #failedWith(error: ReportedError, user: IndexedUser): RowResult {
    const written = this.#record.partial(user);
    return { status: 'failed', error, ...(written && { written }) };
  }
}

const NOTHING: MissingUpdate = { changes: [], joins: [] };

function isNothing({ changes, joins }: MissingUpdate): boolean {
  return changes.length === 0 && joins.length === 0;
}
