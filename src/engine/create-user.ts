import { OktaImportError } from '../errors.js';
import type { UserResponse } from '../okta/client.js';
import { OktaApiError, OktaUnreadableResponseError } from '../okta/errors.js';
import { isSameLogin } from '../okta/login.js';
import { MAX_ATTEMPTS, backoffMs, reactionTo } from '../okta/http/retry.js';
import type { User, UserRequest } from '../okta/types.js';

import type { ApplyContext } from './apply-context.js';
import { toReportedError } from './row-error.js';
import { withGrace, SETTLE_GRACE_MS } from './shutdown-grace.js';
import { JournalError } from '../journal/journal.js';
import { inDoubt, OUTCOME_UNKNOWN, type RowResult, type ReportedError } from '../rows/outcome.js';
import type { CreateOperation } from '../rows/operation.js';
import { settleCreate } from './settle-create.js';
import { messageOf } from '../text.js';

/** How long a create is tried while nobody's succeeds, once its tries are spent. */
const MAX_OUTAGE_MS = 45_000;
const RECENT_MS = 10_000;

/** The org answers, and has created nobody for as long as it may be away. */
export class CreatesFailError extends OktaImportError {
  override readonly code = 'ERR_CREATES_FAIL';

  constructor(orgUrl: string, failingMs: number, cause: unknown) {
    const last = cause instanceof Error ? ` Last: ${cause.message.replace(/[.]?$/, '.')}` : '';
    super(`${orgUrl} answers, and has created nobody for ${Math.round(failingMs / 1000)} s.${last}`, {
      hint: 'Look at status.okta.com and wait until creates work again, then resume the run.',
      cause,
    });
  }
}

/** How one row's create ended: with a user, with the news that somebody has the login, or for good. */
export type CreateResult =
  | { readonly status: 'created'; readonly user: User; readonly requestId: string | undefined }
  /** `user`: who has it, if that is known already. */
  | { readonly status: 'taken'; readonly user: User | undefined; readonly error: ReportedError }
  | Exclude<RowResult, { status: 'created' }>;

/**
 * One row's create, from its first attempt to its ending. An attempt whose outcome is unknown is settled by reading the
 * user back before anything is sent again, and so is "login taken" when an earlier attempt of this row may have taken it.
 */
export class CreateUser {
  attempts = 0;
  readonly #operation: CreateOperation;
  readonly #context: ApplyContext;
  readonly #body: string;
  /** When the first attempt was made that may have gone through, by the org's clock; undefined when there is none. */
  #sinceMs: number | undefined;
  /** And until when it can have gone through, where that is known. */
  readonly #untilMs: number | undefined;
  /** When the first attempt failed, by our clock. */
  #failingSinceMs: number | undefined;
  /** Whether nobody has looked for the user since the last such attempt. */
  #isInDoubt: boolean;
  /** Whether it ever was: a create that nobody answered may go through later than we looked. */
  #wasInDoubt: boolean;
  #hasRetriedSpurious = false;
  #lastError: unknown;

  constructor(operation: CreateOperation, context: ApplyContext) {
    this.#operation = operation;
    this.#context = context;
    this.#body = JSON.stringify(operation.request);
    const inDoubtSinceMs = context.earlier?.inDoubtSinceMs(operation.row.row);
    this.#isInDoubt = inDoubtSinceMs !== undefined;
    this.#wasInDoubt = this.#isInDoubt;
    // A power cut can take the record of an attempt with it: a login taken in those moments may be our own doing.
    const lost = inDoubtSinceMs === undefined ? context.earlier?.unrecordedWindow : undefined;
    this.#sinceMs = inDoubtSinceMs ?? lost?.sinceMs;
    this.#untilMs = lost?.untilMs;
  }

