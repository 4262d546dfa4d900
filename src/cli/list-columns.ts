import { OktaImportError } from '../errors.js';
import type { ProfileValue, User, UserSchemaAttribute, UserType } from '../okta/types.js';
import { createCellWriters } from '../mapping/write-cell.js';
import { explicitAttribute, type KnownAttributes } from '../mapping/match-header.js';
import { isGeneratedFile } from '../mapping/generated-file.js';
import { didYouMean } from '../text.js';

/** One column of a list. */
export interface ListColumn {
  /** As given in --columns. */
  readonly name: string;
  /** In a CSV file: the attribute, or a name that begins with `_`, which `import` ignores. */
  readonly header: string;
  readonly valueOf: (user: User) => ProfileValue;
  /** The cell that `import` reads as the value. */
  readonly cellOf: (user: User) => string;
}

/** What determines the possible columns. */
export interface KnownColumns {
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
  readonly isOrgSchema: boolean;
  readonly userTypes: readonly UserType[];
}

/** --columns names unknown columns. */
export class ListColumnsError extends OktaImportError {
  override readonly code = 'ERR_LIST_COLUMNS';
}

/** Fields of a user outside the profile. */
const FIELDS = [
  'id',
  'status',
  'created',
  'activated',
  'statusChanged',
  'lastLogin',
  'lastUpdated',
  'passwordChanged',
  'type',
] as const;
type Field = (typeof FIELDS)[number];

/** Whether the columns can be listed without the org's attributes and user types. */
export function areFields(names: readonly string[]): boolean {
  return names.every((name) => {
    const field = fieldNamed(name);
    return field !== undefined && field !== 'type';
  });
}

/**
 * Finds columns by name: a field of a user, or an attribute (`profile.status` if a field has the same name).
 *
 * @throws {ListColumnsError} naming all unknown columns.
 */
export function listColumns(names: readonly string[], known: KnownColumns): readonly ListColumn[] {
  const attributes: KnownAttributes = {
    attributes: new Map(Object.entries(known.attributes)),
    isOrgSchema: known.isOrgSchema,
  };
  const candidates = [...FIELDS, ...attributes.attributes.keys()];
  const problems: string[] = [];
  const columns = names.map((name) => {
    const source = sourceOf(name, attributes);
    if (source === undefined) problems.push(`Unknown column "${name}".${didYouMean(name, candidates)}`);
    return { name, source };
  });
  const keys = columns.map(({ source }) => JSON.stringify(source));
  const twice = names.filter((_, index) => keys[index] !== undefined && keys.indexOf(keys[index]) < index);
  if (problems.length === 0 && twice.length > 0) problems.push(`Column "${twice[0]}" is listed twice.`);
  if (problems.length > 0) {
    throw new ListColumnsError(problems.join('\n'), {
      hint: `Use attributes of the org, or ${FIELDS.join(', ')}.`,
    });
  }

  const headers = columns.flatMap(({ source }) => (source?.kind === 'field' ? [headerOf(source.field)] : []));
  const writerOf = createCellWriters(attributes, { isGeneratedFile: isGeneratedFile(headers) });
  const typeName = typeNames(known.userTypes);
  return columns.flatMap(({ name, source }) => {
    if (source === undefined) return [];
    if (source.kind === 'field') {
      const { field } = source;
      const valueOf = (user: User): ProfileValue =>
        field === 'type' ? typeName(user.type.id) : (user[field] ?? null);
      return [{ name, header: headerOf(field), valueOf, cellOf: (user) => String(valueOf(user) ?? '') }];
    }
    const { attribute } = source;
    const { column, cellOf } = writerOf(attribute);
    const isReadOnly = attributes.attributes.get(attribute)?.mutability === 'READ_ONLY';
    return [
      {
        name,
        header: isReadOnly ? `_profile.${attribute}` : column,
        valueOf: (user) => user.profile[attribute] ?? null,
        cellOf: (user) => cellOf(user.profile[attribute]),
      } satisfies ListColumn,
    ];
  });
}

/** The default columns of a CSV file: everything that an import can write. */
export function importableColumns(known: KnownColumns): readonly string[] {
  const writable = Object.entries(known.attributes).filter(
    ([, { mutability }]) => mutability !== 'READ_ONLY',
  );
  return [
    'id',
    'status',
    ...(known.userTypes.length > 1 ? ['type'] : []),
    ...writable.map(([attribute]) => `profile.${attribute}`),
  ];
}

type Source =
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'attribute'; readonly attribute: string };

function sourceOf(name: string, known: KnownAttributes): Source | undefined {
  const field = fieldNamed(name);
  if (field !== undefined) return { kind: 'field', field };
  const path = explicitAttribute(name.replace(/^profile\./i, ''), known);
  return path === undefined ? undefined : { kind: 'attribute', attribute: path.slice('profile.'.length) };
}

/** By its own name, or its name in a CSV header. */
function fieldNamed(name: string): Field | undefined {
  return FIELDS.find((field) => name === field || name === `_${field}`);
}

function headerOf(field: Field): string {
  return field === 'type' ? 'type' : `_${field}`;
}

function typeNames(userTypes: readonly UserType[]): (typeId: string) => string {
  const names = new Map(userTypes.map(({ id, name }) => [id, name]));
  return (typeId) => names.get(typeId) ?? typeId;
}
