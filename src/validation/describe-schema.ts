import type { UserSchemaAttribute } from '../okta/types.js';
import { isUnique, type ProfileSchema } from './user-schema.js';

/** The rules of an attribute, as printed in JSON. A rule that does not apply is absent. */
export interface AttributeDescription {
  readonly attribute: string;
  /** Its name in the Admin Console. */
  readonly label: string;
  readonly description?: string;
  readonly type: UserSchemaAttribute['type'];
  /** Type of the items of a list. */
  readonly items?: string;
  readonly required: boolean;
  readonly unique: boolean;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly allowed?: readonly { readonly value: string | number; readonly title?: string }[];
}

/** The attributes that can be set, required ones first. */
export function describeSchema({ attributes, required }: ProfileSchema): readonly AttributeDescription[] {
  const writable = Object.entries(attributes).filter(([, { mutability }]) => mutability !== 'READ_ONLY');
  const described = writable.map(([name, attribute]) => describe(name, attribute, required.includes(name)));
  return [...described.filter((one) => one.required), ...described.filter((one) => !one.required)];
}

function describe(attribute: string, schema: UserSchemaAttribute, required: boolean): AttributeDescription {
  const { title, description, type, items, format } = schema;
  const { minLength, maxLength, minimum, maximum } = schema;
  const allowed = allowedBy(type === 'array' ? items : schema);
  const rules = {
    description,
    items: type === 'array' ? (items?.type ?? 'string') : undefined,
    format,
    pattern: schema.pattern,
    minLength,
    maxLength,
    minimum,
    maximum,
    default: schema.default,
    allowed,
  };
  return {
    attribute,
    label: title ?? attribute,
    type,
    required,
    unique: isUnique(attribute, schema),
    ...(Object.fromEntries(
      Object.entries(rules).filter(([, rule]) => rule !== undefined && rule !== null),
    ) as Partial<AttributeDescription>),
  };
}

function allowedBy(
  schema: Pick<UserSchemaAttribute, 'enum' | 'oneOf'> | undefined,
): AttributeDescription['allowed'] {
  if (schema?.oneOf !== undefined) return schema.oneOf.map(({ const: value, title }) => ({ value, title }));
  return schema?.enum?.map((value) => ({ value }));
}

/** The type for people: `text`, `list of numbers`. */
export function formatType({ type, items = 'string' }: AttributeDescription): string {
  return type === 'array' ? `list of ${PLURAL_TYPES[items] ?? items}` : (TYPES[type] ?? type);
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true/false',
  number: 'number',
  integer: 'integer',
};
const PLURAL_TYPES: Readonly<Record<string, string>> = {
  string: 'texts',
  number: 'numbers',
  integer: 'integers',
};

/** The rules beside the type, for people: `required; 1 to 50 characters`. */
export function formatLimits(described: AttributeDescription): string {
  const { attribute, required, unique, format, pattern, minLength, maxLength, minimum, maximum } = described;
  const { default: fallback, allowed } = described;
  const isFreeLogin = attribute === 'login' && pattern === '.+';
  const parts = [
    required ? 'required' : undefined,
    attribute === 'login' && pattern === undefined ? FORMATS['email'] : undefined,
    format === undefined ? undefined : (FORMATS[format] ?? `format ${format}`),
    pattern === undefined || isFreeLogin ? undefined : `matches ${pattern}`,
    formatRange(isFreeLogin ? undefined : minLength, maxLength, ' characters'),
    formatRange(minimum, maximum, ''),
    allowed && `one of: ${allowed.map(({ value, title }) => choice(value, title)).join(', ')}`,
    unique ? 'unique' : undefined,
    fallback === undefined ? undefined : `default ${JSON.stringify(fallback)}`,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

function choice(value: string | number, title: string | undefined): string {
  return title === undefined || title === String(value) ? String(value) : `${value} (${title})`;
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'email address',
  uri: 'URL',
  'country-code': 'two-letter country code, such as DE',
  'language-code': 'language, such as en or en-US',
  locale: 'locale, such as en_US',
  timezone: 'time zone, such as Europe/Madrid',
  'date-time': 'date and time, such as 2026-01-31T09:00:00Z',
};

function formatRange(least: number | undefined, most: number | undefined, unit: string): string | undefined {
  if (least === undefined || (least <= 0 && unit !== '')) {
    return most === undefined ? undefined : `at most ${most}${unit}`;
  }
  return most === undefined ? `at least ${least}${unit}` : `${least} to ${most}${unit}`;
}