  async run(): Promise<CreateResult> {
    for (;;) {
      if (this.#isInDoubt) {
        // The pause comes before the look: a create still under way in the org gets time to land, and what is seen is
        // fresh when the create is sent again.
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
    const { client, clock, journal, cancellation } = this.#context;
    if (cancellation.isAborted) return this.#stopped();
    const { serverClock } = client.governor;
    const atMs = serverClock.isKnown ? serverClock.earliest(clock.now()) : 0;
    try {
      await journal.recordAttempt(this.#operation, atMs);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      cancellation.fail(error);
      return this.#stopped();
    }
    this.attempts += 1;
    try {
      const answer = await client.createUser(this.#body, this.#operation.options, {
        signal: cancellation.signal,
      });
      if (!isSameLogin(answer.user.profile.login, this.#operation.login)) throw wrongUserError(answer);
      const { createHealth } = this.#context;
      if (createHealth) [createHealth.createdAtMs, createHealth.failingSinceMs] = [clock.now(), undefined];
      return { status: 'created', ...answer };
    } catch (error) {
      // A wait was cut short: it was not sent, or only turned away, which is as good as not sent.
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
          if (this.#context.createHealth) this.#context.createHealth.failingSinceMs ??= clock.now();
          return undefined;
        case 'rejected':
          if (isKnownSpuriousError(error) && !this.#hasRetriedSpurious) {
            this.#hasRetriedSpurious = true;
            return this.#attempt();
          }
          return (await this.#settleAfterRefusal()) ?? this.#failed();
        case 'retry': // Out of tries, none of which was processed.
          return (await this.#settleAfterRefusal()) ?? this.#failed();
        case 'stop':
          cancellation.fail(error);
          return this.#stopped();
        default:
          return reaction satisfies never;
      }
    }
  }

  /** A refusal after an attempt that may have gone through is what a user of our own making looks like. */
  async #settleAfterRefusal(): Promise<CreateResult | undefined> {
    if (this.#sinceMs === undefined) return undefined;
    const refusal = this.#lastError;
    for (let looks = 1; ; looks += 1) {
      const settled = await this.#settle();
      if (settled?.status === 'created' || isUnknown(settled)) return settled;
      if (settled?.status === 'taken') return { ...settled, error: this.#reported(refusal) };
      this.#lastError = refusal;
      // Taken, and yet nobody is there: what is read lags behind what was written (Users, "Retrieve a user").
      if (settled !== undefined || !this.#wasInDoubt || !isDuplicate(refusal)) return undefined;
      if (looks > MAX_ATTEMPTS || this.#context.cancellation.isAborted) return inDoubt(messageOf(refusal));
      await this.#pause(looks);
    }
  }

  /** @returns undefined when no user is there, so that the create may be sent again. */
  async #settle(): Promise<CreateResult | undefined> {
    const { login, request } = this.#operation;
    const { client, clock, cancellation } = this.#context;
    const attempt = { login, request, sinceMs: this.#sinceMs ?? 0, untilMs: this.#untilMs };
    try {
      const settled = await withGrace(
        { signal: cancellation.signal, graceMs: SETTLE_GRACE_MS, clock },
        (late) => settleCreate(attempt, client, late),
      );
      this.#isInDoubt = false;
      if (settled.kind === 'ours') return { status: 'created', user: settled.user, requestId: undefined };
      if (settled.kind === 'absent') return undefined;
      const { user } = settled;
      const message = `Another user of the org has this login already (${user.id}, ${user.status}).`;
      return {
        status: 'taken',
        user,
        error: { errorCode: 'ERR_LOGIN_TAKEN', message, requestId: undefined },
      };
    } catch (error) {
      // A resumed run begins with this row.
      if (reactionTo(error, false).kind === 'stop') this.#context.cancellation.fail(error);
      return inDoubt(messageOf(this.#lastError ?? error));
    }
  }

  /** Ends early when the run is being stopped: there is still to be found out what came of the attempt. */
  async #pause(failures: number = this.attempts): Promise<void> {
    const { clock, random, cancellation } = this.#context;
    try {
      await clock.sleep(backoffMs(failures, random()), cancellation.signal);
    } catch (error) {
      if (!cancellation.isAborted) throw error;
    }
  }

  /**
   * A create that fails while others succeed has its tries; one that fails when nobody's succeeds is given longer, since
   * that is the org's doing.
   */
  #isOutOfAttempts(): boolean {
    if (this.attempts < MAX_ATTEMPTS) return false;
    const { clock, createHealth } = this.#context;
    const nowMs = clock.now();
    const doOthersSucceed = createHealth === undefined || nowMs - createHealth.createdAtMs < RECENT_MS;
    return doOthersSucceed || nowMs - (this.#failingSinceMs ?? nowMs) > MAX_OUTAGE_MS;
  }

  /** An org that reads and creates nobody is as good as away: every row that follows would fail, slowly. */
  #stopRunIfCreatesFail(): void {
    const { client, clock, createHealth, cancellation } = this.#context;
    if (createHealth?.failingSinceMs === undefined) return;
    const failingMs = clock.now() - createHealth.failingSinceMs;
    if (failingMs > client.giveUpAfterMs) {
      cancellation.fail(new CreatesFailError(client.orgUrl, failingMs, this.#lastError));
    }
  }

  #stopped(): CreateResult {
    const stopReason = this.#context.cancellation.stopReason();
    return this.#wasInDoubt ? inDoubt(stopReason) : { status: 'not-attempted', reason: stopReason };
  }

  #failed(): CreateResult {
    const error = this.#reported(this.#lastError);
    return isLoginTaken(this.#lastError)
      ? { status: 'taken', user: undefined, error }
      : { status: 'failed', error };
  }

  /** Okta's words may quote what was sent. */
  #reported(error: unknown): ReportedError {
    const reported = toReportedError(error, this.#context.columnOf);
    let { message } = reported;
    for (const secret of secretsOf(this.#operation.request)) {
      message = message.replaceAll(secret, '[redacted]');
    }
    return { ...reported, message };
  }
}

function isUnknown(result: CreateResult | undefined): boolean {
  return result?.status === 'failed' && result.error.errorCode === OUTCOME_UNKNOWN;
}

/** The org says that somebody has the login. The cause's text is all that tells; only how often to look hangs on it. */
function isDuplicate(error: unknown): boolean {
  return (
    error instanceof OktaApiError &&
    error.status === 400 &&
    error.errorCauses.some((cause) => cause.includes('already exists'))
  );
}

/** The same of the login, or of the email in an org that takes each only once (errors.md, section 3). */
function isLoginTaken(error: unknown): boolean {
  return (
    isDuplicate(error) &&
    error instanceof OktaApiError &&
    error.errorCauses.some((cause) => cause.startsWith('login:'))
  );
}

function wrongUserError({ user, requestId }: UserResponse): OktaUnreadableResponseError {
  return new OktaUnreadableResponseError(
    { operation: 'POST /api/v1/users', status: 200, requestId },
    `about another user (${user.id})`,
  );
}

function secretsOf({ credentials }: UserRequest): string[] {
  const { password, recovery_question: recovery } = credentials ?? {};
  const secrets = [password?.value, password?.hash?.value, password?.hash?.salt, recovery?.answer];
  return secrets.flatMap((secret) => (secret === undefined || secret === '' ? [] : [secret]));
}

/**
 * The one refusal that Okta admits to have given without cause (errors.md, "E0000001", OKTA-1210697). Attributes have
 * been checked against the org's schema by now, so one repetition is justified.
 */
function isKnownSpuriousError(error: unknown): boolean {
  return (
    error instanceof OktaApiError &&
    error.errorCode === 'E0000001' &&
    error.errorCauses.some((cause) => /^Property name '.*' is not defined in profile/.test(cause))
  );
}
