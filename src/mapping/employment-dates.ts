import type { Problem, ProblemCode } from '../rows/problem.js';
import { quoted } from '../text.js';
import type { CellReader } from './compile-reader.js';
import type { Mapping } from './mapping.js';
import { readText, toProblem } from './read-cell.js';

/** As in a mapping file. */
export type DateField = 'start' | 'end';

/** The first and the last day of a person, as `YYYY-MM-DD`. */
export interface EmploymentDates {
  readonly start?: string | undefined;
  readonly end?: string | undefined;
}

/** Undefined when the mapping has neither date. */
export function readEmploymentDates(
  cells: readonly string[],
  { start, end }: Pick<Mapping, 'start' | 'end'>,
  problems: Problem[],
): EmploymentDates | undefined {
  if (start === undefined && end === undefined) return undefined;
  const dates = {
    start: readDay(start, 'start', cells, problems),
    end: readDay(end, 'end', cells, problems),
  };
  if (dates.start !== undefined && dates.end !== undefined && dates.end < dates.start) {
    const message = `The end date ${dates.end} is before the start date ${dates.start}.`;
    problems.push({ code: 'dates-reversed' satisfies ProblemCode, column: end?.column, message });
  }
  return dates;
}

function readDay(
  reader: CellReader | undefined,
  name: string,
  cells: readonly string[],
  problems: Problem[],
): string | undefined {
  const text = reader === undefined ? '' : readText(reader, cells, problems);
  if (reader === undefined || text === '') return undefined;
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/.exec(text) ?? [];
  if (day !== undefined && isDay(day)) return day;
  const mapping = `${name}: { column: ${quoted(reader.column ?? '…')}, date: dd/MM/yyyy }`;
  const message = `${name} must be a date such as 2026-03-01, not ${quoted(text)}. Give another format in the mapping file: ${mapping}.`;
  problems.push(toProblem({ code: 'not-a-date', message }, reader));
  return undefined;
}

/** JavaScript takes 30 February for 2 March. */
function isDay(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
