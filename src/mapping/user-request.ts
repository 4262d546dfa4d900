import type { Row } from '../csv/records.js';
import type { ProfileValue, UserRequest } from '../okta/types.js';
import { isProblem, splitCell } from './convert.js';
import { toCredentials } from './credentials.js';
import { normalizedAttributes } from './attribute-mapping.js';
import { isGeneratedFile, type Mapping } from './mapping.js';
import type { Problem, WarningCode } from '../rows/problem.js';
import { readText, toProblem } from './read-cell.js';
import { plural, unescapeFormula } from '../text.js';

/** A row as a user request, with what could not be made of it. */
export interface MappedRow {
  /** With its cells as they were before our report escaped its formulas. */
  readonly row: Row;
  /** For the report; undefined when the row gives none. */
  readonly login: string | undefined;
  /** Without `groupIds` and `type`: those are still names here, and become ids once the org has been asked. */
  readonly request: UserRequest;
  /** Names or ids of groups, of the row and for every row, without repeats. */
  readonly groups: readonly string[];
  /** Name or id of the user type; the row's own wins over everyone's. */
  readonly type: string | undefined;
  readonly problems: readonly Problem[];
  /** What is odd and does not keep the row from being sent; undefined for nothing. */
  readonly warnings?: readonly Problem[] | undefined;
  /** False for a row without content or of the wrong length: its cells say nothing that could be judged. */
  readonly isReadable: boolean;
}

const NO_PROBLEMS: readonly Problem[] = Object.freeze([]);
const NO_GROUPS: readonly string[] = Object.freeze([]);

/**
 * Makes a user request of a row. Never throws for what a row says: that is among its `problems`.
 *
 * Cells are trimmed of white space (no-break spaces too), except secrets; empty ones are left out of the request. A
 * secret of white space only counts as empty.
 */
export function toUserRequest(asInFile: Row, mapping: Mapping): MappedRow {
  const row = mapping.isGeneratedFile
    ? { ...asInFile, cells: asInFile.cells.map(unescapeFormula) }
    : asInFile;
  const { cells } = row;
  const misshapen =
    malformedProblem(row, mapping) ??
    shapeProblem(cells, mapping) ??
    (mapping.isFailedCsv ? uncorrectedProblem(cells, mapping) : undefined);
  if (misshapen !== undefined) return unreadable(row, misshapen, mapping);

  const problems: Problem[] = [];
  const profile: Record<string, ProfileValue> = {};
  let jsonCells: string[] | undefined;
  for (const attribute of mapping.attributes) {
    const { name, reader, convert, whenEmpty, constant } = attribute;
    if (constant !== undefined) {
      profile[name] = constant;
      continue;
    }
    const jsonValue = attribute.jsonCells?.valueOf(cells[reader.columns[0] ?? 0] ?? '');
    if (jsonValue !== undefined) {
      if (!Array.isArray(jsonValue) || jsonValue.length > 0) profile[name] = jsonValue;
      else if (whenEmpty !== undefined) profile[name] = whenEmpty;
      (jsonCells ??= []).push(name);
      continue;
    }
    const text = readText(reader, cells, problems);
    if (text === '') {
      if (whenEmpty !== undefined) profile[name] = whenEmpty;
      continue;
    }
    if (convert === undefined) {
      profile[name] = text;
      continue;
    }
    const value = convert(text);
    if (isProblem(value)) problems.push(toProblem(value, reader));
    else if (!Array.isArray(value) || value.length > 0) profile[name] = value;
    else if (whenEmpty !== undefined) profile[name] = whenEmpty;
  }

  const credentials = toCredentials(cells, mapping.credentials, problems);
  const warnings = normalizeAddresses(profile, jsonCells, mapping);
  const { login } = profile;
  return {
    row,
    login: typeof login === 'string' ? login : undefined,
    request: credentials === undefined ? { profile } : { profile, credentials },
    groups: toGroups(cells, mapping, problems),
    type: (mapping.type && readText(mapping.type, cells, problems)) || mapping.defaults.type,
    problems: problems.length === 0 ? NO_PROBLEMS : problems,
    warnings,
    isReadable: true,
  };
}

/**
 * Writes accents in logins and addresses as one character with their letter (NFC), whichever way the file has them.
 * They look the same, and would be two users to everything but Okta's check of repeated logins.
 */
