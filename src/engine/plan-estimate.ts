import type { UserRequest } from '../okta/types.js';
import type { CreateOperation } from '../rows/operation.js';
import { REDACTED } from '../text.js';

import { getsActivationMail, MailPlanner, type MailPlan } from './mail-plan.js';

/** What an import would do, as estimated by a dry run. */
export interface PlanEstimate {
  readonly creates: number;
  readonly updates: number;
  /** Minutes of waiting for the rate limit, at this run's share of it; undefined when the org states no limit. */
  readonly minutes: number | undefined;
  /** Emails that Okta would send to users so that they choose a password. */
  readonly activationMails: number;
  /** Where they go, the domains with the most first; at most ten. Absent from summaries of earlier versions. */
  readonly mailDomains?: MailPlan['domains'] | undefined;
  /** Of the users to create, those who would be staged because they start later. Absent for none. */
  readonly startLater?: number | undefined;
  /** Names of the groups that would be created (`--create-groups`). */
  readonly groupsToCreate: readonly string[];
  /** The body of the first create, without its secrets. */
  readonly sample: UserRequest | undefined;
}

const MAX_DOMAINS = 10;

/** Adds up what the rows of a dry run would do. */
export class PlanEstimator {
  #creates = 0;
  #updates = 0;
  #startLater = 0;
  readonly #mails = new MailPlanner();
  readonly #groups = new Set<string>();
  #sample: UserRequest | undefined;

  add({ request, options, startsOn, firstSignIn }: CreateOperation): void {
    this.#creates += 1;
    if (startsOn !== undefined) this.#startLater += 1;
    this.#sample ??= withoutSecrets(request);
    const isMailed = options.activate && firstSignIn === undefined && getsActivationMail(request);
    if (isMailed) this.#mails.add(request);
  }

  readonly addGroup = (name: string): void => void this.#groups.add(name);

  addUpdate(): void {
    this.#updates += 1;
  }

  /** @param limit - requests per minute of the bucket for creates; that for updates is at least as large. */
  estimate(limit: number | undefined, share: number): PlanEstimate {
    const requests = Math.max(this.#creates, this.#updates);
    const { mails, domains } = this.#mails.plan();
    return {
      creates: this.#creates,
      updates: this.#updates,
      minutes: waitMinutes(requests, limit, share),
      activationMails: mails,
      ...(mails > 0 && { mailDomains: domains.slice(0, MAX_DOMAINS) }),
      ...(this.#startLater > 0 && { startLater: this.#startLater }),
      groupsToCreate: [...this.#groups],
      sample: this.#sample,
    };
  }
}

/**
 * Minutes of waiting for the rate limit.
 *
 * @param limit - requests per minute; undefined if the org states none.
 * @returns undefined without a limit.
 */
export function waitMinutes(requests: number, limit: number | undefined, share: number): number | undefined {
  if (limit === undefined) return undefined;
  return Math.max(0, Math.ceil(requests / Math.max(1, Math.floor(limit * share))) - 1);
}

/** A copy of a request that may be shown. */
export function withoutSecrets(request: UserRequest): UserRequest {
  const { credentials } = request;
  if (credentials === undefined) return request;
  const { password, recovery_question: recovery, ...rest } = credentials;
  return {
    ...request,
    credentials: {
      ...rest,
      ...(password && {
        password: {
          ...password,
          ...(password.value !== undefined && { value: REDACTED }),
          ...(password.hash && {
            hash: {
              ...password.hash,
              value: REDACTED,
              ...(password.hash.salt !== undefined && { salt: REDACTED }),
            },
          }),
        },
      }),
      ...(recovery && { recovery_question: { ...recovery, answer: REDACTED } }),
    },
  };
}
