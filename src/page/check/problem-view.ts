import type { ProblemGroup } from '../api/check.js';
import { forPage } from '../for-page.js';
import type { Problem } from '../../rows/problem.js';

import type { CheckedRow } from './checker.js';
import type { ProblemStore, StoredProblem } from './problem-store.js';
import { labelOf, titleOf } from './problem-titles.js';
import type { GridRows } from './grid-rows.js';
import type { Sheet } from './sheet.js';
import type { Suggest } from './suggestions.js';

interface Parts {
  readonly sheet: Sheet;
  readonly grid: GridRows;
  readonly suggest: Suggest;
}

/** The problems and warnings of a row, by column index, with what would solve them. */
export function toStored({ row, problems, warnings }: CheckedRow, parts: Parts): readonly StoredProblem[] {
  if (problems.length === 0 && warnings.length === 0) return [];
  return [
    ...problems.map((problem) => toStoredProblem(row, problem, 'problem', parts)),
    ...warnings.map((warning) => toStoredProblem(row, warning, 'warning', parts)),
  ];
}

function toStoredProblem(
  row: number,
  { code, column: name, message }: Problem,
  severity: StoredProblem['severity'],
  { sheet, grid, suggest }: Parts,
): StoredProblem {
  const found = name === undefined ? -1 : sheet.header.indexOf(name);
  const column = grid.addedColumns.has(found) ? -1 : found;
  const isReadable = column !== -1 && !grid.isSecret(row, column);
  const suggestion = isReadable ? suggest(code, column, sheet.cells(row)[column] ?? '') : undefined;
  return {
    code,
    severity,
    columns: column === -1 ? [] : [column],
    message: forPage(message),
    suggestion: suggestion?.text,
    fix: suggestion?.fix,
  };
}

export function groupsOf(store: ProblemStore, header: readonly string[]): readonly ProblemGroup[] {
  return store.groups().map(({ id, code, severity, columns, rows, fixes }) => {
    const [column] = columns;
    return {
      id,
      code,
      severity,
      columns,
      title: titleOf(code, column === undefined ? undefined : header[column]),
      rows: rows.size,
      fixes: [
        ...[...fixes].flatMap(([fix, cells]) =>
          cells === 0 ? [] : [{ id: fix, label: labelOf(fix, cells), cells }],
        ),
        { id: 'exclude' as const, label: labelOf('exclude', rows.size), cells: rows.size },
      ],
    };
  });
}
