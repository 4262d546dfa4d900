import type { Row } from '../rows/row.js';
import type { ProfileValue, UserRequest } from '../okta/types.js';
import type { Problem, WarningCode } from '../rows/problem.js';
import { quoted, unescapeFormula } from '../text.js';
import { normalizedAttributes, type AttributeMapping } from './attribute-mapping.js';
import { isProblem } from './convert.js';
import { toCredentials } from './credentials.js';
import { readEmploymentDates, type EmploymentDates } from './employment-dates.js';
import { splitName } from './full-name.js';
import type { Mapping } from './mapping.js';
import type { PersonAs } from './value-source.js';
import { readText, toProblem } from './read-cell.js';
import { readOwnGroups } from './read-groups.js';
import type { RecordValue } from './record-value.js';
import {
  findShapeProblem,
  findUnsplitRow,
  hasWrongLength,
  hiddenIf,
  isOneValue,
  type HiddenIf,
} from './row-shape.js';
import { checkWorkbookCells } from './workbook-cells.js';

/** A row as a user request, with its problems. */
export interface MappedRow {
  /** Its cells are as they were before a report escaped formulas. */
  readonly row: Row;
  /** For the report; undefined if the row has none, or has one that may be a secret. */
  readonly login: string | undefined;
  /** Without `groupIds`, `type` and `realmId`: those are names until the org has been asked. */
  readonly request: UserRequest;
  /** Names or IDs of groups, of the row and of the options, without repeats. */
  readonly groups: readonly string[];
  /** Whether the row gives its groups as a list, so that none of them is to be split. */
  readonly hasGroupList?: boolean | undefined;
  /** Name or ID of the user type, of the row or else of the options. */
  readonly type: string | undefined;
  /** Name or ID of the realm. */
  readonly realm?: string | undefined;
  /** People whom cells name, whose values are still to be filled in. */
  readonly people?: readonly PersonReference[] | undefined;
  /** Undefined when the mapping has neither a start nor an end date. */
  readonly dates?: EmploymentDates | undefined;
  /** How long the password is that is made when the row is sent; undefined for none. */
  readonly passwordLength?: number | undefined;
  readonly problems: readonly Problem[];
  /** Undefined for none. */
  readonly warnings?: readonly Problem[] | undefined;
  /** Attributes whose cells a workbook stores as numbers; undefined for a CSV. */
  readonly numbers?: readonly string[] | undefined;
  /** False for an empty row or one of the wrong length: its cells cannot be checked. */
  readonly isReadable: boolean;
  /** Undefined for a file without secrets. */
  readonly hiddenIf?: HiddenIf | undefined;
}

/** A cell that names a person by login, email, employee number or full name. */
export interface PersonReference {
  readonly attribute: string;
  readonly as: PersonAs;
  readonly text: string;
  /** For problems. */
  readonly column: string | undefined;
}

const NO_PROBLEMS: readonly Problem[] = Object.freeze([]);
const NO_GROUPS: readonly string[] = Object.freeze([]);

/**
 * Turns a row into a user request. Never throws for the content of a row: see `problems`.
 *
 * Cells are trimmed (of no-break spaces, too), except secrets; empty ones are left out of the request. A secret of white space
 * counts as empty.
 *
 * @param values - Of a library record, by column: the values that are not text.
 */
export function toUserRequest(
  rowInFile: Row,
  mapping: Mapping,
  values?: readonly (RecordValue | undefined)[],
): MappedRow {
  const row = mapping.isGeneratedFile
    ? { ...rowInFile, cells: rowInFile.cells.map(unescapeFormula) }
    : rowInFile;
  const shapeProblem = findShapeProblem(row, mapping);
  if (shapeProblem !== undefined) return unreadable(row, shapeProblem, mapping);

  const { cellKinds } = row;
  const inWorkbook = cellKinds && checkWorkbookCells(row, mapping);
  const cells = inWorkbook?.cells ?? row.cells;
  const problems: Problem[] = [...(inWorkbook?.problems ?? NO_PROBLEMS)];
  const profile: Record<string, ProfileValue> = {};
  /** Attributes whose value is given as JSON, to be sent exactly like that. */
  let jsonNames: string[] | undefined;
  let people: PersonReference[] | undefined;
  for (const attribute of mapping.attributes) {
    const [column = 0] = attribute.reader.columns;
    const given = values?.[column];
    const json =
      (given === undefined ? undefined : attribute.fromRecord?.(given)) ??
      attribute.jsonCells?.valueOf(cells[column] ?? '');
    if (json !== undefined) (jsonNames ??= []).push(attribute.name);
    // A merged cell shows the value of another, so it is not known to be empty.
    const isMerged = cellKinds?.[column] === 'merged';
    const value = json ?? readAttribute(attribute, cells, problems, isMerged);
    const sent = Array.isArray(value) && value.length === 0 ? attribute.whenEmpty : value;
    if (attribute.personAs !== undefined && typeof sent === 'string') {
      const { column: name } = attribute.reader;
      (people ??= []).push({ attribute: attribute.name, as: attribute.personAs, text: sent, column: name });
    } else if (sent !== undefined) profile[attribute.name] = sent;
  }

  const hidden = hiddenIf(cells, profile, mapping);
  if (hidden === 'any-problem') {
    const unsplit = findUnsplitRow(cells, profile, mapping);
    if (unsplit !== undefined) return unreadable(row, unsplit, mapping);
  }
  const credentials = toCredentials(cells, mapping.credentials, problems);
  const { generatedLength } = mapping.credentials;
  // A row with a hash, or whose user signs in elsewhere, needs no other password.
  const needsPassword = credentials?.password === undefined && credentials?.provider === undefined;
  const dates = readEmploymentDates(cells, mapping, problems);
  const normalized = joined(normalizeAddresses(profile, jsonNames, mapping), doubtfulNames(cells, mapping));
  const groups = readOwnGroups(cells, mapping, problems, values);
  const { login } = profile;
  return {
    row,
    login: typeof login === 'string' ? login : undefined,
    request: credentials === undefined ? { profile } : { profile, credentials },
    groups: toGroups(groups.names, mapping),
    ...(groups.isList && { hasGroupList: true }),
    type: (mapping.type && readText(mapping.type, cells, problems)) || mapping.defaults.type,
    ...(mapping.realm && { realm: readText(mapping.realm, cells, problems) || undefined }),
    ...(people && { people }),
    ...(dates && { dates }),
    ...(generatedLength !== undefined && needsPassword && { passwordLength: generatedLength }),
    problems: problems.length === 0 ? NO_PROBLEMS : problems,
    warnings: joined(normalized, inWorkbook?.warnings),
    numbers: inWorkbook?.numbers,
    isReadable: true,
    hiddenIf: hidden,
  };
}

