import type { UserRequest } from '../okta/types.js';

import type { CreateOperation } from '../rows/operation.js';

/** What an import would do, as far as a dry run can tell. */
export interface PlanEstimate {
  readonly creates: number;
  readonly updates: number;
  /** That the limit makes it wait, at the share that this run may use; undefined when the org's headers state no limit. */
  readonly minutes: number | undefined;
  /** Mails that Okta would send to people so that they choose a password. */
  readonly activationMails: number;
  /** The body of the first create, secrets hidden. */
  readonly sample: UserRequest | undefined;
}

/** Adds up what the creates of a dry run would come to. */
export class PlanEstimator {
  #creates = 0;
  #updates = 0;
  #activationMails = 0;
  #sample: UserRequest | undefined;

  add({ request, options }: CreateOperation): void {
    this.#creates += 1;
    this.#sample ??= withoutSecrets(request);
    // Users, "User creation details and outcomes": whoever is activated without a password gets a mail.
    const { password, provider } = request.credentials ?? {};
    if (options.activate && password === undefined && provider === undefined) this.#activationMails += 1;
  }

  addUpdate(): void {
    this.#updates += 1;
  }

  /** @param limit - requests a minute of the bucket that creates count against; updates have one as large at least. */
  estimate(limit: number | undefined, share: number): PlanEstimate {
    const requests = Math.max(this.#creates, this.#updates);
    return {
      creates: this.#creates,
      updates: this.#updates,
      minutes:
        limit === undefined
          ? undefined
          : Math.max(0, Math.ceil(requests / Math.max(1, Math.floor(limit * share))) - 1),
      activationMails: this.#activationMails,
      sample: this.#sample,
    };
  }
}

const HIDDEN = '[redacted]';

/** A request that may be shown. */
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
          ...(password.value !== undefined && { value: HIDDEN }),
          ...(password.hash && {
            hash: {
              ...password.hash,
              value: HIDDEN,
              ...(password.hash.salt !== undefined && { salt: HIDDEN }),
            },
          }),
        },
      }),
      ...(recovery && { recovery_question: { ...recovery, answer: HIDDEN } }),
    },
  };
}
