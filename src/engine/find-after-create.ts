import { canReadByLogin, searchUserByLogin } from '../okta/find-user.js';
import { backoffMs } from '../okta/http/failure-reaction.js';
import type { User } from '../okta/types.js';

import type { ApplyContext } from './apply-context.js';

const MAX_SEARCHES = 4;

/**
 * Finds the user of a login that was just sent. Searches lag behind writes, so a login that can only be searched for is looked
 * for several times, unless the run is being stopped.
 *
 * @param isTaken - whether Okta said that the login exists, although a read by login may not find it yet.
 */
export async function findAfterCreate(
  login: string,
  { client, clock, random, cancellation }: Pick<ApplyContext, 'client' | 'clock' | 'random' | 'cancellation'>,
  { signal, isTaken }: { readonly signal: AbortSignal; readonly isTaken: boolean },
): Promise<User | undefined> {
  const maxLooks = canReadByLogin(login) ? 1 : MAX_SEARCHES;
  for (let looks = 1; ; looks += 1) {
    let user = await client.findUserByLogin(login, { signal });
    if (isTaken) user ??= await searchUserByLogin(client, login, { signal });
    if (user !== undefined || looks >= maxLooks || cancellation.isAborted) return user;
    await clock.sleep(backoffMs(looks, random()), cancellation.signal).catch(() => {
      // The run is being stopped: the loop looks once more.
    });
  }
}
