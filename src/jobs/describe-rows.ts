import type { CellReader } from '../mapping/compile-reader.js';
import type { Mapping } from '../mapping/mapping.js';
import { readGroups, toUserRequest } from '../mapping/user-request.js';
import type { ProfileValue } from '../okta/types.js';
import { hasHiddenCells } from '../report/failed-fields.js';
import type { RowDescriber, ShownField } from '../report/row-describer.js';
import type { Change, CompletedRow, MappedUser } from '../rows/outcome.js';
import { REDACTED } from '../text.js';

/** A field of `RowDescriber.fields`, with how its value is read. */
interface Column extends ShownField {
  readonly textOf: (user: MappedUser, changes: ReadonlyMap<string, Change>) => string;
}

/** Describes the rows of one input for people: with names and values, and without secrets. */
export function createRowDescriber(mapping: Mapping): RowDescriber {
  const columns = [...attributeColumns(mapping), ...otherColumns(mapping)];
  // The cells of a completed row are as they were before a report escaped formulas.
  const unescaped = { ...mapping, isGeneratedFile: false };
  const userOf = ({ row, user }: CompletedRow): MappedUser => user ?? toUserRequest(row, unescaped);
  const isHidden = (completed: CompletedRow): boolean =>
    completed.row.cells.length === 0 ||
    hasHiddenCells(completed, mapping) ||
    (mapping.secretColumns.size > 0 && mayBeShifted(completed));
  // Of an invalid row in a file with secrets, the problems say enough: any of its cells may be in the wrong column.
  const areValuesHidden = (completed: CompletedRow): boolean =>
    isHidden(completed) || (mapping.secretColumns.size > 0 && completed.outcome.status === 'invalid');
  return {
    fields: columns.map(({ name, column }) => ({ name, column })),
    hasGroups: mapping.groups !== undefined || mapping.defaults.groups.length > 0,
    nameOf: createNameReader(mapping, isHidden),
    groupsOf: (completed) =>
      isHidden(completed) ? [] : (completed.user?.groups ?? readGroups(completed.row, mapping)),
    valuesOf(completed) {
      if (areValuesHidden(completed)) return columns.map(() => '');
      const user = userOf(completed);
      const { outcome } = completed;
      const changes = outcome.status === 'would-update' ? outcome.changes : [];
      const byAttribute = new Map(changes.map((change) => [change.attribute, change]));
      return columns.map(({ textOf }) => textOf(user, byAttribute));
    },
  };
}

/** Problems of rows whose secrets are not where they belong, or that were not checked for it. */
const SHIFTED = /^(?:malformed-text|password-|hash-|hook-|recovery-)/;

/** Whether a row may have its secrets in other columns, although that was not detected. */
function mayBeShifted({ outcome }: CompletedRow): boolean {
  if (outcome.status === 'not-attempted') return true;
  return outcome.status === 'invalid' && outcome.problems.some(({ code }) => SHIFTED.test(code));
}

const NAME = /^[\p{L}\p{M}\s.,'’()/-]*$/u;

/** Reads names without the rest of the row, which a large import need not map twice. */
function createNameReader(
  mapping: Mapping,
  isHidden: (completed: CompletedRow) => boolean,
): RowDescriber['nameOf'] {
  const readerOf = (attribute: string): ((cells: readonly string[]) => string) => {
    const found = mapping.attributes.find(({ name }) => name === attribute);
    if (found === undefined || readsSecret(found.reader, mapping)) return () => '';
    const { constant, reader } = found;
    return (cells) => {
      const text = constant ?? reader.read(cells);
      return typeof text === 'string' ? text : '';
    };
  };
  const [firstName, lastName, displayName] = ['firstName', 'lastName', 'displayName'].map(readerOf);
  return (completed) => {
    if (isHidden(completed)) return '';
    const { cells } = completed.row;
    const fullName = `${firstName?.(cells) ?? ''} ${lastName?.(cells) ?? ''}`.trim();
    const name = fullName === '' ? (displayName?.(cells) ?? '') : fullName;
    // A password looks different from a name.
    const isSuspect = mapping.secretColumns.size > 0 && completed.outcome.status === 'invalid';
    return isSuspect && !NAME.test(name) ? '' : name;
  };
}

function attributeColumns(mapping: Mapping): readonly Column[] {
  return mapping.attributes.map(({ name, reader }) => {
    const isSecret = readsSecret(reader, mapping);
    return {
      name,
      column: reader.column,
      textOf({ request }, changes) {
        const value = textOfValue(request.profile[name]);
        const change = changes.get(name);
        if (isSecret) return value === '' && change === undefined ? '' : REDACTED;
        return change === undefined ? value : `${orEmpty(change.from)} → ${orEmpty(change.to)}`;
      },
    };
  });
}

function otherColumns({ groups, type, defaults, credentials, columnOf }: Mapping): readonly Column[] {
  const { password, hash, hook, question, answer, providerType } = credentials;
  const columns: readonly (Column & { readonly isUsed: boolean })[] = [
    {
      name: 'groups',
      column: groups?.column,
      isUsed: groups !== undefined || defaults.groups.length > 0,
      textOf: (user) => user.groups.join('; '),
    },
    {
      name: 'type',
      column: type?.column,
      isUsed: type !== undefined || defaults.type !== undefined,
      textOf: (user) => user.type ?? '',
    },
    {
      name: 'password',
      column: password?.column ?? columnOf('credentials.password.hash.value') ?? hook?.column,
      isUsed: password !== undefined || hash.length > 0 || hook !== undefined,
      textOf: ({ request }) => (request.credentials?.password === undefined ? '' : REDACTED),
    },
    {
      name: 'recovery question',
      column: question?.column,
      isUsed: question !== undefined || answer !== undefined,
      // Columns may be mixed up, so that the question is the answer.
      textOf: ({ request }) => (request.credentials?.recovery_question === undefined ? '' : REDACTED),
    },
    {
      name: 'provider',
      column: providerType?.column,
      isUsed: providerType !== undefined,
      textOf: ({ request }) => request.credentials?.provider?.type ?? '',
    },
  ];
  return columns.filter(({ isUsed }) => isUsed);
}

function readsSecret({ columns }: CellReader, { secretColumns }: Mapping): boolean {
  return columns.some((column) => secretColumns.has(column));
}

function textOfValue(value: ProfileValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? value.join('; ') : String(value);
}

function orEmpty(value: ProfileValue): string {
  return textOfValue(value) || '(empty)';
}
