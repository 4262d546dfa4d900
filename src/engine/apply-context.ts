import type { Clock } from '../clock.js';
import type { Journal } from '../journal/journal.js';
import type { PastRun } from '../journal/reader.js';
import type { OktaClient } from '../okta/client.js';
import type { UserReader } from '../org/user-reader.js';
import type { Cancellation } from '../rows/cancellation.js';
import type { CreateOperation } from '../rows/operation.js';
import type { ColumnOf, Problem } from '../rows/problem.js';

import type { AccessRefusals } from './access-refusals.js';
import type { CreateHealth } from './create-health.js';
import type { ExistingUserPolicy } from './existing-user-policy.js';
import type { LinkRecipient } from './keep-link.js';
import type { OrgKnowledge } from './org-knowledge.js';
import type { IsMasteredByOkta } from './sourced-user.js';

/** What it takes to write to the org, shared by all rows of a run. */
export interface ApplyContext {
  readonly client: OktaClient;
  readonly journal: Pick<Journal, 'recordAttempt' | 'recordOutcome'>;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Ends all waits; a request that was sent is not aborted. */
  readonly cancellation: Cancellation;
  readonly columnOf: ColumnOf;
  readonly knowledge: OrgKnowledge;
  /** Reads users that an earlier process of this run, or another run, has written. */
  readonly reader: UserReader;
  /** Checks the locks before a create is sent. @throws {LockLostError} */
  readonly assertHeld?: (() => void) | undefined;
  /** Undefined: creates are assumed to succeed. */
  readonly createHealth?: CreateHealth | undefined;
  /** Called for what a row asks for in vain. */
  readonly warn?: ((warning: Problem, operation: CreateOperation) => void) | undefined;
  /** Undefined when the schema is not known. */
  readonly isMasteredByOkta?: IsMasteredByOkta | undefined;
  /** Undefined: the first refused request stops the run. */
  readonly access?: AccessRefusals | undefined;
  /** Gets passwords and activation links; undefined if none are written to a file. */
  readonly links?: LinkRecipient | undefined;
  /** Whether the IDs of people are written after the row; see `LinkPass`. */
  readonly awaitsPeople?: ((row: number) => boolean) | undefined;
  /** In a resumed run: what the earlier processes left. */
  readonly past?: Pick<PastRun, 'isInDoubt' | 'possibleCreates' | 'interruptedUpdate'> | undefined;
  /** What to do with existing users; undefined: their rows fail. */
  readonly existing?: Omit<ExistingUserPolicy, 'close'> | undefined;
}

/** The earliest that the org's clock can show now, epoch milliseconds; 0 while nothing is known about it. */
export function orgTimeMs({ client, clock }: Pick<ApplyContext, 'client' | 'clock'>): number {
  const { serverClock } = client.governor;
  return serverClock.isKnown ? serverClock.earliest(clock.now()) : 0;
}
