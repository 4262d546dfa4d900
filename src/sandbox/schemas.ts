import { baseAttributes, type AttributeDefinition, type BaseAttributeOptions } from './base-attributes.js';

/** A user type and its schema, as the org stores them. */
export interface UserTypeRecord {
  readonly oktaId: string;
  /** Cannot be derived from the ID of the type: clients must follow the link. */
  readonly schemaId: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly created: string;
  lastUpdated: string;
  readonly base: Map<string, AttributeDefinition>;
  /** The same attributes, without the limits that schemas do not show. */
  readonly shownBase: Map<string, AttributeDefinition>;
  readonly custom: Map<string, AttributeDefinition>;
  readonly declaresUniqueness: boolean;
}

/** The attributes of a new user type: the base attributes with the org's settings, and the given custom attributes. */
export function attributesOfType(
  options: BaseAttributeOptions,
  isDefaultType: boolean,
  custom: Readonly<Record<string, AttributeDefinition>> = {},
): Pick<UserTypeRecord, 'base' | 'shownBase' | 'custom' | 'declaresUniqueness'> {
  const declaresUniqueness = options.declaresUniqueness ?? false;
  const entries = Object.entries(custom).map(
    ([name, definition]) => [name, storedDefinition(definition, { declaresUniqueness })] as const,
  );
  return {
    declaresUniqueness,
    base: baseAttributes(options, 'enforced', isDefaultType),
    shownBase: baseAttributes(options, 'shown', isDefaultType),
    custom: new Map(entries),
  };
}

/** The attribute with exactly this name: names are case-sensitive. */
export function attributeOf(type: UserTypeRecord, name: string): AttributeDefinition | undefined {
  return type.base.get(name) ?? type.custom.get(name);
}

/** `unique` is a boolean in requests and `UNIQUE_VALIDATED` in responses. */
export function isUnique({ unique }: { readonly unique?: string | boolean | undefined }): boolean {
  return unique === true || unique === 'UNIQUE_VALIDATED';
}

/** The body of a user type. */
export function userTypeBody(type: UserTypeRecord, origin: string, adminId: string): object {
  return {
    id: type.oktaId,
    displayName: type.displayName,
    name: type.name,
    description: type.description,
    createdBy: adminId,
    lastUpdatedBy: adminId,
    created: type.created,
    lastUpdated: type.lastUpdated,
    default: type.isDefault,
    _links: {
      schema: { rel: 'schema', href: schemaHref(type, origin), method: 'GET' },
      self: { rel: 'self', href: typeHref(type, origin), method: 'GET' },
    },
  };
}

/** The body of a user schema: custom before base attributes, as real orgs send it. */
export function userSchemaBody(type: UserTypeRecord, origin: string): object {
  return {
    id: `${origin}/meta/schemas/user/${type.isDefault ? 'default' : type.schemaId}`,
    $schema: 'http://json-schema.org/draft-04/schema#',
    name: type.name,
    title: type.displayName,
    description: type.description,
    lastUpdated: type.lastUpdated,
    created: type.created,
    definitions: {
      // Without custom attributes, the subschema has no `required` at all.
      custom: {
        ...subschema('#custom', type.custom),
        ...(type.custom.size > 0 ? { required: requiredOf(type.custom) } : {}),
      },
      base: { ...subschema('#base', type.shownBase), required: requiredOf(type.shownBase) },
    },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
    _links: {
      self: { rel: 'self', href: schemaHref(type, origin), method: 'GET' },
      type: { rel: 'type', href: typeHref(type, origin), method: 'GET' },
    },
  };
}

function subschema(id: string, attributes: ReadonlyMap<string, AttributeDefinition>): object {
  return { id, type: 'object', properties: Object.fromEntries(attributes) };
}

function requiredOf(attributes: ReadonlyMap<string, AttributeDefinition>): string[] {
  return [...attributes].filter(([, definition]) => definition.required).map(([name]) => name);
}

/** A custom attribute as it is stored, with Okta's defaults. */
export function storedDefinition(
  { unique, required, ...rest }: AttributeDefinition,
  { declaresUniqueness }: { readonly declaresUniqueness: boolean },
): AttributeDefinition {
  const uniqueness = declaresUniqueness ? 'NOT_UNIQUE' : undefined;
  const shown = isUnique({ unique }) ? 'UNIQUE_VALIDATED' : uniqueness;
  return {
    ...rest,
    ...(required ? { required: true } : {}),
    ...(shown === undefined ? {} : { unique: shown }),
    mutability: rest.mutability ?? 'READ_WRITE',
    scope: rest.scope ?? 'NONE',
    permissions: rest.permissions ?? [{ principal: 'SELF', action: 'READ_ONLY' }],
    master: rest.master ?? { type: 'PROFILE_MASTER' },
  };
}

function typeHref(type: UserTypeRecord, origin: string): string {
  return `${origin}/api/v1/meta/types/user/${type.oktaId}`;
}

function schemaHref(type: UserTypeRecord, origin: string): string {
  return `${origin}/api/v1/meta/schemas/user/${type.schemaId}`;
}
