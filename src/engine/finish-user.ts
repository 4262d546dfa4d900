import { isAlreadyActive } from '../okta/errors.js';
import { backoffMs, isRunStopping, MAX_ATTEMPTS, reactionTo } from '../okta/http/failure-reaction.js';
import type { Credentials, User } from '../okta/types.js';
import { userStatusText } from '../org/user-status.js';
import type { CreateOperation } from '../rows/operation.js';
import type { Secret } from '../secret.js';
import { inDoubt, type ReportedError, type RowResult } from '../rows/outcome.js';

import { orgTimeMs, type ApplyContext } from './apply-context.js';
import type { CreatedUser } from './first-sign-in.js';
import { passwordFor, withPassword } from './generate-password.js';
import type { Claim } from './other-runs.js';
import { profileChanges } from './profile-diff.js';
import { profileDigest } from './profile-digest.js';
import { refusedRow, stopsRun, toReportedError } from './row-error.js';
import { SETTLE_GRACE_MS, withGrace } from './shutdown-grace.js';

/**
 * Whether a user lacks credentials that its row gives: Okta created it, rejected the credentials and did not activate it (403
 * `E0000014`, okta-sdk-dotnet#441).
 */
export function lacksCredentials(
  { status, credentials: actual }: Pick<User, 'status' | 'credentials'>,
  { request: { credentials }, firstSignIn }: Pick<CreateOperation, 'request' | 'firstSignIn'>,
): boolean {
  if (status !== 'STAGED' || actual === undefined) return false;
  const hasPassword = credentials?.password !== undefined || firstSignIn?.kind === 'password';
  const lacksPassword = hasPassword && actual.password === undefined;
  const lacksQuestion =
    credentials?.recovery_question !== undefined && actual.recovery_question === undefined;
  return lacksPassword || lacksQuestion;
}

/** Whether another run created a user for this row and left it staged. */
export function canBeFinished({ status }: Pick<User, 'status'>, claim: Claim): boolean {
  return claim === 'unfinished' && status === 'STAGED';
}

/** The result of a row whose user Okta created without credentials: `undo` removes it, and importing the row again finishes it. */
export function createdWithoutCredentials(
  { id: oktaId, status: userStatus, profile }: Pick<User, 'id' | 'status' | 'profile'>,
  error: ReportedError,
): Extract<RowResult, { status: 'failed' }> {
  const who = `(user ${oktaId}, ${userStatusText(userStatus)})`;
  const then =
    userStatus === 'STAGED'
      ? `The user was created without credentials ${who}. Correct the row and import it again to finish the user.`
      : `The user was created anyway ${who}, but perhaps without these credentials. Check the user in Okta, or undo the run and import the corrected row.`;
  const message = `${error.message} ${then}`;
  return {
    status: 'failed',
    error: { ...error, message },
    written: {
      status: 'created',
      oktaId,
      userStatus,
      profileDigest: profileDigest(profile),
      ...(userStatus === 'STAGED' && { lacks: 'credentials' }),
    },
  };
}

/**
 * Finishes a user that Okta created without the credentials of its row: brings the profile up to date, sets the credentials,
 * joins the groups and activates the user. Repeating any of these writes is harmless.
 */
export class UserCompletion {
  attempts = 0;
  readonly #operation: CreateOperation;
  readonly #context: ApplyContext;
  readonly #groupIds: readonly string[];
  readonly #password: Secret | undefined;
  readonly #credentials: Credentials | undefined;
  /** What this process has done. */
  readonly #done = new Set<Step['name']>();
  #isRecorded = false;
  #joining: string | undefined;

  constructor(operation: CreateOperation, context: ApplyContext) {
    this.#operation = operation;
    this.#context = context;
    this.#password = passwordFor(operation, context.links);
    this.#credentials = withPassword(operation.request, this.#password).credentials;
    this.#groupIds = [...(operation.request.groupIds ?? []), ...(operation.moreGroupIds ?? [])];
  }

