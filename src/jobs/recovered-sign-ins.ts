import { issueFirstSignIn } from '../engine/first-sign-in.js';
import type { LinkRecipient } from '../engine/keep-link.js';
import { reactionTo } from '../okta/http/failure-reaction.js';
import type { OktaClient } from '../okta/client.js';
import type { User } from '../okta/types.js';
import { listOf, messageOf, plural } from '../text.js';

import type { JobContext } from './job.js';

/** People whom an unfinished run created or activated, as far as their rows have no outcome. */
export interface RecoveredPeople {
  readonly runId: string;
  readonly oktaIds: readonly string[];
}

/**
 * Writes to the file of links how people sign in of whom it is not known whether the unfinished run did: their rows had no outcome.
 * Those who are in the file are left alone. Without a file, they are named.
 *
 * @throws what the client throws, unless it is about one of them; the next run begins here again.
 */
export async function writeRecoveredSignIns(
  { runId, oktaIds }: RecoveredPeople,
  links: LinkRecipient | undefined,
  { client, generates }: { readonly client: OktaClient; readonly generates: boolean },
  context: JobContext,
): Promise<void> {
  const { observer, cancellation } = context;
  const left: string[] = [];
  for (const oktaId of oktaIds) {
    if (cancellation.isAborted) return;
    if (links?.has(oktaId) === true) continue;
    const user = await client.getUser(oktaId, { signal: cancellation.signal });
    const kind = user && kindOf(user, generates);
    if (user === undefined || kind === undefined) continue;
    if (links === undefined) {
      left.push(user.profile.login);
      continue;
    }
    try {
      const issued = await issueFirstSignIn(
        kind,
        { user },
        { ...context, client, links },
        cancellation.signal,
      );
      await links.add({ oktaId, profile: user.profile }, issued);
    } catch (error) {
      if (reactionTo(error, true).kind !== 'rejected' || !(error instanceof Error && 'errorCode' in error)) {
        throw error;
      }
      observer?.warning?.({ message: `${user.profile.login}: no link or password. ${messageOf(error)}` });
    }
  }
  if (left.length === 0) return;
  const more = left.length > MAX_NAMED ? [`${left.length - MAX_NAMED} more`] : [];
  observer?.warning?.({
    message: `${plural(left.length, 'person', 'people')} of run ${runId} may have no link or password in its file, because the run did not come to its end: ${listOf([...left.slice(0, MAX_NAMED), ...more])}. To give them one, run the same command with --links.`,
  });
}

const MAX_NAMED = 10;

/** @returns undefined for a user who needs nothing, or whose password is not known to have been generated. */
function kindOf({ status }: User, generates: boolean): 'password' | 'link' | undefined {
  if (status === 'STAGED' || status === 'PROVISIONED' || status === 'RECOVERY') return 'link';
  return generates && status === 'PASSWORD_EXPIRED' ? 'password' : undefined;
}
