import type { ScopeNeeds } from '../okta/auth/authenticator.js';

/** What a file needs to be checked against: attributes, groups that rows name, user types. */
const KNOWLEDGE = ['okta.schemas.read', 'okta.userTypes.read', 'okta.groups.read'] as const;

const USERS = 'okta.users.manage';
const GROUPS = 'okta.groups.manage';

/**
 * The least OAuth scopes that each command can do with (auth.md, "Scopes per endpoint"). `manage` includes `read`.
 * Whether a file names groups or user types is not known before it is read, so that those are optional.
 */
export const scopes = {
  import: ({ createGroups, ifExists }: { createGroups: boolean; ifExists: string }): ScopeNeeds => ({
    required: createGroups ? [USERS, GROUPS] : [USERS],
    // People who are there already join their groups one by one.
    optional: ifExists === 'update' && !createGroups ? [...KNOWLEDGE, GROUPS] : KNOWLEDGE,
  }),
  /** What the run was told is known only when its journal is read. */
  resume: { required: [USERS], optional: [...KNOWLEDGE, GROUPS] },
  validate: { required: ['okta.users.read'], optional: KNOWLEDGE },
  template: { required: ['okta.schemas.read'], optional: ['okta.userTypes.read'] },
  mapping: { required: ['okta.schemas.read'], optional: ['okta.userTypes.read'] },
  verify: { required: ['okta.users.read'], optional: [] },
  activate: { required: [USERS], optional: [] },
  /** Memberships are taken back too. */
  undo: { required: [USERS], optional: [GROUPS] },
  /** `get` and `list`. */
  read: { required: ['okta.users.read'], optional: [] },
  /** Whatever an import may need, to see which of it there is. */
  whoami: { required: [], optional: [USERS, GROUPS, 'okta.users.read', ...KNOWLEDGE] },
} as const satisfies Record<string, ScopeNeeds | ((flags: never) => ScopeNeeds)>;
