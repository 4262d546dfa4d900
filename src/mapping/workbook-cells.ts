import type { Problem, ProblemCode, WarningCode } from '../rows/problem.js';
import { DIGITS_LOST, type CellKind, type Row } from '../rows/row.js';
import { quoted } from '../text.js';

import type { ColumnUse } from './column-uses.js';
import type { Mapping } from './mapping.js';

/** What a workbook says about the cells of one row. */
export interface WorkbookCells {
  /** The cells to read: those with a problem are empty. */
  readonly cells: readonly string[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** What is read from cells that are numbers. */
  readonly numbers: readonly string[];
}

/** Checks how a workbook stores the cells that feed values. The others do not matter. */
export function checkWorkbookCells(
  { cells, cellKinds = [] }: Pick<Row, 'cells' | 'cellKinds'>,
  { columnUses, header, secretColumns }: Pick<Mapping, 'columnUses' | 'header' | 'secretColumns'>,
): WorkbookCells {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const numbers: string[] = [];
  let read: string[] | undefined;
  for (const [index, kind] of cellKinds.entries()) {
    const use = columnUses.get(index);
    if (kind === undefined || use === undefined) continue;
    if (kind === 'number') numbers.push(use.name);
    const text = secretColumns.has(index) ? undefined : cells[index];
    const problem = PROBLEMS[kind]?.(use.name, text);
    if (problem !== undefined) {
      problems.push({ ...problem, column: header[index] });
      (read ??= [...cells])[index] = '';
    }
    const warning = text === undefined ? undefined : findWarning(kind, use, text);
    if (warning !== undefined) warnings.push({ ...warning, column: header[index] });
  }
  return { cells: read ?? cells, problems, warnings, numbers };
}

/** @param text - undefined for a secret. */
type Check = (name: string, text: string | undefined) => { code: ProblemCode; message: string };

const PROBLEMS: Partial<Record<CellKind, Check>> = {
  uncalculated: (name) => ({
    code: 'formula-not-calculated',
    message: `${name} has no value: the formula in its cell was never calculated. Open the workbook in Excel and save it, then import it again.`,
  }),
  overlong: (name, text) => ({
    code: 'excel-long-number',
    message: `${name} is a number of more than 15 digits${text === undefined ? '' : `, ${quoted(text.replace(DIGITS_LOST, ''))}`}. A spreadsheet keeps only the first 15. Format the column as text, and enter the original number again.`,
  }),
};

function findWarning(
  kind: CellKind,
  { name, mayBeDate, isPhone }: ColumnUse,
  text: string,
): { code: WarningCode; message: string } | undefined {
  if (kind === 'date' && !mayBeDate) {
    const message = `${name} is a date in the workbook, shown as ${quoted(text)}. ${DATE_ADVICE}`;
    return { code: 'excel-date', message };
  }
  if (kind === 'number' && isPhone) {
    const message = `${name} ${quoted(text)} is stored as a number, so it has lost any "+" or zeros at its start. Format the column as text, and enter the phone numbers again.`;
    return { code: 'phone-as-number', message };
  }
  return undefined;
}

/** What to do about a date that a spreadsheet may have made. */
export const DATE_ADVICE =
  'If a spreadsheet made it from another text, such as "MAR4", format the column as text, and enter the text again.';
