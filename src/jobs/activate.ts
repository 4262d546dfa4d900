import { activateStagedUser, paced, stagedUsers } from '../engine/activate-user.js';
import { OktaImportError } from '../errors.js';
import { readJournal } from '../journal/reader.js';
import { activationFolderOf, hasBegun } from '../journal/run-folder.js';
import { exitCodeOf } from '../rows/exit-code.js';

import { followUp, usersOfRun } from './follow-up.js';
import { openLinks, type LinksOptions } from './links.js';
import type { Job, JobContext, OpenOrg } from './job.js';
import { assertNotUndone, openSettledImport, type OpenPastRun, type PastRunRequest } from './past-run.js';
import { Resources } from './resources.js';

export interface ActivateRequest extends PastRunRequest {
  /** Maximum activations per minute; undefined for as many as the org allows. */
  readonly perMinute: number | undefined;
  /** Whether Okta mails people the link to choose a password. */
  readonly sendEmail: boolean;
  /** Writes the activation links, which Okta does not mail then, to a file. They are in no report, journal or log. */
  readonly links?: LinksOptions | undefined;
  readonly concurrency: number;
  /** Gets the plan. Nothing is changed unless it resolves to true. */
  readonly confirm?: ((plan: ActivationPlan) => Promise<boolean>) | undefined;
}

/** What an activation is about to do. */
export interface ActivationPlan {
  readonly orgUrl: string;
  readonly runId: string;
  /** Users to activate, by the journals: without those that an earlier activation has activated. */
  readonly users: number;
  readonly sendsEmail: boolean;
  readonly perMinute: number | undefined;
  /** Where the activation links go; undefined when Okta mails them, or when there are none. */
  readonly linksFile: string | undefined;
  /** Aborts the question. */
  readonly signal: AbortSignal;
}

/** The users of the run cannot be activated. */
export class ActivationError extends OktaImportError {
  override readonly code = 'ERR_ACTIVATION';
}

/**
 * Activates the users that a run created STAGED, in file order. Has its own folder and journal next to the run's
 * (`<run-id>-activate`), from which the same job can be continued.
 */
export async function* activateJob(request: ActivateRequest, context: JobContext): Job {
  const { cancellation } = context;
  const resources = new Resources();
  try {
    const { folder, past, startedAtMs, locks, org } = await openSettledImport(request, context, resources, {
      RunError: ActivationError,
      purpose: 'activate',
      allow: (folder) => assertNotUndone(folder, ActivationError),
    });
    const { perMinute, concurrency, confirm } = request;
    if (
      confirm !== undefined &&
      !(await confirm(await planActivation(request, { past, folder, org }, context)))
    ) {
      return { exitCode: cancellation.isAborted ? exitCodeOf(cancellation.reason) : 2 };
    }
    const links =
      request.links && resources.add(await openLinks(request.links, { client: org.client, locks }, context));
    const sendEmail = request.sendEmail && links === undefined;
    const { clock } = context;
    return yield* followUp(
      {
        command: 'activate',
        subject: usersOfRun(past),
        org,
        folder: activationFolderOf(folder),
        startedAtMs,
        locks,
        concurrency,
        sendsEmail: sendEmail,
        operations: () => stagedUsers(past),
        paced:
          perMinute === undefined
            ? undefined
            : (planned) => paced(planned, { perMinute, clock, cancellation }),
        isDone: (outcome) =>
          outcome.status === 'unchanged' ||
          (outcome.status === 'activated' && links?.has(outcome.oktaId) !== false),
        apply: (operation, write, { startedAtOrgMs }) =>
          activateStagedUser(operation, { ...write, sendEmail, links, sinceMs: startedAtOrgMs }),
      },
      context,
      resources,
    );
  } finally {
    await resources.close();
  }
}

async function planActivation(
  { perMinute, sendEmail, links }: ActivateRequest,
  { past, folder, org }: Pick<OpenPastRun, 'past' | 'folder'> & { readonly org: OpenOrg },
  { cancellation }: Pick<JobContext, 'cancellation'>,
): Promise<ActivationPlan> {
  const activationFolder = activationFolderOf(folder);
  const earlier = (await hasBegun(activationFolder)) ? await readJournal(activationFolder) : undefined;
  let users = 0;
  for (const { row } of stagedUsers(past)) {
    const outcome = earlier?.outcomeOf(row.row);
    if (outcome === undefined || outcome.status === 'failed') users += 1;
  }
  earlier?.close();
  return {
    orgUrl: org.client.orgUrl,
    runId: past.description.runId,
    users,
    sendsEmail: sendEmail && links === undefined,
    perMinute,
    linksFile: links?.file,
    signal: cancellation.signal,
  };
}
