import { matches, parseExpression, type Dialect } from './expressions.js';
import { compareIds } from './identifiers.js';
import { ok, type Call, type OperationResult } from './operations.js';
import type { Org } from './org.js';
import { fieldError, OktaError } from './okta-error.js';
import { cursorOf, limitOf, pageLinks, pageOf, positionAfter } from './paging.js';

const REALMS_PER_PAGE = 200;

/** What a realm is created from. */
export interface RealmDefinition {
  readonly name: string;
  readonly realmType?: 'DEFAULT' | 'PARTNER';
  readonly domains?: readonly string[];
}

/** A realm as the org stores it. */
export interface RealmRecord {
  readonly oktaId: string;
  readonly name: string;
  readonly realmType: string | undefined;
  readonly domains: readonly string[];
  /** The realm of users for whom none was named. */
  readonly isDefault: boolean;
  readonly created: string;
}

/**
 * The realms of an org: none without the feature, otherwise at least the default one, which is the first.
 *
 * @param toId - The ID of the nth realm.
 */
export function realmRecords(
  definitions: readonly RealmDefinition[],
  created: string,
  toId: (ordinal: number) => string,
): RealmRecord[] {
  if (definitions.length === 0) return [];
  return [{ name: 'Default Realm' }, ...definitions].map((definition: RealmDefinition, index) => ({
    oktaId: toId(index + 1),
    name: definition.name,
    realmType: definition.realmType,
    domains: definition.domains ?? [],
    isDefault: index === 0,
    created,
  }));
}

/** `GET /api/v1/realms`. Without the feature, 401 `E0000015`, although the token is valid. */
export function listRealms(org: Org, call: Call): OperationResult {
  if (org.realms.length === 0) throw new OktaError('E0000015');
  const { query } = call;
  const search = query.get('search') || undefined;
  const expression = search === undefined ? undefined : parseExpression(search, SEARCH);
  const limit = limitOf(query, { default: REALMS_PER_PAGE, max: REALMS_PER_PAGE });
  const [after = ''] = positionAfter(query, 1) ?? [];
  const page = pageOf(org.realms.filter(({ oktaId }) => oktaId > String(after)).sort(compareIds), {
    limit,
    isMatch: (realm) => expression === undefined || matches(expression, realm, SEARCH),
    cursorOf: (realm) => cursorOf([realm.oktaId]),
  });
  return {
    ...ok(page.items.map((realm) => realmBody(realm, call.origin))),
    links: pageLinks(`${call.origin}/api/v1/realms`, query, limit, page.next),
  };
}

/**
 * The ID of the realm that a create asks for; the default realm if it names none.
 *
 * @throws {OktaError} `E0000001`: there is no such realm. Okta does not document the text.
 */
export function requestedRealm(org: Org, realmId: string | undefined): string | undefined {
  if (realmId === undefined) return org.realms[0]?.oktaId;
  if (!org.realms.some((realm) => realm.oktaId === realmId)) {
    throw fieldError('realmId', `Realm ${realmId} does not exist`);
  }
  return realmId;
}

function realmBody(realm: RealmRecord, origin: string): object {
  const { oktaId: id, created, isDefault, name, realmType, domains } = realm;
  return {
    id,
    created,
    lastUpdated: created,
    isDefault,
    profile: {
      name,
      ...(realmType === undefined ? {} : { realmType }),
      ...(domains.length === 0 ? {} : { domains }),
    },
    _links: { self: { rel: 'self', href: `${origin}/api/v1/realms/${id}`, method: 'GET' } },
  };
}

const SEARCH: Dialect<RealmRecord> = {
  ignoresCase: true,
  operatorsOf: (property) => (property === 'profile.name' ? ['eq', 'sw', 'co', 'pr'] : undefined),
  isDate: () => false,
  read: (realm, property) => (property === 'profile.name' ? realm.name : undefined),
};
