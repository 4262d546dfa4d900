import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';
import type { User } from '../okta/types.js';

import { isListingFailure } from './broken-listing.js';

/** Pauses before a user that cannot be found is read again. */
const PAUSES_MS = [250, 500, 1000, 2000];
/** The same once a user has come back in this org, so that one more 404 says little. */
const MORE_PAUSES_MS = [...PAUSES_MS, 500, 500, 500, 500, 500, 500];
/** After so many users that were really gone, and none that came back, reads are trusted: only the first pause is made. */
const TRUSTED_AFTER = 20;

/**
 * Reads users that a run created or updated by ID. Read replicas lag behind writes, and were seen to answer 404 and 200 in turn
 * (okta-sdk-java#303): a user counts as gone only after several reads and a search have not found it. One instance serves a
 * whole job, since it learns how reliable the org's reads are.
 */
export class UserReader {
  readonly #client: Pick<OktaClient, 'getUser' | 'listUsers'>;
  readonly #clock: Pick<Clock, 'sleep'>;
  #gone = 0;
  #hasComeBack = false;

  constructor({ client, clock }: { readonly client: OktaClient; readonly clock: Pick<Clock, 'sleep'> }) {
    this.#client = client;
    this.#clock = clock;
  }

  /** @returns undefined when the user is gone. @throws what the client throws, and the signal's reason. */
  async read(oktaId: string, signal: AbortSignal): Promise<User | undefined> {
    const user = await this.#client.getUser(oktaId, { signal });
    if (user !== undefined) return user;
    const lookedUp = await this.#lookAgain(oktaId, signal);
    if (lookedUp === undefined) this.#gone += 1;
    else this.#hasComeBack = true;
    return lookedUp;
  }

  get #pausesMs(): readonly number[] {
    if (this.#hasComeBack) return MORE_PAUSES_MS;
    return this.#gone >= TRUSTED_AFTER ? PAUSES_MS.slice(0, 1) : PAUSES_MS;
  }

  async #lookAgain(oktaId: string, signal: AbortSignal): Promise<User | undefined> {
    for (let looks = 0; ; looks += 1) {
      const pauseMs = this.#pausesMs[looks];
      if (pauseMs === undefined) break;
      await this.#clock.sleep(pauseMs, signal);
      const user = await this.#client.getUser(oktaId, { signal });
      if (user !== undefined) return user;
    }
    try {
      const search = `id eq "${oktaId}"`;
      for await (const user of this.#client.listUsers({ search }, { signal, isOptional: true })) {
        if (user.id === oktaId) return user;
      }
    } catch (error) {
      if (signal.aborted || !isListingFailure(error)) throw error;
    }
    return undefined;
  }
}
