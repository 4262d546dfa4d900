import type { Row } from '../rows/row.js';
import type { Problem } from '../rows/problem.js';
import { listOf, plural, quoted } from '../text.js';
import type { Mapping } from './mapping.js';

/** Why the cells of a row cannot be read as values at all; undefined for nearly every row. */
export function findShapeProblem(row: Row, mapping: Mapping): Problem | undefined {
  const { header } = mapping;
  const { cells, malformed } = row;
  if (malformed !== undefined) {
    return { code: 'malformed-text', column: header[malformed.cell], message: malformed.message };
  }
  return findLengthProblem(cells, mapping) ?? (mapping.isFailedCsv ? findMarker(cells, header) : undefined);
}

/** Empty cells beyond the header are harmless: exports leave them. */
function findLengthProblem(
  cells: readonly string[],
  { header, generatedColumns }: Mapping,
): Problem | undefined {
  if (cells.every((cell, index) => cell.trim() === '' || generatedColumns.has(index))) {
    const message = 'The row is empty. Delete it or fill it in.';
    return { code: 'empty-row', column: undefined, message };
  }
  if (cells.length < header.length) {
    const message = `${lengthsOf(cells, header)}: ${listMissing(header.slice(cells.length))} missing. Look for a missing delimiter.`;
    return { code: 'row-too-short', column: undefined, message };
  }
  if (cells.length > header.length && cells.slice(header.length).some((cell) => cell.trim() !== '')) {
    const message = `${lengthsOf(cells, header)}. Put quotes around any cell that contains the delimiter.`;
    return { code: 'row-too-long', column: undefined, message };
  }
  return undefined;
}

function lengthsOf(cells: readonly string[], header: readonly string[]): string {
  return `The row has ${plural(cells.length, 'cell')}, but the header has ${plural(header.length, 'column')}`;
}

const MAX_LISTED = 5;

function listMissing(columns: readonly string[]): string {
  const shown = columns.length > MAX_LISTED ? columns.slice(0, MAX_LISTED - 1) : columns;
  const names = shown.map(quoted);
  if (shown.length < columns.length) names.push(`${columns.length - shown.length} more`);
  return `${listOf(names)} ${columns.length === 1 ? 'is' : 'are'}`;
}

/** A row of failed.csv that had the wrong length, and still has the report's markers; see `failedFields`. */
function findMarker(cells: readonly string[], header: readonly string[]): Problem | undefined {
  const index = cells.findIndex((cell) => cell === '[missing]' || / \[surplus: .*\]$/s.test(cell));
  if (index < 0) return undefined;
  const message =
    cells[index] === '[missing]'
      ? 'The row was too short. Replace each [missing] with its value, or with nothing.'
      : 'The row was too long. Move each value to its column, and delete "[surplus: …]".';
  return { code: 'row-unmended', column: header[index], message };
}