function normalizeAddresses(
  profile: Record<string, ProfileValue>,
  jsonCells: readonly string[] | undefined,
  { columnOf }: Mapping,
): readonly Problem[] | undefined {
  let warnings: Problem[] | undefined;
  for (const name of normalizedAttributes) {
    const value = profile[name];
    // Nearly all are ASCII, and then normal.
    if (typeof value !== 'string' || !/[^ -~]/.test(value) || jsonCells?.includes(name)) continue;
    const normalized = value.normalize('NFC');
    if (normalized === value) continue;
    profile[name] = normalized;
    const message = `${name} has accents apart from their letters; it is sent in Unicode's composed form (NFC).`;
    (warnings ??= []).push({
      code: 'unicode-normalised' satisfies WarningCode,
      column: columnOf(name),
      message,
    });
  }
  return warnings;
}

/** The header of a file as it was before our report escaped its formulas; any other header as it is. */
export function unescapeHeader(header: readonly string[]): readonly string[] {
  return isGeneratedFile(header) ? header.map(unescapeFormula) : header;
}

/** A row of failed.csv that was of the wrong length, and is as the report left it: see `ResultFiles`. */
function uncorrectedProblem(cells: readonly string[], { header }: Mapping): Problem | undefined {
  const index = cells.findIndex((cell) => cell === '[missing]' || / \[surplus: .*\]$/s.test(cell));
  if (index < 0) return undefined;
  return {
    code: 'row-unmended',
    column: header[index],
    message:
      cells[index] === '[missing]'
        ? 'The row was too short: write into each [missing] cell what belongs there, or empty it.'
        : 'The row was too long: put each value into its column, and take out the [surplus: …].',
  };
}

/** A row whose bytes are not text in the file's encoding: what its cells say is anybody's guess. */
function malformedProblem({ malformed }: Row, { header }: Mapping): Problem | undefined {
  return malformed && { code: 'malformed-text', column: header[malformed.cell], message: malformed.message };
}

/** A row that is empty, too short or too long. Empty cells beyond the header are harmless: exports leave them. */
function shapeProblem(cells: readonly string[], { header, generatedColumns }: Mapping): Problem | undefined {
  if (cells.every((cell, index) => cell.trim() === '' || generatedColumns.has(index))) {
    return {
      code: 'empty-row',
      column: undefined,
      message: 'Nothing stands in this row: take it out, or fill it in.',
    };
  }
  if (cells.length < header.length) {
    const missing = header.slice(cells.length).map((column) => `"${column}"`);
    return {
      code: 'row-too-short',
      column: undefined,
      message: `The row has ${plural(cells.length, 'cell')}, the header ${header.length}: ${list(missing)} missing. Look for a delimiter that was left out.`,
    };
  }
  if (cells.length > header.length && cells.slice(header.length).some((cell) => cell.trim() !== '')) {
    return {
      code: 'row-too-long',
      column: undefined,
      message: `The row has ${cells.length} cells, the header ${header.length}: put a cell that holds the delimiter in quotes.`,
    };
  }
  return undefined;
}

function list(missing: readonly string[]): string {
  if (missing.length === 1) return `${missing[0]} is`;
  return missing.length <= 5
    ? `${missing.slice(0, -1).join(', ')} and ${missing.at(-1)} are`
    : `${missing.slice(0, 4).join(', ')} and ${missing.length - 4} others are`;
}

function unreadable(row: Row, problem: Problem, mapping: Mapping): MappedRow {
  const login = mapping.attributes.find(({ name }) => name === 'login')?.reader.read(row.cells);
  return {
    row,
    login: typeof login === 'string' && login !== '' ? login : undefined,
    request: { profile: {} },
    groups: NO_GROUPS,
    type: undefined,
    problems: [problem],
    isReadable: false,
  };
}

function toGroups(cells: readonly string[], mapping: Mapping, problems: Problem[]): readonly string[] {
  const { groups: defaultGroups } = mapping.defaults;
  const text = mapping.groups === undefined ? '' : readText(mapping.groups, cells, problems);
  if (text === '') return defaultGroups;
  return [...new Set([...splitCell(text, mapping.groupSplit), ...defaultGroups])];
}
