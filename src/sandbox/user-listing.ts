import { matches, parseExpression, requiredValue, type Dialect, type Expression } from './expressions.js';
import { ordinalOf } from './identifiers.js';
import { ok, type OperationResult, type Call } from './operations.js';
import type { Org } from './org.js';
import { limitOf, ordinalAfter, pageLinks, pageOf } from './paging.js';
import { OktaError } from './okta-error.js';
import { selectFields } from './fields-parameter.js';
import { listedUserBody } from './user-body.js';
import type { UserRecord } from './user-store.js';

const MAX_USERS_PER_PAGE = 200;
const USERS_PER_QUICK_SEARCH = 10;
const DATES = ['created', 'activated', 'statusChanged', 'lastUpdated'];
const NAMES_AND_ADDRESSES = ['profile.firstName', 'profile.lastName', 'profile.email', 'profile.login'];

/** `GET /api/v1/users`, with `q`, `filter`, `search` or none of them. */
export function listUsers(org: Org, call: Call): OperationResult {
  const { query } = call;
  const [q, filter, search] = ['q', 'filter', 'search'].map((name) => query.get(name) || undefined);
  if (filter && search) throw new OktaError('E0000033');
  if (q) return quickSearch(org, call, q);

  const limit = limitOf(query, { default: MAX_USERS_PER_PAGE, max: MAX_USERS_PER_PAGE });
  const dialect = search ? searchDialect(org) : FILTER;
  const text = search ?? filter;
  const expression = text === undefined ? undefined : parseExpression(text, dialect);
  const isIndexed = indexCheck(org);
  const page = pageOf(candidates(org, call, expression), {
    limit,
    isMatch: (user) => {
      if (!expression) return user.status !== 'DEPROVISIONED';
      return isIndexed(user) && matches(expression, user, dialect);
    },
    cursorOf: (user) => user.oktaId,
  });
  return {
    ...ok(page.items.map((user) => selectFields(listedUserBody(user, call.origin), query.get('fields')))),
    links: pageLinks(`${call.origin}/api/v1/users`, query, limit, page.next),
  };
}

/** `q` matches the start of firstName, lastName or email; without pages and `Link` headers. */
function quickSearch(org: Org, call: Call, q: string): OperationResult {
  const prefix = q.toLowerCase();
  const isIndexed = indexCheck(org);
  const limit = limitOf(call.query, { default: USERS_PER_QUICK_SEARCH, max: MAX_USERS_PER_PAGE });
  const page = pageOf(org.users.inOrder.after(), {
    limit,
    isMatch: (user) =>
      user.status !== 'DEPROVISIONED' &&
      isIndexed(user) &&
      [user.profile['firstName'], user.profile['lastName'], user.profile['email']].some(
        (value) => typeof value === 'string' && value.toLowerCase().startsWith(prefix),
      ),
    cursorOf: (user) => user.oktaId,
  });
  return ok(
    page.items.map((user) => selectFields(listedUserBody(user, call.origin), call.query.get('fields'))),
  );
}

/** The users after the cursor; only one when the expression requires an ID or a login, which keeps that fast. */
function candidates(org: Org, call: Call, expression: Expression | undefined): Iterable<UserRecord> {
  const afterOrdinal = ordinalAfter(call.query, (cursor) => ordinalOf('00u', cursor));
  const sortBy = expression && call.query.get('search') ? call.query.get('sortBy') : null;
  if (sortBy) return sorted(org, call, sortBy, call.query.get('after') || undefined);

  const key = expression && (requiredValue(expression, 'profile.login') ?? requiredValue(expression, 'id'));
  if (key === undefined) return org.users.inOrder.after(afterOrdinal);
  const user = org.users.find(key);
  return user && user.ordinal > afterOrdinal ? [user] : [];
}

/** Sorts by one property, case-insensitive, then by ID. Users without a value come last, or first when descending. */
function sorted(org: Org, call: Call, sortBy: string, after: string | undefined): UserRecord[] {
  const dialect = searchDialect(org);
  if (!dialect.operatorsOf(sortBy)) throw new OktaError('E0000031');
  const direction = call.query.get('sortOrder')?.toLowerCase() === 'desc' ? -1 : 1;
  const keyed = [...org.users.inOrder.after()].map((user) => ({
    user,
    key: sortKey(dialect.read(user, sortBy)),
  }));
  keyed.sort((a, b) => direction * compareKeys(a.key, b.key) || a.user.ordinal - b.user.ordinal);
  const start = after === undefined ? 0 : keyed.findIndex(({ user }) => user.oktaId === after) + 1;
  if (after !== undefined && start === 0) throw new OktaError('E0000029');
  return keyed.slice(start).map(({ user }) => user);
}

type SortKey = string | number | undefined;

function sortKey(value: unknown): SortKey {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (first === undefined || first === null) return undefined;
  return typeof first === 'string' ? first.toLowerCase() : Number(first);
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}

/** `q`, `filter` and `search` are eventually consistent: they find a new user only after a delay. */
function indexCheck(org: Org): (user: UserRecord) => boolean {
  const { searchLagMs = 0 } = org.options;
  if (searchLagMs === 0) return () => true;
  const visibleFrom = org.nowMs() - searchLagMs;
  return (user) => Date.parse(user.created) <= visibleFrom;
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
