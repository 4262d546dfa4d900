import type { OktaClient } from '../okta/client.js';
import { OktaApiError } from '../okta/errors.js';
import type { UserSchemaAttribute, UserType } from '../okta/types.js';
import { Directory } from './group-resolver.js';
import { baseSchema, profileSchemaOf, type ProfileSchema } from '../validation/user-schema.js';

/** What must be known of an org before its rows can be judged. */
export interface OrgKnowledge {
  /** Undefined offline. */
  readonly directory: Directory | undefined;
  /** Whether the schemas are the org's own; else only the base attributes are known. */
  readonly isOrgSchema: boolean;
  /** Attributes of all user types that the file can name, the default type's first. */
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
  /** By the name or id of a user type; the default type's for undefined; undefined for a type that is not there. */
  readonly schemaFor: (type: string | undefined) => ProfileSchema | undefined;
}

/** What is known without an org: the base attributes that Okta documents, whatever the type. */
export const offline: OrgKnowledge = {
  directory: undefined,
  isOrgSchema: false,
  attributes: baseSchema.attributes,
  schemaFor: () => baseSchema,
};

/**
 * Reads what must be known of an org: one request, or at most eleven when rows name user types.
 *
 * @param say - is told when the org does not let us read its schema, so that less can be checked.
 */
export async function readOrg(
  client: OktaClient,
  {
    withUserTypes,
    createsGroups = false,
    signal,
    say,
  }: { withUserTypes: boolean; createsGroups?: boolean; signal: AbortSignal; say: (words: string) => void },
): Promise<OrgKnowledge> {
  const schemaOf = async (type: UserType | undefined): Promise<ProfileSchema> =>
    profileSchemaOf(await client.getUserSchema(type, { signal }));
  let defaultSchema: ProfileSchema;
  try {
    defaultSchema = await schemaOf(undefined);
  } catch (error) {
    if (withUserTypes || !isNotForUs(error)) throw error;
    say(
      `${error.message}\nOnly Okta's base attributes can be checked; name custom ones by their path, such as profile.badgeNumber.`,
    );
    return { ...offline, directory: new Directory(client, [], { createsGroups }) };
  }
  const userTypes = withUserTypes ? await client.listUserTypes({ signal }) : [];
  const directory = new Directory(client, userTypes, { createsGroups });
  const others = userTypes.filter((type) => !type.default);
  const schemas = await Promise.all(others.map(schemaOf));
  const byTypeId = new Map(others.map((type, index) => [type.id, schemas[index]]));
  return {
    directory,
    isOrgSchema: true,
    attributes: Object.assign(
      { ...defaultSchema.attributes },
      ...schemas.map(({ attributes }) => attributes),
      defaultSchema.attributes,
    ) as Record<string, UserSchemaAttribute>,
    schemaFor: (type) => {
      if (type === undefined) return defaultSchema;
      const found = directory.userType(type);
      if (found === undefined) return undefined;
      return found.default ? defaultSchema : byTypeId.get(found.id);
    },
  };
}

/** The same with all user types, or as much of it as the org lets us read. */
export async function readWholeOrg(
  client: OktaClient,
  options: { readonly signal: AbortSignal; readonly say: (words: string) => void },
): Promise<OrgKnowledge> {
  try {
    return await readOrg(client, { ...options, withUserTypes: true });
  } catch (error) {
    if (!isNotForUs(error)) throw error;
    return readOrg(client, { ...options, withUserTypes: false });
  }
}

/** An admin role may create users and yet not read schemas. */
function isNotForUs(error: unknown): error is OktaApiError {
  return error instanceof OktaApiError && error.errorCode !== undefined && [403, 404].includes(error.status);
}
