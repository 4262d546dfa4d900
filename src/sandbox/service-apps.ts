import type { JsonWebKey } from 'node:crypto';

/** An API service app that may sign in with a key of its own (auth.md §3). */
export interface ServiceAppSeed {
  readonly clientId: string;
  /** Public keys; with more than one, assertions must name theirs by `kid`. */
  readonly keys: readonly (JsonWebKey & { readonly kid?: string })[];
  /** Scopes that a super admin granted. */
  readonly scopes: readonly string[];
  /** Whether tokens are bound to a key: Okta's default for new apps. Default false. */
  readonly dpop?: boolean | undefined;
  /** Whether an admin role is assigned to it: without one every call is 403 `E0000006`. Default true. */
  readonly hasAdminRole?: boolean | undefined;
}

/** Every scope that an org knows, as far as this one goes; others are `invalid_scope`. */
export const KNOWN_SCOPES: ReadonlySet<string> = new Set(
  ['users', 'groups', 'schemas', 'userTypes', 'roles', 'orgs', 'logs', 'apps'].flatMap((resource) => [
    `okta.${resource}.read`,
    `okta.${resource}.manage`,
  ]),
);

/** The scope that a path and method want (auth.md §3.3); undefined for paths that there are not. */
export function scopeFor(method: string, path: string): string | undefined {
  const verb = method === 'GET' ? 'read' : 'manage';
  if (/^\/api\/v1\/users\/[^/]+\/roles/.test(path)) return `okta.roles.${verb}`;
  if (path.startsWith('/api/v1/users')) return `okta.users.${verb}`;
  if (path.startsWith('/api/v1/groups')) return `okta.groups.${verb}`;
  if (path.startsWith('/api/v1/meta/schemas')) return `okta.schemas.${verb}`;
  if (path.startsWith('/api/v1/meta/types')) return `okta.userTypes.${verb}`;
  return undefined;
}

/** "manage includes read" (auth.md §3.3). */
export function isCovered(scope: string, granted: readonly string[]): boolean {
  return granted.includes(scope) || granted.includes(scope.replace(/\.read$/, '.manage'));
}
