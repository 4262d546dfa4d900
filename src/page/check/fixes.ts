import type { FixPreview, FixRequest } from '../api/check.js';

import { fixText } from './cell-texts.js';
import type { GridRows } from './grid-rows.js';
import { groupIdOf, type ProblemStore } from './problem-store.js';
import type { Sheet, SheetChange } from './sheet.js';

const MAX_EXAMPLES = 10;
const MAX_EXAMPLE = 200;

interface Parts {
  readonly sheet: Sheet;
  readonly store: ProblemStore;
  readonly grid: GridRows;
}

/** The cells that a fix changes. Secrets are never among them: they are not read, and not compared. */
export function changeOf(fix: FixRequest, parts: Parts): SheetChange {
  switch (fix.kind) {
    case 'group':
      return groupChange(fix, parts);
    case 'column':
      return columnChange(fix.column, (text) => fixText(text, fix.fix), parts);
    case 'replace':
      return columnChange(fix.column, replacer(fix), parts);
    default:
      return fix satisfies never;
  }
}

/** What a change would do. */
export function previewOf(change: SheetChange, { sheet }: Parts): FixPreview {
  return {
    cells: change.excluded?.rows.length ?? change.cells.length,
    examples: change.cells.slice(0, MAX_EXAMPLES).map(({ row, column, text }) => ({
      row,
      line: sheet.line(row),
      column,
      from: shown(sheet.cells(row)[column] ?? ''),
      to: shown(text),
    })),
  };
}

function shown(text: string): string {
  return text.length > MAX_EXAMPLE ? `${text.slice(0, MAX_EXAMPLE)}…` : text;
}

function groupChange(
  { group: id, fix }: Extract<FixRequest, { kind: 'group' }>,
  { sheet, store, grid }: Parts,
): SheetChange {
  const rows = [...(store.group(id)?.rows ?? [])].toSorted((one, other) => one - other);
  if (fix === 'exclude') {
    const excluded = { rows: rows.filter((row) => !sheet.excludedRows.has(row)), isExcluded: true };
    return { cells: [], excluded };
  }
  const cells = rows.flatMap((row) =>
    store.of(row).flatMap((problem) => {
      const [column] = problem.columns;
      const isMeant = problem.fix === fix && groupIdOf(problem) === id;
      if (!isMeant || column === undefined || problem.suggestion === undefined) return [];
      return grid.isSecret(row, column) ? [] : [{ row, column, text: problem.suggestion }];
    }),
  );
  return { cells };
}

function columnChange(column: number, textOf: (text: string) => string, { sheet, grid }: Parts): SheetChange {
  const cells: { row: number; column: number; text: string }[] = [];
  for (let row = 1; row <= sheet.rowCount; row += 1) {
    const from = sheet.cells(row)[column];
    if (from === undefined || grid.isSecret(row, column)) continue;
    const text = textOf(from);
    if (text !== from) cells.push({ row, column, text });
  }
  return { cells };
}

function replacer({
  find,
  replaceWith,
  isWholeCell,
  isCaseSensitive,
}: Extract<FixRequest, { kind: 'replace' }>): (text: string) => string {
  const literal = find.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const pattern = new RegExp(isWholeCell ? `^${literal}$` : literal, isCaseSensitive ? 'gu' : 'giu');
  return (text) => text.replaceAll(pattern, () => replaceWith);
}
