import type { FirstDayLog } from '../journal/first-day-log.js';
import type { ActivationLink } from '../okta/activation-link.js';
import { reactionTo } from '../okta/http/failure-reaction.js';
import type { PasswordRules } from '../org/password-policies.js';
import type { ActivateOperation } from '../rows/operation.js';
import { inDoubt, type RowResult } from '../rows/outcome.js';
import type { Secret } from '../secret.js';
import { messageOf } from '../text.js';

import type { ReadUser, WriteContext } from './follow-up-write.js';

/** Keeps activation links and passwords. Never log one: whoever has it can become the user. */
export interface LinkRecipient {
  /** Requirements of the org for generated passwords; undefined while they are unknown. */
  readonly passwordRules?: PasswordRules | undefined;
  /** Time from which no other process can have requested a link or a password for it, epoch milliseconds; undefined if none ever could. */
  readonly openedAtMs?: number | undefined;
  /** Whether the link or the password of a user is kept already. */
  has(oktaId: string): boolean;
  /**
   * Resolves when the link and the password cannot be lost any more.
   *
   * @param access - `link` is undefined for a user who has a password, `password` for a password that was not generated.
   * @throws they are not kept, and no other ones would be.
   */
  add(
    user: LinkedUser,
    access: { readonly link?: ActivationLink | undefined; readonly password?: Secret | undefined },
  ): Promise<void>;
}

export interface LinkedUser extends Pick<ReadUser, 'profile'> {
  readonly oktaId: string;
}

export interface LinkContext extends Pick<WriteContext, 'client' | 'clock' | 'cancellation'> {
  /** Gets the activation links that Okta does not send. */
  readonly links?: LinkRecipient | undefined;
  /** Remembers for whom a link was requested and is not kept yet, where no journal does: see `FirstDayLog`. */
  readonly pending?: Pick<FirstDayLog, 'last' | 'record' | 'withdraw'> | undefined;
}

/** Whether a link was requested for a user, and is not known to be kept. */
export function isLinkPending(oktaId: string, { pending }: LinkContext): boolean {
  return pending?.last('link', oktaId) !== undefined;
}

/** Call it before a link is requested. @returns false when that cannot be remembered: then the run stops. */
export async function announceLink(oktaId: string, context: LinkContext): Promise<boolean> {
  const { links, pending, clock, cancellation } = context;
  if (links === undefined || isLinkPending(oktaId, context)) return true;
  try {
    await pending?.record('link', oktaId, clock.now());
    return true;
  } catch (error) {
    cancellation.fail(error);
    return false;
  }
}

/** Without a response, the request may still be under way, and would end the link that is issued next. */
export const LATE_REISSUE_MS = 5000;

type ReissueContext = Pick<LinkContext, 'client' | 'clock' | 'links'>;

/** Waits until requests of a killed process have certainly ended: Okta would replace what is issued next by their result. */
export async function waitForEarlierProcess(
  { links, clock }: Pick<ReissueContext, 'links' | 'clock'>,
  signal: AbortSignal,
): Promise<void> {
  const { openedAtMs } = links ?? {};
  if (openedAtMs === undefined) return;
  const waitMs = openedAtMs + LATE_REISSUE_MS - clock.now();
  if (waitMs > 0) await clock.sleep(waitMs, signal);
}

/** Issues another link to a user whose first one was lost. */
export async function reissueLink(
  oktaId: string,
  context: ReissueContext,
  signal: AbortSignal,
): Promise<ActivationLink | undefined> {
  const { client, clock } = context;
  await waitForEarlierProcess(context, signal);
  try {
    return await client.reactivateUser(oktaId, false, { signal });
  } catch (error) {
    if (reactionTo(error, true).kind === 'in-doubt') {
      await clock.sleep(LATE_REISSUE_MS, signal).catch(() => {
        // The run is being stopped.
      });
    }
    throw error;
  }
}

/** A link that cannot be written is lost: no more are issued, and running the command again issues this one again. */
export async function keepLink(
  { profile }: ReadUser,
  link: ActivationLink | undefined,
  { oktaId }: ActivateOperation,
  context: LinkContext,
): Promise<RowResult> {
  const { links, pending, clock, cancellation } = context;
  try {
    await links?.add({ oktaId, profile }, { link });
  } catch (error) {
    cancellation.fail(error);
    return inDoubt(messageOf(error), 'activated');
  }
  if (isLinkPending(oktaId, context)) {
    await pending?.withdraw('link', oktaId, clock.now()).catch(cancellation.fail);
  }
  return { status: 'activated', oktaId };
}
