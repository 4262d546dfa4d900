import { LockLostError } from '../journal/lock-file.js';
import type { ActivationLink } from '../okta/activation-link.js';
import { isAlreadyActive } from '../okta/errors.js';
import { backoffMs, MAX_ATTEMPTS, reactionTo } from '../okta/http/failure-reaction.js';
import type { User } from '../okta/types.js';
import type { Secret } from '../secret.js';
import type { CreateOperation } from '../rows/operation.js';
import { inDoubt, type RowResult, type WrittenChange } from '../rows/outcome.js';
import { messageOf } from '../text.js';

import type { ApplyContext } from './apply-context.js';
import { LATE_REISSUE_MS, reissueLink, waitForEarlierProcess } from './keep-link.js';
import { stopsRun, toReportedError } from './row-error.js';
import { SETTLE_GRACE_MS, withGrace } from './shutdown-grace.js';

/** A user whom the run created, and the password that the create or an update has certainly set. */
export interface CreatedUser {
  readonly user: User;
  readonly password?: Secret | undefined;
}

type IssueContext = Pick<ApplyContext, 'client' | 'clock' | 'random' | 'links'>;

type Created = Extract<WrittenChange, { status: 'created' }>;

/**
 * Writes to the file of links how a person signs in for the first time, before the outcome of the row is journaled: so a row whose
 * person is not in the file is in doubt, and a resumed run comes here again.
 *
 * A password that is not certainly the one that was sent, because the response was lost, is replaced by a temporary one of Okta. A
 * link that was issued and lost is issued again.
 *
 * @returns the status of the user, or the result of the row if the person is not in the file.
 * @throws only bugs.
 */
export async function writeFirstSignIn(
  created: CreatedUser,
  operation: CreateOperation,
  context: ApplyContext,
  written: Created,
): Promise<{ readonly userStatus: User['status'] } | Exclude<RowResult, { status: 'created' }>> {
  const { links, clock, cancellation } = context;
  const { firstSignIn } = operation;
  const { user } = created;
  if (links === undefined || firstSignIn === undefined || links.has(user.id)) {
    return { userStatus: user.status };
  }
  let issued: Issued;
  try {
    // Otherwise another process may have taken the run over, and issued a link that this one would end.
    context.assertHeld?.();
    // Whoever was created can sign in, even if the run is being stopped.
    issued = await withGrace(
      { signal: cancellation.signal, graceMs: () => SETTLE_GRACE_MS, clock },
      (signal) => issueFirstSignIn(firstSignIn.kind, created, context, signal),
    );
  } catch (error) {
    return notIssued(error, operation, context, written);
  }
  try {
    await links.add({ oktaId: user.id, profile: user.profile }, issued);
  } catch (error) {
    cancellation.fail(error);
    return inDoubt(messageOf(error));
  }
  return { userStatus: issued.userStatus };
}

interface Issued {
  readonly link?: ActivationLink | undefined;
  readonly password?: Secret | undefined;
  readonly userStatus: User['status'];
}

/** Issues the link or the password of a user. @throws what the client throws. */
export async function issueFirstSignIn(
  kind: NonNullable<CreateOperation['firstSignIn']>['kind'],
  { user, password }: CreatedUser,
  context: IssueContext,
  signal: AbortSignal,
): Promise<Issued> {
  switch (kind) {
    case 'note':
      return { userStatus: user.status };
    case 'password':
      if (password !== undefined) return { password, userStatus: user.status };
      await waitForEarlierProcess(context, signal);
      return untilAnswered(user, context, signal, async () => ({
        password: await context.client.expirePasswordWithTemporary(user.id, { signal }),
        userStatus: 'PASSWORD_EXPIRED',
      }));
    case 'link':
      return untilAnswered(user, context, signal, (current) => issueLink(current, context, signal));
    default:
      return kind satisfies never;
  }
}

async function issueLink({ id, status }: User, context: IssueContext, signal: AbortSignal): Promise<Issued> {
  if (status === 'STAGED') {
    const link = await context.client.activateUser(id, false, { signal });
    return { link, userStatus: 'PROVISIONED' };
  }
  // Somebody has signed in, or the org asks for no password.
  if (status !== 'PROVISIONED' && status !== 'RECOVERY') return { userStatus: status };
  return { link: await reissueLink(id, context, signal), userStatus: status };
}

/** Sends a request again whose response was lost: only the last password or link counts. */
async function untilAnswered(
  user: User,
  { client, clock, random }: IssueContext,
  signal: AbortSignal,
  send: (current: User) => Promise<Issued>,
): Promise<Issued> {
  let current = user;
  for (let failures = 1; ; failures += 1) {
    try {
      return await send(current);
    } catch (error) {
      const isLost = reactionTo(error, true).kind === 'in-doubt';
      if (!(isLost || isAlreadyActive(error)) || failures >= MAX_ATTEMPTS || signal.aborted) throw error;
      // The former request may still be under way, and would replace what is issued next.
      await clock.sleep(isLost ? LATE_REISSUE_MS : backoffMs(failures, random()), signal);
      current = (await client.getUser(user.id, { signal })) ?? current;
    }
  }
}

async function notIssued(
  error: unknown,
  operation: CreateOperation,
  context: ApplyContext,
  written: Created,
): Promise<Exclude<RowResult, { status: 'created' }>> {
  const { cancellation, columnOf } = context;
  if (cancellation.isCauseOf(error)) return inDoubt(cancellation.stopReason('during'));
  if (error instanceof LockLostError || (await stopsRun(error, context))) {
    cancellation.fail(error);
    return inDoubt(cancellation.stopReason('during'));
  }
  const reported = toReportedError(error, columnOf, { row: operation.row });
  const { kind } = reactionTo(error, true);
  if (kind === 'in-doubt' || kind === 'retry') return inDoubt(reported.message);
  const what =
    operation.firstSignIn?.kind === 'password'
      ? 'but nobody knows the password. Reset it in Okta.'
      : 'but not activated. Run activate with --links to get a link.';
  const message = `The user was created, ${what} ${reported.message}`;
  return { status: 'failed', error: { ...reported, message }, written };
}
