import type { ValueProblem, Problem } from '../rows/problem.js';
import type { CellReader } from './compile-reader.js';

/** What failed.csv has in place of a secret. */
const REDACTED = '[redacted]';

/** The text of a cell, '' for nothing; what the reader complains about becomes a problem. */
export function readText(reader: CellReader, cells: readonly string[], problems: Problem[]): string {
  const text = reader.read(cells);
  if (typeof text === 'string') return text;
  problems.push(toProblem(text, reader));
  return '';
}

/** The same, undefined for nothing; nothing too when there is no reader. */
export function readOptional(
  reader: CellReader | undefined,
  cells: readonly string[],
  problems: Problem[],
): string | undefined {
  return (reader && readText(reader, cells, problems)) || undefined;
}

/** A secret, which must not be the placeholder that reports have in its place. */
export function readSecret(
  reader: CellReader | undefined,
  cells: readonly string[],
  problems: Problem[],
): string | undefined {
  const text = readOptional(reader, cells, problems);
  if (text?.trim() !== REDACTED) return text;
  problems.push({
    code: 'secret-redacted',
    column: reader?.column,
    message: `Reports never hold secrets, and this cell still says ${REDACTED}: put back what stood in the original file.`,
  });
  return undefined;
}

/** A problem with the column that it is about. */
export function toProblem({ code, message }: ValueProblem, reader: CellReader | undefined): Problem {
  return { code, column: reader?.column, message };
}
