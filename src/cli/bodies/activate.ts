import { OktaImportError } from '../../errors.js';
import { activationFolderOf, findRunFolder, wasUndone } from '../../journal/run-folder.js';
import { activateStagedUser, paced, stagedUsers } from '../../engine/activate-user.js';
import { readJournal, type PastRun } from '../../journal/reader.js';
import { takeLock } from '../../journal/lock.js';
import { Cancellation } from '../../rows/cancellation.js';
import type { Org } from '../../settings/load.js';
import type { RequestSettings } from '../../settings/requests.js';

import { interrupt, type OutputFlags } from './finish.js';
import { runFollowUp } from './follow-up.js';
import { assertSameOrg, openOrg, type OpenOrg } from '../connect.js';
import type { CommandContext } from '../command-context.js';

export interface ActivateFlags {
  /** A run id, or the run's folder. */
  readonly run: string;
  /** Most activations a minute; undefined for as many as the org allows. */
  readonly perMinute: number | undefined;
  /** Whether Okta mails people the link with which they choose a password. */
  readonly sendEmail: boolean;
  readonly org: Org;
  readonly requests: RequestSettings;
  readonly talk: OutputFlags;
  readonly reports: string;
}

/** The users of the run cannot be activated as things are. */
export class ActivationError extends OktaImportError {
  override readonly code = 'ERR_ACTIVATION';
}

/**
 * `activate <run>`: activates the users that the run created staged, in file order, at a stated pace.
 *
 * Has a folder and a journal of its own beside the run's (`<run-id>-activate`); the same command again goes on with it.
 *
 * @returns the exit code.
 */
export async function activateRun(flags: ActivateFlags, surroundings: CommandContext): Promise<number> {
  const { clock } = surroundings;
  const cancellation = new Cancellation();
  surroundings.onInterrupt((signal) => interrupt(cancellation, signal, flags.talk, surroundings));
  const runFolder = await findRunFolder(flags.reports, flags.run);
  if (await wasUndone(runFolder)) {
    throw new ActivationError(`The run in ${runFolder} was undone: its users are gone.`, {
      hint: 'Import the file anew instead.',
    });
  }
  const startedAt = new Date(clock.now()).toISOString();
  const lock = await takeLock(`${runFolder}/lock`, `The run in ${runFolder}`, flags.run, startedAt);
  let past: PastRun | undefined;
  let org: OpenOrg | undefined;
  try {
    past = await readJournal(runFolder);
    if (past.description.command !== 'import') {
      throw new ActivationError(
        `${flags.run} is not an import, but "${past.description.command}": it has nobody to activate.`,
        { hint: 'Give the run that created the users.' },
      );
    }
    if (past.rowsInDoubt > 0) {
      throw new ActivationError(`${past.rowsInDoubt} rows of the run may or may not have become users.`, {
        hint: `Find out first: okta-csv-import resume ${runFolder}`,
      });
    }
    org = await openOrg(flags.org, flags.requests, surroundings);
    assertSameOrg(past.description, org);
    const { perMinute, sendEmail } = flags;
    return await runFollowUp(
      {
        command: 'activate',
        past,
        org,
        folder: activationFolderOf(runFolder),
        cancellation,
        startedAt,
        operations: stagedUsers(past),
        paced:
          perMinute === undefined
            ? undefined
            : (planned) => paced(planned, { perMinute, clock, cancellation }),
        isDone: ({ status }) => status === 'activated' || status === 'unchanged',
        apply: (operation, context, { startedAtOrgMs }) =>
          activateStagedUser(operation, { ...context, sendEmail, sinceMs: startedAtOrgMs }),
      },
      flags,
      surroundings,
    );
  } finally {
    past?.close();
    await lock.release();
    await org?.close();
  }
}
