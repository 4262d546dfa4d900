import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';

import type { ExistingUserPolicy } from './existing-user-policy.js';
import type { ColumnOf } from '../rows/problem.js';
import type { Journal } from '../journal/journal.js';
import type { RecordedUpdate } from '../journal/journal-line.js';
import type { Cancellation } from '../rows/cancellation.js';

/** What it takes to write to the org: shared by all rows of a run. */
export interface ApplyContext {
  readonly client: OktaClient;
  readonly journal: Pick<Journal, 'recordAttempt' | 'recordOutcome'>;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Ends all waiting; a request that was sent is not cut off. */
  readonly cancellation: Cancellation;
  readonly columnOf: ColumnOf;
  /**
   * Shared by the rows of a run: when the org last created somebody, and since when it has created nobody though it was
   * asked to, by our clock.
   */
  readonly createHealth?: { createdAtMs: number; failingSinceMs: number | undefined } | undefined;
  /** In a resumed run: what the earlier process left. Instants are epoch milliseconds of the org's clock. */
  readonly earlier?:
    | {
        /** When a create may have been sent whose record was lost with the power; undefined when none can be. */
        readonly unrecordedWindow: { readonly sinceMs: number; readonly untilMs: number } | undefined;
        /** When a row was first tried that was left without an outcome. */
        readonly inDoubtSinceMs: (row: number) => number | undefined;
        /** What had been begun for such a row; undefined when that was a create. */
        readonly interruptedUpdate: (row: number) => RecordedUpdate | undefined;
      }
    | undefined;
  /** What to do where the login is taken; undefined: the row fails. */
  readonly existing?: Omit<ExistingUserPolicy, 'close'> | undefined;
}
