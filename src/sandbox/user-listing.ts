import { selectFields } from './fields-parameter.js';
import { matches, parseExpression, requiredValue, type Dialect, type Expression } from './expressions.js';
import { OktaError } from './okta-error.js';
import { ok, type OperationResult, type Call } from './operations.js';
import type { Org } from './org.js';
import { cursorOf, limitOf, pageLinks, pageOf, positionAfter, type Page } from './paging.js';
import { sortedBy } from './sorting.js';
import { listedUserBody } from './user-body.js';
import { isUserStatus, type UserPosition, type UserRecord } from './user-store.js';

const MAX_USERS_PER_PAGE = 200;
const USERS_PER_QUICK_SEARCH = 10;
const DATES = ['created', 'activated', 'statusChanged', 'lastUpdated'];
const NAMES_AND_ADDRESSES = ['profile.firstName', 'profile.lastName', 'profile.email', 'profile.login'];

/** `GET /api/v1/users`, with `q`, `filter`, `search` or none of them. */
export function listUsers(org: Org, call: Call): OperationResult {
  const { query } = call;
  const [q, filter, search] = ['q', 'filter', 'search'].map((name) => query.get(name) || undefined);
  if (filter && search) throw new OktaError('E0000033');
  if (q) return ok(bodiesOf(quickSearch(org, query, q), call));

  const limit = limitOf(query, { default: MAX_USERS_PER_PAGE, max: MAX_USERS_PER_PAGE });
  const page = pageOfUsers(org, query, { filter, search, limit });
  return {
    ...ok(bodiesOf(page.items, call)),
    links: pageLinks(`${call.origin}/api/v1/users`, query, limit, page.next),
  };
}

function bodiesOf(users: readonly UserRecord[], { origin, query }: Call): object[] {
  return users.map((user) => selectFields(listedUserBody(user, origin), query.get('fields')));
}

function pageOfUsers(
  org: Org,
  query: URLSearchParams,
  request: {
    readonly filter: string | undefined;
    readonly search: string | undefined;
    readonly limit: number;
  },
): Page<UserRecord> {
  const { filter, search, limit } = request;
  const text = search ?? filter;
  if (text === undefined) return allUsers(org, query, limit);
  const dialect = search ? searchDialect(org) : FILTER;
  const expression = parseExpression(text, dialect);
  const isMatch = (user: UserRecord): boolean => matches(expression, user, dialect);
  if (search && query.get('sortBy')) {
    const sorted = sortedBy(org.searchIndex.usersAfter(org.users), dialect, query);
    const { items, next } = pageOf(sorted, {
      limit,
      isMatch: ({ item }) => isMatch(item),
      cursorOf: ({ cursor }) => cursor,
    });
    return { items: items.map(({ item }) => item), next };
  }
  return pageOf(candidates(org, query, expression), {
    limit,
    isMatch,
    cursorOf: (user) => cursorOf([user.oktaId]),
  });
}

/** All users but deactivated ones, by status and ID: who gets another status between two pages is on neither or on both. */
function allUsers(org: Org, query: URLSearchParams, limit: number): Page<UserRecord> {
  const [status, oktaId] = positionAfter(query, 2) ?? [];
  if (status !== undefined && !isUserStatus(status)) throw new OktaError('E0000029');
  const after: UserPosition | undefined = status && { status, oktaId: String(oktaId) };
  return pageOf(org.users.byStatus.after(after), {
    limit,
    isMatch: (user) => user.status !== 'DEPROVISIONED',
    cursorOf: (user) => cursorOf([user.status, user.oktaId]),
  });
}

/** `q` matches the start of firstName, lastName or email; without pages and `Link` headers. */
function quickSearch(org: Org, query: URLSearchParams, q: string): readonly UserRecord[] {
  const prefix = q.toLowerCase();
  const limit = limitOf(query, { default: USERS_PER_QUICK_SEARCH, max: MAX_USERS_PER_PAGE });
  const page = pageOf(org.searchIndex.usersAfter(org.users), {
    limit,
    isMatch: (user) =>
      user.status !== 'DEPROVISIONED' &&
      [user.profile['firstName'], user.profile['lastName'], user.profile['email']].some(
        (value) => typeof value === 'string' && value.toLowerCase().startsWith(prefix),
      ),
    cursorOf: (user) => user.oktaId,
  });
  return page.items;
}

/** The users after the cursor, by ID; only a few when the expression requires an ID or a login, which keeps that fast. */
function candidates(org: Org, query: URLSearchParams, expression: Expression): Iterable<UserRecord> {
  const [position] = positionAfter(query, 1) ?? [];
  const after = position === undefined ? undefined : String(position);
  const key = requiredValue(expression, 'profile.login') ?? requiredValue(expression, 'id');
  return key === undefined
    ? org.searchIndex.usersAfter(org.users, after)
    : org.searchIndex.usersWith(org.users, key, after);
}

const FILTER: Dialect<UserRecord> = {
  ignoresCase: false,
  operatorsOf: (property) => {
    if (property === 'lastUpdated') return ['eq', 'gt', 'ge', 'lt', 'le'];
    return property === 'id' || property === 'status' || NAMES_AND_ADDRESSES.includes(property)
      ? ['eq']
      : undefined;
  },
  isDate: (property) => property === 'lastUpdated',
  read: readProperty,
};

function searchDialect(org: Org): Dialect<UserRecord> {
  const comparisons = ['eq', 'gt', 'ge', 'lt', 'le', 'sw', 'pr'];
  return {
    ignoresCase: true,
    operatorsOf: (property) => {
      if (NAMES_AND_ADDRESSES.includes(property)) return [...comparisons, 'co'];
      if (property === 'id' || property === 'status' || property === 'type.id') return comparisons;
      if (DATES.includes(property)) return comparisons.filter((operator) => operator !== 'sw');
      if (!property.startsWith('profile.')) return undefined;
      const name = property.slice('profile.'.length);
      const isKnown = org.userTypes.some((type) => type.base.has(name) || type.custom.has(name));
      return isKnown ? comparisons : undefined;
    },
    isDate: (property) => DATES.includes(property),
    read: readProperty,
  };
}

function readProperty(user: UserRecord, property: string): unknown {
  if (property.startsWith('profile.')) return user.profile[property.slice('profile.'.length)];
  return PROPERTIES.get(property)?.(user);
}

const PROPERTIES = new Map<string, (user: UserRecord) => unknown>([
  ['id', ({ oktaId }) => oktaId],
  ['type.id', ({ type }) => type.oktaId],
  ['status', ({ status }) => status],
  ['created', ({ created }) => created],
  ['activated', ({ activated }) => activated],
  ['statusChanged', ({ statusChanged }) => statusChanged],
  ['lastUpdated', ({ lastUpdated }) => lastUpdated],
]);
