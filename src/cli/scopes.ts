import type { ScopeNeeds } from '../okta/auth/authenticator.js';

/** For the metadata that rows are checked against. */
const METADATA = ['okta.schemas.read', 'okta.userTypes.read', 'okta.groups.read'] as const;

/** To find realms by name; their IDs need no scope. */
const REALMS = ['okta.realms.read'] as const;

/** Letters show the name and the logo of the org, as far as they can be read. */
const BRAND = ['okta.orgs.read', 'okta.brands.read'] as const;

/** Generated passwords satisfy the password policies of the org, if these can be read. */
const LINKS = [...BRAND, 'okta.policies.read'] as const;

interface ImportFlags {
  readonly createGroups: boolean;
  readonly ifExists: string;
  readonly links?: string | undefined;
}

const USERS = 'okta.users.manage';
const GROUPS = 'okta.groups.manage';

/**
 * The OAuth scopes of each command; `manage` includes `read`. Whether a file names groups or user types is not known before it
 * is read, so their scopes are optional.
 */
export const scopes = {
  import: ({ createGroups, ifExists, links }: ImportFlags): ScopeNeeds => ({
    required: createGroups ? [USERS, GROUPS] : [USERS],
    optional: [
      ...METADATA,
      // Existing users are added to groups one by one.
      ...(ifExists === 'update' && !createGroups ? [GROUPS] : []),
      ...(links === undefined ? [] : LINKS),
    ],
    ifNamed: REALMS,
  }),
  /** Lifecycle operations need the same scope as creates. */
  sync: ({ links }: Pick<ImportFlags, 'links'>): ScopeNeeds => ({
    required: [USERS],
    optional: [...METADATA, GROUPS, ...(links === undefined ? [] : LINKS)],
    ifNamed: REALMS,
  }),
  /** The options of the run are not known before its journal is read. */
  resume: { required: [USERS], optional: [...METADATA, GROUPS, ...LINKS], ifNamed: REALMS },
  /** The page does all of these. */
  ui: { required: [USERS], optional: [...METADATA, GROUPS], ifNamed: REALMS },
  validate: { required: ['okta.users.read'], optional: METADATA, ifNamed: REALMS },
  template: { required: ['okta.schemas.read'], optional: ['okta.userTypes.read'] },
  mapping: { required: ['okta.schemas.read'], optional: ['okta.userTypes.read'] },
  verify: { required: ['okta.users.read'], optional: [] },
  /** The number of users of the org, which a group has, only saves requests. */
  status: ({ by }: { readonly by: string | undefined }): ScopeNeeds =>
    by === 'group'
      ? { required: ['okta.users.read', 'okta.groups.read'], optional: [] }
      : { required: ['okta.users.read'], optional: ['okta.groups.read'] },
  activate: { required: [USERS], optional: [] },
  links: { required: [USERS], optional: BRAND },
  /** Scopes of `undo --dry-run`. */
  undoPlan: { required: ['okta.users.read'], optional: ['okta.groups.read'] },
  /** Group memberships are undone too. */
  undo: { required: [USERS], optional: [GROUPS] },
  /** `get` and `list`. */
  read: { required: ['okta.users.read'], optional: [] },
  /** Everything that an import may need, to show what is granted. */
  whoami: { required: [], optional: [USERS, GROUPS, 'okta.users.read', ...METADATA] },
} as const satisfies Record<string, ScopeNeeds | ((flags: never) => ScopeNeeds)>;
