import { JournalError } from '../journal/journal.js';
import { LockLostError } from '../journal/lock-file.js';
import type { PossibleCreate } from '../journal/possible-create.js';
import { isDuplicate, isOktaResponse } from '../okta/errors.js';
import { canReadByLogin } from '../okta/find-user.js';
import { backoffMs, MAX_ATTEMPTS, reactionTo } from '../okta/http/failure-reaction.js';
import { isSameLogin } from '../okta/login.js';
import type { CreateOperation } from '../rows/operation.js';
import type { Secret } from '../secret.js';
import { inDoubt, type ReportedError } from '../rows/outcome.js';
import { messageOf } from '../text.js';

import { isAccessRefusal } from './access-refusals.js';
import type { ApplyContext } from './apply-context.js';
import { CreateAttempts, type RecordedAttempt } from './create-attempts.js';
import { judgeClaim, judgeUser } from './settle-create.js';
import { passwordFor, withPassword } from './generate-password.js';
import { CreatesFailError } from './create-health.js';
import {
  isCredentialsRejection,
  isKnownSpuriousError,
  isLoginTaken,
  looksAfterRejection,
  wrongUserError,
} from './create-rejection.js';
import { conflictWith, isDecided, takenBy, type CreateResult } from './create-result.js';
import { findAfterCreate } from './find-after-create.js';
import { canBeFinished, createdWithoutCredentials, lacksCredentials } from './finish-user.js';
import { toReportedError } from './row-error.js';
import { SETTLE_GRACE_MS, withGrace } from './shutdown-grace.js';

/** How long a create is retried beyond its attempts while no create of the run succeeds. */
const MAX_OUTAGE_MS = 45_000;

/** A gateway that rejects creates is asked again this often before the run ends. */
const MAX_TIMES_BLOCKED = 2;
/** Looks for the user of a login that exists although nothing was in doubt; reads lag behind writes by moments. */
const MAX_LOOKS_AFTER_FIRST_REJECTION = 2;

/**
 * Creates the user of one row. After an attempt whose outcome is unknown, the user is read back before anything is sent
 * again; so it is after "login already exists", since a proxy may have sent the request twice.
 */
export class UserCreation {
  attempts = 0;
  readonly #operation: CreateOperation;
  readonly #context: ApplyContext;
  /** Generated for this row, and the same in all of its attempts. */
  readonly #password: Secret | undefined;
  readonly #body: string;
  readonly #own: CreateAttempts;
  /** Attempts of earlier processes that may have succeeded. */
  #earlier: readonly PossibleCreate[];
  /** When an attempt first failed, by this machine's clock. */
  #failingSinceMs: number | undefined;
  /** Whether the user was not looked for since the last attempt in doubt. */
  #isInDoubt: boolean;
  /** Whether any attempt was in doubt: its result may become visible later. */
  #wasInDoubt: boolean;
  /** Whether an attempt may show only after the user was looked for: it got no response from Okta, or a search has to find it. */
  #mayCommitLate: boolean;
  /** How often something other than Okta rejected the create in a way that it would reject all of them. */
  #timesBlocked = 0;
  /** Attempts that do not count. */
  #freeAttempts = 0;
  #hasRetriedSpurious = false;
  #lastError: unknown;

  /** @param ahead - the first attempt, if it was recorded already. */
  constructor(operation: CreateOperation, context: ApplyContext, ahead?: RecordedAttempt) {
    this.#operation = operation;
    this.#context = context;
    this.#password = passwordFor(operation, context.links);
    this.#body = JSON.stringify(withPassword(operation.request, this.#password));
    this.#own = new CreateAttempts(operation, context, ahead);
    this.#earlier = context.past?.possibleCreates(operation.row.row) ?? [];
    this.#isInDoubt = this.#earlier.length > 0;
    this.#wasInDoubt = this.#isInDoubt;
    this.#mayCommitLate = this.#isInDoubt;
  }

