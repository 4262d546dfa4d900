import { JournalError } from '../journal/journal.js';
import type { UserResponse } from '../okta/client.js';
import { isDuplicate, OktaApiError, OktaUnreadableResponseError } from '../okta/errors.js';
import { backoffMs, MAX_ATTEMPTS, reactionTo } from '../okta/http/failure-reaction.js';
import { isSameLogin } from '../okta/login.js';
import type { User } from '../okta/types.js';
import { userStatusText } from '../org/user-status.js';
import type { CreateOperation } from '../rows/operation.js';
import { failedWith, inDoubt, OUTCOME_UNKNOWN, type ReportedError, type RowResult } from '../rows/outcome.js';
import { messageOf } from '../text.js';

import { orgTimeMs, type ApplyContext } from './apply-context.js';
import { CreatesFailError } from './create-health.js';
import { toReportedError } from './row-error.js';
import { settleCreate } from './settle-create.js';
import { SETTLE_GRACE_MS, withGrace } from './shutdown-grace.js';

/** How long a create is retried beyond its attempts while no create of the run succeeds. */
const MAX_OUTAGE_MS = 45_000;

/** How the create of one row ended. */
export type CreateResult =
  | { readonly status: 'created'; readonly user: User; readonly requestId: string | undefined }
  /** The login already exists. `user`: who has it, if that is known. */
  | { readonly status: 'taken'; readonly user: User | undefined; readonly error: ReportedError }
  | Exclude<RowResult, { status: 'created' }>;

/**
 * Creates the user of one row. After an attempt whose outcome is unknown, the user is read back before anything is sent
 * again; so it is after "login already exists", when an earlier attempt of this row may have created that user.
 */
export class UserCreation {
  attempts = 0;
  readonly #operation: CreateOperation;
  readonly #context: ApplyContext;
  readonly #body: string;
  /** When an attempt was first made that may have succeeded, by the org's clock; undefined for none. */
  #sinceMs: number | undefined;
  /** Until when it can have succeeded; undefined for no limit. */
  readonly #untilMs: number | undefined;
  /** When an attempt first failed, by this machine's clock. */
  #failingSinceMs: number | undefined;
  /** Whether the user was not looked for since the last such attempt. */
  #isInDoubt: boolean;
  /** Whether any attempt was in doubt: a create without a response may still be processed after the user was looked for. */
  #wasInDoubt: boolean;
  #hasRetriedSpurious = false;
  #lastError: unknown;

  constructor(operation: CreateOperation, context: ApplyContext) {
    this.#operation = operation;
    this.#context = context;
    this.#body = JSON.stringify(operation.request);
    const inDoubtSinceMs = context.past?.inDoubtSinceMs(operation.row.row);
    this.#isInDoubt = inDoubtSinceMs !== undefined;
    this.#wasInDoubt = this.#isInDoubt;
    // A power failure can remove an attempt from the journal, so this run may have created a user then without a record.
    const unrecorded = inDoubtSinceMs === undefined ? context.past?.unrecordedWindow : undefined;
    this.#sinceMs = inDoubtSinceMs ?? unrecorded?.sinceMs;
    this.#untilMs = unrecorded?.untilMs;
  }

