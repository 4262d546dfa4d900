/** A JWK. Not Node's own type, whose place differs from one version of its types to the next. */
interface PublicKey {
  readonly kid?: string;
  readonly kty?: string;
  readonly [parameter: string]: unknown;
}

/** An API service app, which authenticates with its own key. */
export interface ServiceAppSeed {
  readonly clientId: string;
  /** Public keys, as JWKs. If there are several, assertions must have a `kid`. */
  readonly keys: readonly PublicKey[];
  /** The granted scopes. */
  readonly scopes: readonly string[];
  /** Whether tokens require DPoP, as for new apps in Okta. Default false. */
  readonly dpop?: boolean | undefined;
  /** Whether the app has an admin role; without one, every request is 403 `E0000006`. Default true. */
  readonly hasAdminRole?: boolean | undefined;
}

/** The known scopes; others are `invalid_scope`. */
export const KNOWN_SCOPES: ReadonlySet<string> = new Set(
  [
    'users',
    'groups',
    'schemas',
    'userTypes',
    'realms',
    'roles',
    'orgs',
    'brands',
    'policies',
    'logs',
    'apps',
  ].flatMap((resource) => [`okta.${resource}.read`, `okta.${resource}.manage`]),
);

/** The scope that a request requires; undefined for unknown paths. */
export function scopeFor(method: string, path: string): string | undefined {
  const verb = method === 'GET' ? 'read' : 'manage';
  if (/^\/api\/v1\/users\/[^/]+\/roles/.test(path)) return `okta.roles.${verb}`;
  if (path.startsWith('/api/v1/users')) return `okta.users.${verb}`;
  if (path.startsWith('/api/v1/groups')) return `okta.groups.${verb}`;
  if (path.startsWith('/api/v1/realms')) return `okta.realms.${verb}`;
  if (path.startsWith('/api/v1/brands')) return `okta.brands.${verb}`;
  if (path.startsWith('/api/v1/policies')) return `okta.policies.${verb}`;
  if (path === '/api/v1/org') return `okta.orgs.${verb}`;
  if (path.startsWith('/api/v1/meta/schemas')) return `okta.schemas.${verb}`;
  if (path.startsWith('/api/v1/meta/types')) return `okta.userTypes.${verb}`;
  return undefined;
}

/** A `manage` scope includes `read`. */
export function isCovered(scope: string, granted: readonly string[]): boolean {
  return granted.includes(scope) || granted.includes(scope.replace(/\.read$/, '.manage'));
}
