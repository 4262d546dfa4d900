import { JournalError } from '../journal/journal.js';
import { isMissing, isOktaResponse } from '../okta/errors.js';
import { backoffMs, isRunStopping, MAX_ATTEMPTS, reactionTo } from '../okta/http/failure-reaction.js';
import type { RecordedUpdate } from '../journal/journal-line.js';
import type { User } from '../okta/types.js';
import type { Operation } from '../rows/operation.js';
import {
  inDoubt,
  outcomeOf,
  type RowOutcome,
  type RowResult,
  type WriteAction,
  type WrittenChange,
} from '../rows/outcome.js';
import { messageOf } from '../text.js';

import { orgTimeMs, type ApplyContext } from './apply-context.js';
import { toReportedError } from './row-error.js';
import { SETTLE_GRACE_MS, withGrace } from './shutdown-grace.js';

/** What it takes to change users that a run created or updated. */
export type WriteContext = Pick<
  ApplyContext,
  'client' | 'reader' | 'journal' | 'clock' | 'random' | 'cancellation' | 'access'
>;

/** A user that still differs after so many writes without an error is left in doubt. */
const MAX_WRITES = 10;

/**
 * The next step for a user: done, or one write, which returns the result if it was the last, or the user as the response shows
 * it; undefined: the user has to be read.
 */
export type NextStep =
  | { readonly result: RowResult }
  | { readonly write: (signal: AbortSignal) => Promise<RowResult | { readonly user: ReadUser } | undefined> };

/** How often a write may report that a user does not exist whom reads find. */
const MAX_MISSING = 4;

const NO_EFFECT = `Okta accepted ${MAX_WRITES} requests, but the user does not show their effect.`;
/** What the next step of a user depends on. */
export type ReadUser = Pick<
  User,
  'status' | 'type' | 'profile' | 'activated' | 'credentials' | 'transitioningToStatus'
>;

interface WriteSteps {
  /** @param user - as the org has it now; undefined when it does not exist. */
  readonly next: (user: ReadUser | undefined, writes: number) => NextStep;
  /** What the writes do to the user. */
  readonly action: WriteAction;
  /** Whether each write is one request: if Okta refuses it, nothing was done. */
  readonly writesOnce?: boolean | undefined;
  /** Whether a write has deleted the user, so that it is not looked for again. */
  readonly isDeleted?: (() => boolean) | undefined;
  /** The user as it was read a moment ago, which saves the first read. */
  readonly known?: ReadUser | undefined;
  /** What to journal before the first write, if it changes an existing user. */
  readonly update?: ((user: ReadUser) => RecordedUpdate) | undefined;
  /** What else the outcome says of its row. */
  readonly about?: Pick<RowOutcome, 'startsOn' | 'awaitsPeople'> | undefined;
  /** What was written before the operation failed. */
  readonly written?: (() => WrittenChange | undefined) | undefined;
}

/**
 * Changes one user step by step, and journals the outcome.
 *
 * The user is read before the first write, and again after each one whose response does not show what it did: so a write without
 * a response is never mistaken for a failed one, and a second run after a crash continues where the first one stopped.
 *
 * @throws only bugs.
 */
export async function writeWithReadback(
  operation: Exclude<Operation, { kind: 'create' }>,
  context: WriteContext,
  steps: WriteSteps,
): Promise<RowOutcome> {
  const { clock, journal, cancellation } = context;
  const startedAtMs = clock.now();
  const { signal } = cancellation;
  // Only what failed for every row, such as a lost lock, leaves a user between two writes.
  const graceMs = (): number => (cancellation.reason?.kind === 'failed' ? 0 : SETTLE_GRACE_MS);
  const { result, attempts } = await withGrace({ signal, graceMs, clock }, (graceSignal) =>
    writeUntilDone(operation, context, steps, graceSignal),
  );
  const durationMs = Math.round(clock.now() - startedAtMs);
  const outcome = {
    ...outcomeOf(operation.row, operation.login, result, { attempts, durationMs }),
    ...steps.about,
  };
  await journal.recordOutcome(outcome).catch((error: unknown) => {
    if (!(error instanceof JournalError)) throw error;
    cancellation.fail(error);
  });
  return outcome;
}

async function writeUntilDone(
  operation: Exclude<Operation, { kind: 'create' }>,
  context: WriteContext,
  { next, action, known, update, written: writtenSoFar, writesOnce, isDeleted = () => false }: WriteSteps,
  graceSignal: AbortSignal,
): Promise<{ readonly result: RowResult; readonly attempts: number }> {
  const { client, reader, clock, journal, random, cancellation, access } = context;
  const { oktaId } = operation;
  let attempts = 0;
  /** Writes that Okta may have done. */
  let effective = 0;
  let isWriting = false;
  const stoppedResult = (reason = cancellation.stopReason('during')): RowResult =>
    effective === 0
      ? { status: 'not-attempted', reason: cancellation.stopReason() }
      : inDoubt(reason, action);
  let shown = known;
  let current: ReadUser | undefined;
  for (let failures = 0; ;) {
    // A user that was written to is finished, even if the run is being stopped.
    const signal = attempts === 0 ? cancellation.signal : graceSignal;
    try {
      if (signal.aborted) return { result: stoppedResult(), attempts };
      const user =
        shown ?? (isDeleted() ? await client.getUser(oktaId, { signal }) : await reader.read(oktaId, signal));
      shown = undefined;
      current = user;
      const step = next(user, attempts);
      if ('result' in step) return { result: step.result, attempts };
      if (attempts >= MAX_WRITES) return { result: inDoubt(NO_EFFECT, action), attempts };
      if (attempts === 0) {
        const recorded = user && update?.(user);
        await journal.recordAttempt(operation, { orgMs: orgTimeMs(context) }, recorded);
      }
      attempts += 1;
      effective += 1;
      isWriting = true;
      const written = await step.write(graceSignal);
      isWriting = false;
      if (written !== undefined && 'status' in written) return { result: written, attempts };
      shown = written?.user;
    } catch (error) {
      if (cancellation.isCauseOf(error)) continue;
      const reaction = reactionTo(error, true);
      const isRefused = writesOnce === true && reaction.kind === 'stop' && isOktaResponse(error);
      if (isWriting && isRefused) effective -= 1;
      isWriting = false;
      failures += 1;
      const isRowOnly = await access?.concernsOnlyRow(error);
      const isStopping =
        !isRowOnly && (reaction.kind === 'stop' || (isRunStopping(reaction) && failures > 1));
      if (error instanceof JournalError || isStopping) {
        cancellation.fail(error);
        return { result: stoppedResult(messageOf(error)), attempts };
      }
      // The user was just read: another host may not know it yet.
      const isFinal = reaction.kind === 'rejected' && !(isMissing(error) && failures < MAX_MISSING);
      if (isFinal && !isRowOnly && attempts > 0) {
        // A proxy may have sent the request twice, so that Okta refuses what it has done already.
        shown = await client.getUser(oktaId, { signal: graceSignal }).catch(() => undefined);
        if (shown !== undefined && shown.status !== current?.status && attempts < MAX_WRITES) continue;
      }
      if (isRowOnly || isFinal || failures >= MAX_ATTEMPTS) {
        const { row, login: storedLogin } = operation;
        const reported = toReportedError(error, () => undefined, { row, storedLogin });
        const done = writtenSoFar?.();
        return { result: { status: 'failed', error: reported, ...(done && { written: done }) }, attempts };
      }
      await clock.sleep(backoffMs(failures, random()), attempts === 0 ? signal : graceSignal).catch(() => {
        // The run is being stopped: the loop checks for it.
      });
    }
  }
}
