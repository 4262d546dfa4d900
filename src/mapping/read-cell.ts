import type { ValueProblem, Problem } from '../rows/problem.js';
import { REDACTED } from '../text.js';
import type { CellReader } from './compile-reader.js';

/** The text of a cell; '' for an empty one, and for one with a problem. */
export function readText(reader: CellReader, cells: readonly string[], problems: Problem[]): string {
  const text = reader.read(cells);
  if (typeof text === 'string') return text;
  problems.push(toProblem(text, reader));
  return '';
}

/** The same, but undefined instead of ''. */
export function readOptional(
  reader: CellReader | undefined,
  cells: readonly string[],
  problems: Problem[],
): string | undefined {
  return (reader && readText(reader, cells, problems)) || undefined;
}

/** A secret, which must not be the placeholder of a report or of an export. */
export function readSecret(
  reader: CellReader | undefined,
  cells: readonly string[],
  problems: Problem[],
): string | undefined {
  const text = readOptional(reader, cells, problems);
  const isMasked = text !== undefined && /^[*•●]{3,}$/.test(text.trim());
  if (text?.trim() !== REDACTED && !isMasked) return text;
  const message = isMasked
    ? 'The value is hidden behind asterisks, as exports show secrets. Replace it, or clear the cell.'
    : `Reports do not contain secrets. Replace ${REDACTED} with the value from the original file.`;
  problems.push({ code: 'secret-redacted', column: reader?.column, message });
  return undefined;
}

export function toProblem({ code, message }: ValueProblem, reader: CellReader | undefined): Problem {
  return { code, column: reader?.column, message };
}
