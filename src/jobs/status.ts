import type { User } from '../okta/types.js';
import { accountStateOf, type AccountState } from '../org/account-state.js';
import { readGroupNames } from '../org/group-names.js';
import { readUsers } from '../org/read-users.js';
import { didYouMean, quoted } from '../text.js';

import { CohortError, openCohort, type CohortRequest } from './cohort.js';
import type { JobContext } from './job.js';
import { Resources } from './resources.js';

export interface StatusRequest extends CohortRequest {
  /** An attribute, or `group`: counts people by its values. */
  readonly by?: string | undefined;
}

/** How many people are in each state. */
export type StatusCounts = Readonly<Record<AccountState | 'people' | 'signedIn', number>>;

export interface StatusReport {
  /** `run it`, `data set staff`. */
  readonly cohort: string;
  readonly orgUrl: string;
  /** ISO 8601. */
  readonly at: string;
  readonly total: StatusCounts;
  /** Undefined when people are not counted by anything. A person in two groups counts in both. */
  readonly by: { readonly name: string; readonly values: readonly StatusOfValue[] } | undefined;
}

export interface StatusOfValue {
  /** Null for people without a value, who come last. */
  readonly value: string | null;
  readonly counts: StatusCounts;
}

/** Another word than the name of an attribute. */
const GROUP = 'group';

/**
 * Counts the people of a run or a data set by how far they have come. Only reads, and takes no lock.
 *
 * @throws {CohortError} no one has the attribute.
 */
export async function readStatus(request: StatusRequest, context: JobContext): Promise<StatusReport> {
  const { clock, cancellation } = context;
  const { signal } = cancellation;
  const resources = new Resources();
  try {
    const cohort = await openCohort(request, context, resources, { purpose: 'status', locks: false });
    const { client } = cohort.org;
    const { by } = request;
    const ids = cohort.people.map(({ oktaId }) => oktaId);
    const valuesOf = by === GROUP ? await groupsOf(ids, { client, clock, signal }) : attributeOf(by);
    const total = new Counter();
    const byValue = new Map<string | null, Counter>();
    const attributes = new Set<string>();
    for await (const { oktaId, user } of readUsers(ids, { client, clock, signal })) {
      total.add(user);
      if (by === undefined) continue;
      for (const name in user?.profile) attributes.add(name);
      const values = valuesOf(oktaId, user);
      for (const value of values.length === 0 ? [null] : values) {
        const counter = byValue.get(value) ?? new Counter();
        counter.add(user);
        byValue.set(value, counter);
      }
    }
    if (by !== undefined && by !== GROUP) assertKnown(by, attributes);
    return {
      cohort: cohort.name,
      orgUrl: client.orgUrl,
      at: new Date(clock.now()).toISOString(),
      total: total.counts,
      by: by === undefined ? undefined : { name: by, values: [...byValue].map(toValue).sort(byName) },
    };
  } finally {
    await resources.close();
  }
}

type ValuesOf = (oktaId: string, user: User | undefined) => readonly string[];

function attributeOf(name: string | undefined): ValuesOf {
  return (_oktaId, user) => {
    const value = name === undefined ? undefined : user?.profile[name];
    const values: readonly (string | number | boolean | null | undefined)[] = Array.isArray(value)
      ? value
      : [value];
    return values.flatMap((each) =>
      each === undefined || each === null || each === '' ? [] : [String(each)],
    );
  };
}

async function groupsOf(
  ids: readonly string[],
  options: Parameters<typeof readGroupNames>[1],
): Promise<ValuesOf> {
  const names = await readGroupNames(ids, options);
  return (oktaId) => names.get(oktaId) ?? [];
}

/** @throws {CohortError} no user of the org has such an attribute, as far as they were read. */
function assertKnown(name: string, attributes: ReadonlySet<string>): void {
  // Okta returns every attribute that has a value, and some that have none.
  if (attributes.size === 0 || attributes.has(name)) return;
  throw new CohortError(
    `No one has a value of ${quoted(name)} (--by).${didYouMean(name, [...attributes, GROUP])}`,
    { hint: 'Use the name of an attribute, such as department, or group.' },
  );
}

class Counter {
  readonly #counts: Record<AccountState | 'people' | 'signedIn', number> = {
    people: 0,
    staged: 0,
    invited: 0,
    recovery: 0,
    passwordExpired: 0,
    active: 0,
    locked: 0,
    suspended: 0,
    deactivated: 0,
    gone: 0,
    signedIn: 0,
  };

  add(user: User | undefined): void {
    this.#counts.people += 1;
    this.#counts[accountStateOf(user)] += 1;
    if (typeof user?.lastLogin === 'string') this.#counts.signedIn += 1;
  }

  get counts(): StatusCounts {
    return this.#counts;
  }
}

function toValue([value, counter]: readonly [string | null, Counter]): StatusOfValue {
  return { value, counts: counter.counts };
}

function byName({ value: one }: StatusOfValue, { value: other }: StatusOfValue): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return one.localeCompare(other);
}
