import { matches, parseExpression, type Dialect } from './expressions.js';
import { groupBody } from './group-body.js';
import type { GroupPosition, GroupRecord } from './group-store.js';
import { OktaError } from './okta-error.js';
import { ok, type Call, type OperationResult } from './operations.js';
import type { Org } from './org.js';
import { cursorOf, limitOf, pageLinks, pageOf, positionAfter, type Page } from './paging.js';
import { sortedBy } from './sorting.js';

const MAX_GROUPS_PER_PAGE = 10_000;
const GROUPS_PER_QUICK_SEARCH = 10;

/** `GET /api/v1/groups`. `q` can be combined with `filter`; its results have no pages. */
export function listGroups(org: Org, call: Call): OperationResult {
  const { query } = call;
  const [q, filter, search] = ['q', 'filter', 'search'].map((name) => query.get(name) || undefined);
  if (filter && search) throw new OktaError('E0000033');
  const dialect = search ? SEARCH : FILTER;
  const text = search ?? filter;
  const expression = text === undefined ? undefined : parseExpression(text, dialect);
  const prefix = q?.toLowerCase();
  const limit = limitOf(query, {
    default: q ? GROUPS_PER_QUICK_SEARCH : MAX_GROUPS_PER_PAGE,
    max: MAX_GROUPS_PER_PAGE,
  });
  const isMatch = (group: GroupRecord): boolean =>
    (prefix === undefined || group.name.toLowerCase().startsWith(prefix)) &&
    (expression === undefined || matches(expression, group, dialect));
  const page = search
    ? searchedGroups(org, query, { isMatch, limit })
    : groupsByName(org, query, { isMatch, limit });
  const body = page.items.map((group) => groupBody(org, group, call));
  if (q) return ok(body);
  return { ...ok(body), links: pageLinks(`${call.origin}/api/v1/groups`, query, limit, page.next) };
}

interface GroupQuery {
  readonly isMatch: (group: GroupRecord) => boolean;
  readonly limit: number;
}

function groupsByName(org: Org, query: URLSearchParams, { isMatch, limit }: GroupQuery): Page<GroupRecord> {
  const [name, oktaId] = positionAfter(query, 2) ?? [];
  const after: GroupPosition | undefined =
    name === undefined ? undefined : { name: String(name), oktaId: String(oktaId) };
  return pageOf(org.groups.byName.after(after), {
    limit,
    isMatch,
    cursorOf: (group) => cursorOf([group.name, group.oktaId]),
  });
}

/** `sortBy` has an effect with `search` only. */
function searchedGroups(org: Org, query: URLSearchParams, { isMatch, limit }: GroupQuery): Page<GroupRecord> {
  const page = pageOf(sortedBy(org.groups.all(), SEARCH, query), {
    limit,
    isMatch: ({ item }) => isMatch(item),
    cursorOf: ({ cursor }) => cursor,
  });
  return { items: page.items.map(({ item }) => item), next: page.next };
}

const DATES = ['created', 'lastUpdated', 'lastMembershipUpdated'];
const DATE_OPERATORS = ['eq', 'gt', 'ge', 'lt', 'le'];
const TEXT_OPERATORS = ['eq', 'sw', 'co', 'pr'];

/** How each property is read, and the operators for it in `filter` and in `search`. */
const PROPERTIES = new Map<string, readonly [(group: GroupRecord) => unknown, string[], string[]]>([
  ['id', [({ oktaId }) => oktaId, ['eq'], ['eq', 'sw']]],
  ['type', [({ type }) => type, ['eq'], ['eq', 'sw']]],
  ['created', [({ created }) => created, [], DATE_OPERATORS]],
  ['lastUpdated', [({ lastUpdated }) => lastUpdated, DATE_OPERATORS, DATE_OPERATORS]],
  ['lastMembershipUpdated', [(group) => group.lastMembershipUpdated, DATE_OPERATORS, DATE_OPERATORS]],
  ['profile.name', [({ name }) => name, [], TEXT_OPERATORS]],
  ['profile.description', [({ description }) => description, [], TEXT_OPERATORS]],
]);

const SHARED = {
  isDate: (property: string): boolean => DATES.includes(property),
  read: (group: GroupRecord, property: string): unknown => PROPERTIES.get(property)?.[0](group),
};
const FILTER: Dialect<GroupRecord> = {
  ...SHARED,
  ignoresCase: false,
  operatorsOf: (property) => PROPERTIES.get(property)?.[1],
};
const SEARCH: Dialect<GroupRecord> = {
  ...SHARED,
  ignoresCase: true,
  operatorsOf: (property) => PROPERTIES.get(property)?.[2],
};