function joined(
  some: readonly Problem[] | undefined,
  others: readonly Problem[] | undefined,
): readonly Problem[] | undefined {
  return others === undefined || others.length === 0 ? some : [...(some ?? []), ...others];
}

function doubtfulNames(
  cells: readonly string[],
  { fullNameColumns, header }: Mapping,
): readonly Problem[] | undefined {
  if (fullNameColumns.length === 0) return undefined;
  return fullNameColumns.flatMap((index) => {
    const name = (cells[index] ?? '').trim();
    const { given, family, doubt } = splitName(name);
    if (name === '' || doubt === undefined) return [];
    const message = `The name ${quoted(name)} ${doubt}: it is read as first name ${quoted(given)} and last name ${quoted(family)}. If that is wrong, use columns of their own.`;
    return [{ code: 'name-split' satisfies WarningCode, column: header[index], message }];
  });
}

/** Undefined for a cell with a problem; `whenEmpty` for an empty one. */
function readAttribute(
  { constant, reader, convert, whenEmpty }: AttributeMapping,
  cells: readonly string[],
  problems: Problem[],
  isMerged: boolean,
): ProfileValue | undefined {
  if (constant !== undefined) return constant;
  const text = readText(reader, cells, problems);
  if (text === '') return isMerged ? undefined : whenEmpty;
  const value = convert === undefined ? text : convert(text);
  if (!isProblem(value)) return value;
  problems.push(toProblem(value, reader));
  return undefined;
}

/**
 * Composes accents in logins and email addresses with their letters (NFC). Both forms look the same, and would be two users to
 * everything but Okta's check for repeated logins.
 */
function normalizeAddresses(
  profile: Record<string, ProfileValue>,
  jsonNames: readonly string[] | undefined,
  { columnOf }: Mapping,
): readonly Problem[] | undefined {
  let warnings: Problem[] | undefined;
  for (const name of normalizedAttributes) {
    const value = profile[name];
    // ASCII, as nearly all are, is normalized already.
    if (typeof value !== 'string' || !/[^ -~]/.test(value) || jsonNames?.includes(name)) continue;
    const normalized = value.normalize('NFC');
    if (normalized === value) continue;
    profile[name] = normalized;
    const message = `${name} has accents that are separate characters. It is sent in the composed form (Unicode NFC).`;
    (warnings ??= []).push({
      code: 'unicode-normalised' satisfies WarningCode,
      column: columnOf(name),
      message,
    });
  }
  return warnings;
}

function unreadable(row: Row, problem: Problem, mapping: Mapping): MappedRow {
  return {
    row,
    login: shownLogin(row, mapping),
    request: { profile: {} },
    groups: NO_GROUPS,
    type: undefined,
    problems: [problem],
    isReadable: false,
  };
}

/** In a file with secrets, the login of a row of the wrong length may be one of them, or the whole row. */
function shownLogin({ cells }: Row, { attributes, header, secretColumns }: Mapping): string | undefined {
  const login = attributes.find(({ name }) => name === 'login')?.reader.read(cells);
  if (typeof login !== 'string' || login === '') return undefined;
  if (secretColumns.size === 0) return login;
  return isOneValue(login) && !hasWrongLength(cells, header) ? login : undefined;
}

/** Names or IDs of the groups of a row and of the options, without repeats. */
export function readGroups({ cells }: Row, mapping: Mapping): readonly string[] {
  return toGroups(readOwnGroups(cells, mapping, [], undefined).names, mapping);
}

function toGroups(own: readonly string[], { defaults }: Mapping): readonly string[] {
  const { groups } = defaults;
  return own.length === 0 ? groups : [...new Set([...own, ...groups])];
}
