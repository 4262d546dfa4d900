import type { ScopeNeeds } from '../okta/auth/sign-in.js';

/** What a file needs to be checked against: attributes, groups that rows name, user types. */
const KNOWLEDGE = ['okta.schemas.read', 'okta.userTypes.read', 'okta.groups.read'] as const;

/**
 * The least OAuth scopes that each command can do with (auth.md, "Scopes per endpoint"). `manage` includes `read`.
 * Whether a file names groups or user types is not known before it is read, so that those are optional.
 */
export const scopes = {
  import: { required: ['okta.users.manage'], optional: KNOWLEDGE },
  /** An import that makes the groups that are not there. */
  importWithGroups: {
    required: ['okta.users.manage', 'okta.groups.manage'],
    optional: ['okta.schemas.read', 'okta.userTypes.read'],
  },
  validate: { required: ['okta.users.read'], optional: KNOWLEDGE },
  mapping: { required: ['okta.schemas.read'], optional: ['okta.userTypes.read'] },
  verify: { required: ['okta.users.read'], optional: [] },
  undo: { required: ['okta.users.manage'], optional: [] },
  /** `get` and `list`. */
  read: { required: ['okta.users.read'], optional: [] },
  /** Whatever an import may need, to see which of it there is. */
  whoami: { required: [], optional: ['okta.users.manage', 'okta.users.read', ...KNOWLEDGE] },
} as const satisfies Record<string, ScopeNeeds>;
