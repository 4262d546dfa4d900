import type { Clock } from '../clock.js';
import type { LinkRecipient } from '../engine/keep-link.js';
import { getsActivationMail, MailPlanner, type MailPlan } from '../engine/mail-plan.js';
import { readUsers } from '../org/read-users.js';

import type { ActivationTarget } from './activation-target.js';

/** What an activation is about to do. */
export interface ActivationPlan {
  /** `run it`, `data set staff`. */
  readonly target: string;
  readonly orgUrl: string;
  /** Users to activate. */
  readonly users: number;
  /** Users who were activated before and get another link, which ends the former one. */
  readonly reissued: number;
  readonly mails: MailPlan;
  readonly perMinute: number | undefined;
  /** Where the activation links go; undefined when Okta mails them, or when there are none. */
  readonly linksFile: string | undefined;
  readonly waitingForStart: number;
  /** When the first of those starts; undefined while unknown. */
  readonly nextStart: string | undefined;
  readonly withoutStart: number;
  /** Aborts the question. */
  readonly signal: AbortSignal;
}

export interface PlanOptions {
  readonly sendsEmail: boolean;
  readonly perMinute: number | undefined;
  readonly linksFile: string | undefined;
  readonly links: Pick<LinkRecipient, 'has'> | undefined;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal: AbortSignal;
}

/** Reads the users who are to be activated: some may be active by now, and only those without a password get an email. */
export async function planActivation(
  target: ActivationTarget,
  { sendsEmail, perMinute, linksFile, links, clock, signal }: PlanOptions,
): Promise<ActivationPlan> {
  const { org, waitingForStart, startsLater, withoutStart, name } = target;
  const rows = new Map<string, number>();
  for (const { oktaId, row } of target.operations()) {
    if (!target.wasActivated(row.row) || links?.has(oktaId) === false) rows.set(oktaId, row.row);
  }
  const mails = new MailPlanner();
  let users = 0;
  let reissued = 0;
  for await (const { oktaId, user } of readUsers(rows.keys(), { client: org.client, clock, signal })) {
    if (user?.status === 'STAGED') {
      users += 1;
      if (sendsEmail && getsActivationMail(user)) mails.add(user);
    } else if (user?.status === 'PROVISIONED') {
      const isLost = target.pending?.last('link', oktaId) !== undefined;
      if (isLost || target.wasActivated(rows.get(oktaId) ?? 0)) reissued += 1;
    }
  }
  return {
    target: name,
    orgUrl: org.client.orgUrl,
    users,
    reissued,
    mails: mails.plan(perMinute),
    perMinute,
    linksFile,
    waitingForStart,
    nextStart: startsLater?.next,
    withoutStart,
    signal,
  };
}
