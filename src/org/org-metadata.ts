import type { OktaClient } from '../okta/client.js';
import { OktaApiError } from '../okta/errors.js';
import type { UserSchemaAttribute, UserType } from '../okta/types.js';
import { GroupResolver } from './group-resolver.js';
import { baseSchema, profileSchemaOf, type ProfileSchema } from '../validation/user-schema.js';

/** What must be known of an org before its rows can be judged. */
export interface OrgMetadata {
  /** Undefined offline. */
  readonly groupResolver: GroupResolver | undefined;
  /** Whether the schemas are the org's own; else only the base attributes are known. */
  readonly isOrgSchema: boolean;
  /** Attributes of all user types that the file can name, the default type's first. */
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
  /** By the name or id of a user type; the default type's for undefined; undefined for a type that is not there. */
  readonly schemaFor: (type: string | undefined) => ProfileSchema | undefined;
}

/** What is known without an org: the base attributes that Okta documents, whatever the type. */
export const offlineMetadata: OrgMetadata = {
  groupResolver: undefined,
  isOrgSchema: false,
  attributes: baseSchema.attributes,
  schemaFor: () => baseSchema,
};

/**
 * Reads what must be known of an org: one request, or at most eleven when rows name user types.
 *
 * @param say - is told when the org does not let us read its schema, so that less can be checked.
 */
export async function readOrgMetadata(
  client: OktaClient,
  {
    withUserTypes,
    createsGroups = false,
    signal,
    warn,
  }: { withUserTypes: boolean; createsGroups?: boolean; signal: AbortSignal; warn: (words: string) => void },
): Promise<OrgMetadata> {
  const schemaOf = async (type: UserType | undefined): Promise<ProfileSchema> =>
    profileSchemaOf(await client.getUserSchema(type, { signal }));
  let defaultSchema: ProfileSchema;
  try {
    defaultSchema = await schemaOf(undefined);
  } catch (error) {
    if (withUserTypes || !isNotPermitted(error)) throw error;
    warn(
      `${error.message}\nOnly Okta's base attributes can be checked; name custom ones by their path, such as profile.badgeNumber.`,
    );
    return { ...offlineMetadata, groupResolver: new GroupResolver(client, [], { createsGroups }) };
  }
  const userTypes = withUserTypes ? await client.listUserTypes({ signal }) : [];
  const groupResolver = new GroupResolver(client, userTypes, { createsGroups });
  const others = userTypes.filter((type) => !type.default);
  const schemas = await Promise.all(others.map(schemaOf));
  const byTypeId = new Map(others.map((type, index) => [type.id, schemas[index]]));
  return {
    groupResolver,
    isOrgSchema: true,
    attributes: Object.assign(
      { ...defaultSchema.attributes },
      ...schemas.map(({ attributes }) => attributes),
      defaultSchema.attributes,
    ) as Record<string, UserSchemaAttribute>,
    schemaFor: (type) => {
      if (type === undefined) return defaultSchema;
      const found = groupResolver.userType(type);
      if (found === undefined) return undefined;
      return found.default ? defaultSchema : byTypeId.get(found.id);
    },
  };
}

/** The same with all user types, or as much of it as the org lets us read. */
export async function readFullOrgMetadata(
  client: OktaClient,
  options: {
    readonly createsGroups?: boolean;
    readonly signal: AbortSignal;
    readonly warn: (words: string) => void;
  },
): Promise<OrgMetadata> {
  try {
    return await readOrgMetadata(client, { ...options, withUserTypes: true });
  } catch (error) {
    if (!isNotPermitted(error)) throw error;
    return readOrgMetadata(client, { ...options, withUserTypes: false });
  }
}

/** An admin role may create users and yet not read schemas. */
function isNotPermitted(error: unknown): error is OktaApiError {
  return error instanceof OktaApiError && error.errorCode !== undefined && [403, 404].includes(error.status);
}