  async run(): Promise<CreateResult> {
    for (;;) {
      if (this.#isInDoubt) {
        // Pausing first gives a create that the org is still processing time to finish, and the next attempt directly
        // follows the look.
        if (this.attempts > 0) await this.#pause();
        const settled = await this.#settle();
        if (settled !== undefined) return settled;
        this.#stopRunIfCreatesFail();
        if (this.#isOutOfAttempts()) return this.#failed();
      }
      const result = await this.#attempt();
      if (result !== undefined) return result;
    }
  }

  /** @returns undefined when the outcome of the attempt is in doubt. */
  async #attempt(): Promise<CreateResult | undefined> {
    const { client, clock, journal, cancellation, createHealth } = this.#context;
    if (cancellation.isAborted) return this.#stopped();
    const atMs = orgTimeMs(this.#context);
    try {
      await journal.recordAttempt(this.#operation, atMs);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      cancellation.fail(error);
      return this.#stopped();
    }
    this.attempts += 1;
    try {
      const response = await client.createUser(this.#body, this.#operation.options, {
        signal: cancellation.signal,
      });
      if (!isSameLogin(response.user.profile.login, this.#operation.login)) throw wrongUserError(response);
      createHealth?.recordCreated(clock.now());
      return { status: 'created', ...response };
    } catch (error) {
      // A wait was aborted: the request was not sent, or only got a 429, which is as good as not sent.
      if (cancellation.isCauseOf(error)) {
        this.attempts -= 1;
        return this.#stopped();
      }
      this.#lastError = error;
      this.#failingSinceMs ??= clock.now();
      const reaction = reactionTo(error, true);
      switch (reaction.kind) {
        case 'in-doubt':
          this.#sinceMs ??= atMs;
          this.#isInDoubt = true;
          this.#wasInDoubt = true;
          createHealth?.recordUnknown(clock.now());
          return undefined;
        case 'rejected':
          if (isKnownSpuriousError(error) && !this.#hasRetriedSpurious) {
            this.#hasRetriedSpurious = true;
            return this.#attempt();
          }
          return (await this.#settleAfterRejection()) ?? this.#failed();
        case 'retry': // Out of attempts, none of which was processed.
          return (await this.#settleAfterRejection()) ?? this.#failed();
        case 'stop':
          cancellation.fail(error);
          return this.#stopped();
        default:
          return reaction satisfies never;
      }
    }
  }

  /** When an earlier attempt may have succeeded, the rejection may be about the user that it created. */
  async #settleAfterRejection(): Promise<CreateResult | undefined> {
    if (this.#sinceMs === undefined) return undefined;
    const rejection = this.#lastError;
    for (let looks = 1; ; looks += 1) {
      const settled = await this.#settle();
      if (settled?.status === 'created' || isUnknown(settled)) return settled;
      if (settled?.status === 'taken') return { ...settled, error: this.#toReported(rejection) };
      this.#lastError = rejection;
      // The login exists, but no user is found: reads lag behind writes (Users, "Retrieve a user").
      if (settled !== undefined || !this.#wasInDoubt || !isDuplicate(rejection)) return undefined;
      if (looks > MAX_ATTEMPTS || this.#context.cancellation.isAborted) return inDoubt(messageOf(rejection));
      await this.#pause(looks);
    }
  }

  /** @returns undefined when the user does not exist, so that the create may be sent again. */
  async #settle(): Promise<CreateResult | undefined> {
    const { login, request } = this.#operation;
    const { client, clock, cancellation } = this.#context;
    const attempt = { login, request, sinceMs: this.#sinceMs ?? 0, untilMs: this.#untilMs };
    try {
      const settled = await withGrace(
        { signal: cancellation.signal, graceMs: SETTLE_GRACE_MS, clock },
        (graceSignal) => settleCreate(attempt, client, graceSignal),
      );
      this.#isInDoubt = false;
      switch (settled.kind) {
        case 'created':
          return { status: 'created', user: settled.user, requestId: undefined };
        case 'absent':
          return undefined;
        case 'taken': {
          const { user } = settled;
          const message = `This login already exists in Okta (user ${user.id}, ${userStatusText(user.status)}).`;
          return { status: 'taken', user, error: failedWith('ERR_LOGIN_TAKEN', message).error };
        }
        default:
          return settled satisfies never;
      }
    } catch (error) {
      // The row stays in doubt, so a resumed run starts with it.
      if (reactionTo(error, false).kind === 'stop') cancellation.fail(error);
      return inDoubt(messageOf(this.#lastError ?? error));
    }
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
    if (this.attempts < MAX_ATTEMPTS) return false;
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
    const error = this.#toReported(this.#lastError);
    return isLoginTaken(this.#lastError)
      ? { status: 'taken', user: undefined, error }
      : { status: 'failed', error };
  }

  #toReported(error: unknown): ReportedError {
    return toReportedError(error, this.#context.columnOf);
  }
}

function isUnknown(result: CreateResult | undefined): boolean {
  return result?.status === 'failed' && result.error.errorCode === OUTCOME_UNKNOWN;
}

/** Orgs in which email addresses are unique also report a duplicate email as a duplicate login. */
function isLoginTaken(error: unknown): boolean {
  return isDuplicate(error) && error.errorCauses.some((cause) => cause.startsWith('login:'));
}

/**
 * The one rejection that Okta documents as spurious (known issue OKTA-1210697). The attributes have been validated against
 * the org's schema, so one retry is justified.
 */
function isKnownSpuriousError(error: unknown): boolean {
  return (
    error instanceof OktaApiError &&
    error.errorCode === 'E0000001' &&
    error.errorCauses.some((cause) => /^Property name '.*' is not defined in profile/.test(cause))
  );
}

function wrongUserError({ user, requestId }: UserResponse): OktaUnreadableResponseError {
  return new OktaUnreadableResponseError(
    { operation: 'POST /api/v1/users', status: 200, requestId },
    `about another user (${user.id})`,
  );
}
