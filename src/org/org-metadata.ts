import type { OktaClient } from '../okta/client.js';
import { OktaApiError } from '../okta/errors.js';
import type { UserSchemaAttribute, UserType } from '../okta/types.js';
import { baseSchema, profileSchemaOf, type ProfileSchema } from '../validation/user-schema.js';

import { GroupResolver } from './group-resolver.js';

/** What must be known about an org before rows can be validated. */
export interface OrgMetadata {
  /** Undefined offline. */
  readonly groupResolver: GroupResolver | undefined;
  /** Whether the schemas were read from the org; otherwise only the base attributes are known. */
  readonly isOrgSchema: boolean;
  /** Attributes of all user types that rows can name, those of the default type first. */
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
  /** By name or ID of a user type; undefined is the default type. @returns undefined for a type that does not exist. */
  readonly schemaFor: (type: string | undefined) => ProfileSchema | undefined;
  /** Whether Okta masters an attribute of a user type, also for users whose profile comes from elsewhere. */
  readonly isMasteredByOkta: (attribute: string, typeId: string) => boolean;
}

/** What is known without an org: the base attributes that Okta documents, for any user type. */
export const offlineMetadata: OrgMetadata = {
  groupResolver: undefined,
  isOrgSchema: false,
  attributes: baseSchema.attributes,
  schemaFor: () => baseSchema,
  isMasteredByOkta: () => false,
};

/**
 * Reads the metadata of an org with one request, or at most eleven when rows name user types.
 *
 * @param warn - called when the schema may not be read, so that less can be validated.
 * @throws what the client throws; when user types are needed, also that the schema may not be read.
 */
export async function readOrgMetadata(
  client: OktaClient,
  {
    withUserTypes,
    createsGroups = false,
    signal,
    warn,
  }: {
    withUserTypes: boolean;
    createsGroups?: boolean;
    signal: AbortSignal;
    warn: (message: string) => void;
  },
): Promise<OrgMetadata> {
  const schemaOf = async (type: UserType | undefined): Promise<ProfileSchema> =>
    profileSchemaOf(await client.getUserSchema(type, { signal }));
  let defaultSchema: ProfileSchema;
  try {
    defaultSchema = await schemaOf(undefined);
  } catch (error) {
    if (withUserTypes || !isNotPermitted(error)) throw error;
    warn(
      `${error.message}\nOnly Okta's base attributes can be validated. Name custom attributes by their path, such as profile.badgeNumber.`,
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
    isMasteredByOkta: (attribute, typeId) =>
      (byTypeId.get(typeId) ?? defaultSchema).attributes[attribute]?.master?.type === 'OKTA',
  };
}

/** Reads the metadata with all user types, or as much of it as may be read. */
export async function readFullOrgMetadata(
  client: OktaClient,
  options: {
    readonly createsGroups?: boolean;
    readonly signal: AbortSignal;
    readonly warn: (message: string) => void;
  },
): Promise<OrgMetadata> {
  try {
    return await readOrgMetadata(client, { ...options, withUserTypes: true });
  } catch (error) {
    if (!isNotPermitted(error)) throw error;
    return readOrgMetadata(client, { ...options, withUserTypes: false });
  }
}

/** An admin role may be able to create users but not to read schemas. */
function isNotPermitted(error: unknown): error is OktaApiError {
  return error instanceof OktaApiError && error.errorCode !== undefined && [403, 404].includes(error.status);
}
