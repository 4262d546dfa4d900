import { activateStagedUser, paced, stagedUsers } from '../engine/activate-user.js';
import { OktaImportError } from '../errors.js';
import { activationFolderOf, wasUndone } from '../journal/run-folder.js';

import { followUp } from './follow-up.js';
import type { Job, JobContext } from './job.js';
import { assertSameOrg, openPastRun, type PastRunRequest } from './past-run.js';
import { Resources } from './resources.js';

export interface ActivateRequest extends PastRunRequest {
  /** Maximum activations per minute; undefined for as many as the org allows. */
  readonly perMinute: number | undefined;
  /** Whether Okta mails people the link to choose a password. */
  readonly sendEmail: boolean;
  readonly concurrency: number;
}

/** The users of the run cannot be activated as things are. */
export class ActivationError extends OktaImportError {
  override readonly code = 'ERR_ACTIVATION';
}

/**
 * Activates the users that a run created staged, in file order. Its folder and journal are beside the run's
 * (`<run-id>-activate`); the same job again goes on with it.
 */
export async function* activateJob(request: ActivateRequest, context: JobContext): Job {
  const { cancellation } = context;
  const resources = new Resources();
  try {
    const { folder, past, startedAtMs } = await openPastRun(request, context, resources, assertNotUndone);
    if (past.description.command !== 'import') {
      throw new ActivationError(
        `${request.run} is not an import, but "${past.description.command}": it has nobody to activate.`,
        { hint: 'Give the run that created the users.' },
      );
    }
    if (past.rowsInDoubt > 0) {
      throw new ActivationError(`${past.rowsInDoubt} rows of the run may or may not have become users.`, {
        hint: `Find out first: okta-csv-import resume ${folder}`,
      });
    }
    const org = resources.add(await request.connect());
    assertSameOrg(past, org.client);
    const { perMinute, sendEmail, concurrency } = request;
    const { clock } = context;
    return yield* followUp(
      {
        command: 'activate',
        past,
        org,
        folder: activationFolderOf(folder),
        startedAtMs,
        concurrency,
        operations: stagedUsers(past),
        paced:
          perMinute === undefined
            ? undefined
            : (planned) => paced(planned, { perMinute, clock, cancellation }),
        isDone: ({ status }) => status === 'activated' || status === 'unchanged',
        apply: (operation, write, { startedAtOrgMs }) =>
          activateStagedUser(operation, { ...write, sendEmail, sinceMs: startedAtOrgMs }),
      },
      context,
      resources,
    );
  } finally {
    await resources.close();
  }
}

async function assertNotUndone(folder: string): Promise<void> {
  if (!(await wasUndone(folder))) return;
  throw new ActivationError(`The run in ${folder} was undone: its users are gone.`, {
    hint: 'Import the file anew instead.',
  });
}
