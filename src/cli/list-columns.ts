import { OktaImportError } from '../errors.js';
import type { ProfileValue, User, UserSchemaAttribute, UserType } from '../okta/types.js';
import { createCellWriters } from '../mapping/write-cell.js';
import { explicitAttribute, type KnownAttributes } from '../mapping/match-header.js';
import { isGeneratedFile } from '../mapping/generated-file.js';
import { didYouMean } from '../text.js';

/** One column of a list. */
export interface ListColumn {
  /** As it was asked for. */
  readonly name: string;
  /** As a CSV has it: the attribute, or with `_` in front what `import` is to ignore. */
  readonly header: string;
  readonly valueOf: (user: User) => ProfileValue;
  /** The cell of a CSV that `import` reads as the value. */
  readonly cellOf: (user: User) => string;
}

/** What decides which columns there can be. */
export interface KnownColumns {
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
  readonly isOrgSchema: boolean;
  readonly userTypes: readonly UserType[];
}

/** Columns were asked for that nobody has. */
export class ListColumnsError extends OktaImportError {
  override readonly code = 'ERR_LIST_COLUMNS';
}

/** What Okta says of a user outside of the profile. */
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

/** Whether every column can be had without knowing the org's attributes and types. */
export function areFields(names: readonly string[]): boolean {
  return names.every((name) => {
    const field = fieldNamed(name);
    return field !== undefined && field !== 'type';
  });
}

/**
 * Finds the columns by their names: a field of a user, or an attribute (`profile.status` for one that is called like a field).
 *
 * @throws {ListColumnsError} all the names that nobody has, with the nearest.
 */
export function listColumns(names: readonly string[], known: KnownColumns): readonly ListColumn[] {
  const attributes: KnownAttributes = {
    attributes: new Map(Object.entries(known.attributes)),
    isOrgSchema: known.isOrgSchema,
  };
  const candidates = [...FIELDS, ...attributes.attributes.keys()];
  const problems: string[] = [];
  const places = names.map((name) => {
    const place = placeOf(name, attributes);
    if (place === undefined) problems.push(`There is no column "${name}".${didYouMean(name, candidates)}`);
    return { name, place };
  });
  const keys = places.map(({ place }) => JSON.stringify(place));
  const twice = names.filter((_, index) => keys[index] !== undefined && keys.indexOf(keys[index]) < index);
  if (problems.length === 0 && twice.length > 0) problems.push(`"${twice[0]}" is asked for twice.`);
  if (problems.length > 0) {
    throw new ListColumnsError(problems.join('\n'), {
      hint: `Name attributes of the org, or ${FIELDS.join(', ')}.`,
    });
  }

  const headers = places.flatMap(({ place }) => (place?.kind === 'field' ? [headerOf(place.field)] : []));
  const writerOf = createCellWriters(attributes, { isGeneratedFile: isGeneratedFile(headers) });
  const typeName = typeNames(known.userTypes);
  return places.flatMap(({ name, place }) => {
    if (place === undefined) return [];
    if (place.kind === 'field') {
      const { field } = place;
      const valueOf = (user: User): ProfileValue =>
        field === 'type' ? typeName(user.type.id) : (user[field] ?? null);
      return [{ name, header: headerOf(field), valueOf, cellOf: (user) => String(valueOf(user) ?? '') }];
    }
    const { attribute } = place;
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

/** What a CSV has when nobody says: all that can be written to a user, so that it can be imported again. */
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

type Place =
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'attribute'; readonly attribute: string };

function placeOf(name: string, known: KnownAttributes): Place | undefined {
  const field = fieldNamed(name);
  if (field !== undefined) return { kind: 'field', field };
  const path = explicitAttribute(name.replace(/^profile\./i, ''), known);
  return path === undefined ? undefined : { kind: 'attribute', attribute: path.slice('profile.'.length) };
}

/** Their own name, or as the header of a CSV has it. */
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