  /**
   * @param user - just read.
   * @returns the user when nothing is missing.
   * @throws only bugs.
   */
  async run(user: User): Promise<CreatedUser | RowResult> {
    let current = user;
    try {
      for (let failures = 0; ;) {
        const step = this.#nextStep(current);
        if (step === undefined) {
          return { user: current, password: this.#done.has('credentials') ? this.#password : undefined };
        }
        if (this.#context.cancellation.isAborted) return this.#stopped();
        await this.#record(current);
        this.attempts += 1;
        try {
          current = await step.write(current);
          this.#done.add(step.name);
        } catch (error) {
          failures += 1;
          const reaction = reactionTo(error, true);
          if (reaction.kind !== 'in-doubt' || failures >= MAX_ATTEMPTS) throw error;
          if (isRunStopping(reaction) && failures > 1) throw error;
          current = await this.#readAfterUnknownWrite(current, failures);
        }
      }
    } catch (error) {
      return this.#failed(error, current);
    }
  }

  /** @returns undefined when nothing is missing. */
  #nextStep(user: User): Step | undefined {
    return this.#steps().find((step) => !this.#done.has(step.name) && step.isMissing(user));
  }

  #steps(): readonly Step[] {
    const { client, cancellation } = this.#context;
    const { request, options, cleared } = this.#operation;
    const { signal } = cancellation;
    const credentials = this.#credentials;
    return [
      {
        name: 'profile',
        isMissing: ({ profile }) => profileChanges(profile, request.profile, cleared).length > 0,
        write: async ({ id, profile }) => {
          const changes = profileChanges(profile, request.profile, cleared);
          const changed = Object.fromEntries(changes.map(({ attribute, to }) => [attribute, to]));
          return (await client.updateProfile(id, changed, { signal })).user;
        },
      },
      {
        name: 'credentials',
        isMissing: ({ status }) => credentials !== undefined && status === 'STAGED',
        write: async (user) =>
          credentials === undefined
            ? user
            : (await client.setCredentials(user.id, credentials, { signal })).user,
      },
      {
        name: 'groups',
        isMissing: () => this.#groupIds.length > 0,
        write: async (user) => {
          const own = await client.listGroupIdsOf(user.id, { signal });
          for (const groupId of this.#groupIds) {
            if (own.has(groupId)) continue;
            this.#joining = groupId;
            await client.addToGroup(groupId, user.id, { signal });
          }
          this.#joining = undefined;
          return user;
        },
      },
      {
        name: 'activation',
        isMissing: ({ status }) => options.activate && status === 'STAGED',
        write: async (user) => {
          await client.activateUser(user.id, true, { signal }).catch((error: unknown) => {
            if (!isAlreadyActive(error)) throw error;
          });
          return (await client.getUser(user.id, { signal })) ?? user;
        },
      },
      {
        name: 'expiry',
        isMissing: ({ status }) => options.nextLogin === 'changePassword' && status === 'ACTIVE',
        write: async (user) => (await client.expirePassword(user.id, { signal })).user,
      },
    ];
  }

  /** Before the first write. @throws {JournalError} nothing may be sent then. */
  async #record({ id: oktaId }: User): Promise<void> {
    if (this.#isRecorded) return;
    const update = { oktaId, changes: [], joins: [], finishes: true } as const;
    const time = { orgMs: orgTimeMs(this.#context) };
    await this.#context.journal.recordAttempt(this.#operation, time, update);
    this.#isRecorded = true;
  }

  /** Also while the run is being stopped, for a limited time. */
  async #readAfterUnknownWrite(user: User, failures: number): Promise<User> {
    const { client, clock, random, cancellation } = this.#context;
    await clock.sleep(backoffMs(failures, random()), cancellation.signal).catch(() => {
      // The run is being stopped, but the outcome of the write still has to be found out.
    });
    const read = await withGrace(
      { signal: cancellation.signal, graceMs: () => SETTLE_GRACE_MS, clock },
      (graceSignal) => client.getUser(user.id, { signal: graceSignal }),
    );
    return read ?? user;
  }

  #stopped(): RowResult {
    const { cancellation } = this.#context;
    return this.#isRecorded
      ? inDoubt(cancellation.stopReason('during'))
      : { status: 'not-attempted', reason: cancellation.stopReason() };
  }

  async #failed(error: unknown, user: User): Promise<RowResult> {
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
    if (kind === 'in-doubt' || kind === 'retry') return inDoubt(reported.message);
    if (lacksCredentials(user, this.#operation)) return createdWithoutCredentials(user, reported);
    const message = `The user was created, but could not be finished: ${reported.message}`;
    return {
      status: 'failed',
      error: { ...reported, message },
      written: { ...writtenOf(user), lacks: 'activation' },
    };
  }
}

interface Step {
  readonly name: 'profile' | 'credentials' | 'groups' | 'activation' | 'expiry';
  readonly isMissing: (user: User) => boolean;
  /** @returns the user after it. */
  readonly write: (user: User) => Promise<User>;
}

/** What was written for a user whom the run created. */
export function writtenOf({ id: oktaId, status: userStatus, profile }: User) {
  return { status: 'created', oktaId, userStatus, profileDigest: profileDigest(profile) } as const;
}
