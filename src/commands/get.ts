import { exitCodeFor, Stop } from '../run/stop.js';
import type { Org, RequestSettings } from '../settings/load.js';

import { openOrg } from './org.js';
import type { Surroundings } from './surroundings.js';

export interface GetFlags {
  /** Okta id, login, login short name, or `me`. */
  readonly user: string;
  readonly org: Org;
  readonly requests: RequestSettings;
}

/** `get <user>`: one user as JSON. @returns the exit code: 1 when there is none. */
export async function getUser(flags: GetFlags, surroundings: Surroundings): Promise<number> {
  const org = await openOrg(flags.org, flags.requests, surroundings);
  const stop = new Stop();
  surroundings.onInterrupt((signal) => stop.pull({ kind: 'interrupted', signal }));
  try {
    const user = await org.client.getUser(flags.user, { signal: stop.signal });
    if (user === undefined) {
      surroundings.stderr.write(
        `The org has no user "${flags.user}". Give an Okta id, a whole login, the part of a login before the @ if only one user has it, or me.\n`,
      );
      return 1;
    }
    surroundings.stdout.write(`${JSON.stringify(user, undefined, 2)}\n`);
    return stop.reason === undefined ? 0 : exitCodeFor(stop.reason);
  } finally {
    await org.close();
  }
}
