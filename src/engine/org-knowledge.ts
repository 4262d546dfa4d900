import type { Journal } from '../journal/journal.js';
import type { Claim, OtherRuns } from './other-runs.js';
import type { OktaClient, UserResponse } from '../okta/client.js';
import type { User, UserRequest } from '../okta/types.js';

import { CreatedClock } from './created-clock.js';
import { isEmpty } from './profile-diff.js';

/** What the creates of a run have shown about the org, shared by all rows: needed to recognize users as the run's own. */
export class OrgKnowledge {
  readonly clock: CreatedClock;
  readonly #journal: Pick<Journal, 'recordClock'>;
  readonly #isShown = new Map<string, boolean>();
  readonly #otherRuns: Pick<OtherRuns, 'claimOf'> | undefined;

  /** @param otherRuns - in the same reports folder. */
  constructor(
    client: Pick<OktaClient, 'governor'>,
    journal: Pick<Journal, 'recordClock'>,
    otherRuns?: Pick<OtherRuns, 'claimOf'>,
  ) {
    this.clock = new CreatedClock(client.governor.serverClock);
    this.#journal = journal;
    this.#otherRuns = otherRuns;
  }

  /** Whether the org returns an attribute that was written; undefined while nothing has shown it. */
  isShown(attribute: string): boolean | undefined {
    return this.#isShown.get(attribute);
  }

  /** What other runs say about a user. */
  async claimOf(user: Pick<User, 'id' | 'created' | 'profile'>): Promise<Claim> {
    return this.#otherRuns?.claimOf(user);
  }

  /** Learns from the response to a create. Instants are local time. */
  observeCreated(
    { profile }: UserRequest,
    { user }: UserResponse,
    { sentAtMs, receivedAtMs }: { readonly sentAtMs: number; readonly receivedAtMs: number },
  ): void {
    const shiftMs = this.clock.observe(Date.parse(user.created), sentAtMs, receivedAtMs);
    if (shiftMs !== undefined) {
      this.#journal.recordClock(shiftMs).catch(() => {
        // The outcome of this row cannot be written either, which ends the run.
      });
    }
    for (const attribute in profile) {
      if (this.#isShown.get(attribute) === true || isEmpty(profile[attribute] ?? null)) continue;
      this.#isShown.set(attribute, user.profile[attribute] !== undefined);
    }
  }
}