  async run(): Promise<CreateResult> {
    const { client, clock, cancellation, createHealth, knowledge } = this.#context;
    const { login, request, options } = this.#operation;
    const { signal } = cancellation;
    for (;;) {
      if (this.#isInDoubt) {
        // Pausing first gives a create that the org is still processing time to finish, and the next attempt directly
        // follows the look.
        if (this.attempts > 0) await this.#pause();
        const settled = await this.#settle();
        if (settled !== undefined) return settled;
        this.#forgetExpired();
        if (this.#timesBlocked >= MAX_TIMES_BLOCKED) {
          cancellation.fail(this.#lastError);
          return this.#stopped();
        }
        this.#stopRunIfCreatesFail();
        if (this.#isOutOfAttempts()) return this.#failed();
      }
      if (cancellation.isAborted) return this.#stopped();
      this.attempts += 1;
      try {
        const recording = this.#own.record();
        if (recording !== undefined) await recording;
        const { beforeSend } = this.#own;
        const response = await client.createUser(this.#body, options, { signal, beforeSend });
        const { user, requestId } = response;
        if (!isSameLogin(user.profile.login, login)) throw wrongUserError(response);
        const receivedAtMs = clock.now();
        knowledge.observeCreated(request, response, { sentAtMs: this.#own.sentAtMs, receivedAtMs });
        createHealth?.recordCreated(receivedAtMs);
        return { status: 'created', user, requestId, password: this.#password };
      } catch (error) {
        const result = await this.#afterFailure(error);
        if (result !== undefined) return result;
      }
    }
  }

  /** @returns undefined when the create should be sent again, after a look for the user if its outcome is in doubt. */
  async #afterFailure(error: unknown): Promise<CreateResult | undefined> {
    const { clock, cancellation, createHealth } = this.#context;
    // A wait was aborted, or the journal or the lock is lost: the request was not sent, or only got a 429, which is as good as not sent.
    const isBroken = error instanceof JournalError || error instanceof LockLostError;
    if (isBroken) cancellation.fail(error);
    if (isBroken || cancellation.isCauseOf(error)) {
      this.attempts -= 1;
      return this.#stopped();
    }
    this.#lastError = error;
    this.#failingSinceMs ??= clock.now();
    const reaction = reactionTo(error, true);
    switch (reaction.kind) {
      case 'in-doubt':
        this.#isInDoubt = true;
        this.#wasInDoubt = true;
        this.#mayCommitLate ||= !isOktaResponse(error) || !canReadByLogin(this.#operation.login);
        if (reaction.isBlocked) this.#timesBlocked += 1;
        if (reaction.isFree) this.#freeAttempts += 1;
        createHealth?.recordUnknown(clock.now());
        return undefined;
      case 'rejected':
        if (isKnownSpuriousError(error) && !this.#hasRetriedSpurious) {
          this.#hasRetriedSpurious = true;
          return undefined;
        }
        if (this.#mayBeLeftBehind(error)) return this.#findWithoutCredentials(error);
        return (await this.#settleAfterRejection(error)) ?? this.#failed();
      case 'retry': // Out of attempts, none of which was processed.
        return (await this.#settleAfterRejection(error)) ?? this.#failed();
      case 'stop':
        if (await this.#context.access?.concernsOnlyRow(error)) {
          return (await this.#settleAfterRejection(error)) ?? this.#failed();
        }
        cancellation.fail(error);
        return this.#stopped();
      default:
        return reaction satisfies never;
    }
  }

  /** The rejection may be about a user that this row created: in an earlier attempt, or because a proxy sent it twice. */
  async #settleAfterRejection(rejection: unknown): Promise<CreateResult | undefined> {
    const isTaken = isDuplicate(rejection);
    if (!this.#wasInDoubt && !isTaken) return undefined;
    const maxLooks = this.#wasInDoubt ? MAX_ATTEMPTS + 1 : MAX_LOOKS_AFTER_FIRST_REJECTION;
    for (let looks = 1; ; looks += 1) {
      const settled = await this.#settle(this.#wasInDoubt ? undefined : rejection);
      if (settled !== undefined && isDecided(settled)) return settled;
      if (settled?.status === 'taken') return { ...settled, error: this.#toReported(rejection) };
      this.#lastError = rejection;
      // The login exists, but no user is found: reads lag behind writes (Users, "Retrieve a user").
      if (settled !== undefined || !isTaken) return undefined;
      if (looks >= maxLooks || this.#context.cancellation.isAborted) {
        return this.#wasInDoubt ? inDoubt(messageOf(rejection)) : undefined;
      }
      await this.#pause(looks);
    }
  }

  /** After an attempt in doubt, the user is looked for in any case. */
  #mayBeLeftBehind(rejection: unknown): boolean {
    return this.#wasInDoubt ? isCredentialsRejection(rejection) : looksAfterRejection(rejection) > 0;
  }

  /** Okta may have rejected the credentials after it created the user, so undo must know that user. */
  async #findWithoutCredentials(rejection: unknown): Promise<CreateResult> {
    const error = this.#toReported(rejection);
    const maxLooks = looksAfterRejection(rejection);
    for (let looks = 1; ; looks += 1) {
      const settled = await this.#settle();
      if (settled?.status === 'created' || settled?.status === 'unfinished') {
        return createdWithoutCredentials(settled.user, error);
      }
      if (settled !== undefined && isCredentialsRejection(rejection)) return settled;
      if (looks >= maxLooks || this.#context.cancellation.isAborted) break;
      await this.#pause(looks);
    }
    return { status: 'failed', error };
  }

  /**
   * Looks for the user.
   *
   * @param firstRejection - "login already exists" as the response to the first attempt.
   * @returns undefined when the user does not exist, so that the create may be sent again.
   */
  async #settle(firstRejection?: unknown): Promise<CreateResult | undefined> {
    const { login, request } = this.#operation;
    const { clock, cancellation, knowledge, access } = this.#context;
    try {
      const user = await withGrace(
        { signal: cancellation.signal, graceMs: () => SETTLE_GRACE_MS, clock },
        (signal) => findAfterCreate(login, this.#context, { signal, isTaken: isDuplicate(this.#lastError) }),
      );
      this.#isInDoubt = false;
      if (user === undefined) return undefined;
      const evidence = {
        user,
        request,
        creates: [...this.#earlier, ...this.#own.possible()],
        isFirstRejection: firstRejection !== undefined,
        isShown: (attribute: string) => knowledge.isShown(attribute),
      };
      const claim = await knowledge.claimOf(user);
      const verdict = judgeClaim(judgeUser(evidence), claim, evidence);
      if (verdict.kind === 'foreign') {
        return canBeFinished(user, claim) ? { status: 'unfinished', user } : takenBy(user);
      }
      if (verdict.kind === 'conflict') return conflictWith(user, verdict.reason);
      if (lacksCredentials(user, this.#operation)) return { status: 'unfinished', user };
      return { status: 'created', user, requestId: undefined };
    } catch (error) {
      // Okta does not show the user to this admin, who could see a user that this run created.
      if (firstRejection !== undefined && isOktaResponse(error)) return undefined;
      // The row stays in doubt, so a resumed run starts with it.
      if (reactionTo(error, false).kind === 'stop' && !(await access?.concernsOnlyRow(error))) {
        cancellation.fail(error);
      }
      return inDoubt(messageOf(this.#lastError ?? error));
    }
  }

  /** Requests of earlier processes that can no longer be processed have certainly created nobody, if the user is absent. */
  #forgetExpired(): void {
    const { clock, knowledge } = this.#context;
    const nowMs = knowledge.clock.earliest(clock.now());
    this.#earlier = this.#earlier.filter(({ untilMs }) => untilMs >= nowMs);
    if (this.attempts > 0 || this.#earlier.length > 0) return;
    this.#wasInDoubt = false;
    this.#mayCommitLate = false;
  }

  /** Ends early when the run is being stopped: the outcome of the attempt still has to be found out. */
  async #pause(failures: number = this.attempts): Promise<void> {
    const { clock, random, cancellation } = this.#context;
    try {
      await clock.sleep(backoffMs(failures, random()), cancellation.signal);
    } catch (error) {
      if (!cancellation.isAborted) throw error;
    }
  }

  /** While no create of the run succeeds, the problem is the org and not this row: it gets more time. */
  #isOutOfAttempts(): boolean {
    if (this.attempts - this.#freeAttempts < MAX_ATTEMPTS) return false;
    const { clock, createHealth } = this.#context;
    const nowMs = clock.now();
    const doOthersSucceed = createHealth?.hasCreatedRecently(nowMs) ?? true;
    return doOthersSucceed || nowMs - (this.#failingSinceMs ?? nowMs) > MAX_OUTAGE_MS;
  }

  /** An org that responds to reads but creates no users is as good as unavailable: every further row would fail, slowly. */
  #stopRunIfCreatesFail(): void {
    const { client, clock, createHealth, cancellation } = this.#context;
    const failingMs = createHealth?.failingForMs(clock.now()) ?? 0;
    if (failingMs > client.giveUpAfterMs) {
      cancellation.fail(new CreatesFailError(client.orgUrl, failingMs, this.#lastError));
    }
  }

  #stopped(): CreateResult {
    const { cancellation } = this.#context;
    return this.#wasInDoubt
      ? inDoubt(cancellation.stopReason('during'))
      : { status: 'not-attempted', reason: cancellation.stopReason() };
  }

  #failed(): CreateResult {
    if (this.#isInDoubtAtEnd()) return inDoubt(messageOf(this.#lastError));
    const error = this.#toReported(this.#lastError);
    return isLoginTaken(this.#lastError)
      ? { status: 'taken', user: undefined, error }
      : { status: 'failed', error };
  }

  /** Whether the org may still process an attempt. When Okta rejected a later one, it would reject that one as well. */
  #isInDoubtAtEnd(): boolean {
    const isRejected =
      isAccessRefusal(this.#lastError) || reactionTo(this.#lastError, true).kind === 'rejected';
    return this.#mayCommitLate && (!isRejected || isDuplicate(this.#lastError));
  }

  #toReported(error: unknown): ReportedError {
    return toReportedError(error, this.#context.columnOf, this.#operation);
  }
}
