import type { Operation } from './operations.js';

/** When a fault occurs. Without `nth`, `every` and `probability` it occurs at every request that matches. */
export interface FaultTrigger {
  /** One operation, several, all that change something, or all requests that pass authentication and rate limits. */
  readonly on: Operation | readonly Operation[] | 'write' | 'any';
  /** Only requests whose body or path names this user by login (case-insensitive), or by the ID of the user with this login. */
  readonly login?: string;
  /** Only requests whose path or `groupIds` names this group, by name or ID. */
  readonly group?: string;
  /** Only requests with these query parameters: with this value, with any value (true), or without the parameter (false). */
  readonly query?: Readonly<Record<string, string | boolean>>;
  /** Only list requests for more items per page than this. Without `limit`, a request asks for as many as there are. */
  readonly pageSizeAbove?: number;
  /** Which of the matching requests, counted from 1 since the fault was added. */
  readonly nth?: number | readonly number[];
  /** Every n-th of the matching requests. */
  readonly every?: number;
  /** 0 to 1, decided by the sandbox's seeded generator. */
  readonly probability?: number;
  /** How often the fault occurs at most; default no limit. */
  readonly times?: number;
  /** `login`: `nth`, `every` and `times` count the requests of each user separately. */
  readonly countedBy?: 'login';
  /** Once it has occurred, the fault continues at every matching request for this long: "read-only minutes". */
  readonly forMs?: number;
}

/** What triggers need to know of a request. */
export interface FaultSubject {
  readonly operation: Operation;
  readonly isWrite: boolean;
  readonly query: () => URLSearchParams;
  /** The key (`loginKey`) of the login in the request, if any. */
  readonly loginKey: () => string | undefined;
  /** Names and IDs of the groups in the request. */
  readonly groups: () => readonly string[];
}

/** Whether a request is one of those that a fault is about. */
export function isMatch(trigger: FaultTrigger, loginKey: string | undefined, subject: FaultSubject): boolean {
  const { on, group, query, pageSizeAbove } = trigger;
  const isOperation =
    on === 'any' || (on === 'write' ? subject.isWrite : [on].flat().includes(subject.operation));
  return (
    isOperation &&
    (loginKey === undefined || loginKey === subject.loginKey()) &&
    (group === undefined || subject.groups().includes(group)) &&
    (query === undefined || hasParameters(subject.query(), query)) &&
    (pageSizeAbove === undefined || pageSize(subject) > pageSizeAbove)
  );
}

function hasParameters(query: URLSearchParams, wanted: NonNullable<FaultTrigger['query']>): boolean {
  return Object.entries(wanted).every(([name, value]) =>
    typeof value === 'boolean' ? query.has(name) === value : query.get(name) === value,
  );
}

/** Negative for requests that list nothing, such as those for one user. */
function pageSize({ operation, query }: FaultSubject): number {
  if (!operation.startsWith('list')) return Number.NEGATIVE_INFINITY;
  return Number(query().get('limit') ?? Number.POSITIVE_INFINITY);
}
