import { resolve } from 'node:path';

import { activateStagedUser, paced } from '../engine/activate-user.js';
import { UsersAhead } from '../org/users-ahead.js';
import { exitCodeOf } from '../rows/exit-code.js';

import { planActivation, type ActivationPlan } from './activation-plan.js';
import { openTarget, type TargetRequest } from './activation-target.js';
import { followUp } from './follow-up.js';
import { openLinks, readLinks, type LinksOptions } from './links.js';
import type { Job, JobContext } from './job.js';
import { Resources } from './resources.js';

export interface ActivateRequest extends Omit<TargetRequest, 'writesLinks' | 'locks'> {
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

/** Plans an activation. Changes nothing, takes no lock. */
export async function planActivationOf(
  request: Omit<ActivateRequest, 'confirm' | 'concurrency'>,
  context: JobContext,
): Promise<ActivationPlan> {
  const { clock, cancellation } = context;
  const { signal } = cancellation;
  const resources = new Resources();
  try {
    const writesLinks = request.links !== undefined;
    const target = await openTarget({ ...request, writesLinks, locks: false }, context, resources);
    const links = request.links && (await readLinks(request.links, { client: target.org.client, signal }));
    if (links !== undefined) await target.forgetKept(links);
    return await planActivation(target, {
      sendsEmail: request.sendEmail && links === undefined,
      perMinute: request.perMinute,
      linksFile: request.links?.file,
      links,
      clock,
      signal,
    });
  } finally {
    await resources.close();
  }
}

/**
 * Activates the users that a run created STAGED, in file order, or the staged members of a data set. The activation of a run has its
 * own folder and journal next to the run's (`<run-id>-activate`), from which the same job can be continued; that of a data set has
 * a new folder each time.
 */
export async function* activateJob(request: ActivateRequest, context: JobContext): Job {
  const { cancellation, clock } = context;
  const resources = new Resources();
  try {
    const writesLinks = request.links !== undefined;
    const target = await openTarget({ ...request, writesLinks, locks: true }, context, resources);
    const { org, locks, pending } = target;
    const { perMinute, concurrency, confirm } = request;
    const links =
      request.links && resources.add(await openLinks(request.links, { client: org.client, locks }, context));
    if (links !== undefined) await target.forgetKept(links);
    const sendEmail = request.sendEmail && links === undefined;
    if (confirm !== undefined) {
      const { signal } = cancellation;
      const linksFile = request.links?.file;
      const plan = await planActivation(target, {
        sendsEmail: sendEmail,
        perMinute,
        linksFile,
        links,
        clock,
        signal,
      });
      if (!(await confirm(plan))) {
        return { exitCode: cancellation.isAborted ? exitCodeOf(cancellation.reason) : 2 };
      }
    }
    const ids = function* (): Generator<string> {
      for (const { oktaId, row } of target.operations()) if (!target.wasActivated(row.row)) yield oktaId;
    };
    // Slow activations are read one by one: a user who is deactivated after a search would be activated again.
    const ahead =
      perMinute === undefined ? new UsersAhead({ client: org.client, clock, ids: ids() }) : undefined;
    return yield* followUp(
      {
        command: 'activate',
        ...target,
        ...(await target.openFolder()),
        concurrency,
        sendsEmail: sendEmail,
        linksFile: request.links && resolve(request.links.file),
        paced:
          perMinute === undefined
            ? undefined
            : (planned) => paced(planned, { perMinute, clock, cancellation }),
        isDone: (outcome) =>
          outcome.status === 'unchanged' ||
          (outcome.status === 'activated' && links?.has(outcome.oktaId) !== false),
        apply: (operation, write, { startedAtOrgMs }) =>
          activateStagedUser(operation, {
            ...write,
            sendEmail,
            links,
            pending,
            sinceMs: startedAtOrgMs,
            ahead,
          }),
      },
      context,
      resources,
    );
  } finally {
    await resources.close();
  }
}
