import { isGeneratedFile, LINE_COLUMN, PROBLEM_COLUMN, ROW_COLUMN } from '../../mapping/generated-file.js';
import { CsvWriter } from '../../report/csv-writer.js';
import { unescapeFormula } from '../../text.js';

import type { ProblemStore } from './problem-store.js';
import type { Sheet } from './sheet.js';

/** What is wrong with a row of the file and cannot be seen in its texts. */
const INVISIBLE: ReadonlySet<string> = new Set([
  'malformed-text',
  'formula-not-calculated',
  'excel-long-number',
]);

/**
 * Writes the rows as edited, for its owner only: `edited.csv`. Columns are added: the number of the row, so that none is taken for
 * blank; what is wrong with it that a CSV cannot show; and its line in the file that was edited. `import` knows all of them.
 *
 * @throws {ReportError}
 */
export async function writeEditedCsv(path: string, sheet: Sheet, store: ProblemStore): Promise<void> {
  const { header } = sheet;
  // Its cells are escaped once more when they are written.
  const plain = (cells: readonly string[]): readonly string[] =>
    isGeneratedFile(header) ? cells.map(unescapeFormula) : cells;
  const numberAt = header.indexOf(ROW_COLUMN);
  const problemAt = header.indexOf(PROBLEM_COLUMN);
  // The line in a failed.csv identifies the row of the earlier run.
  const hasLines = header.includes(LINE_COLUMN);
  const file = new CsvWriter(path, ',');
  try {
    await file.write([
      ...(numberAt === -1 ? [ROW_COLUMN] : []),
      ...(problemAt === -1 ? [PROBLEM_COLUMN] : []),
      ...(hasLines ? [] : [LINE_COLUMN]),
      ...header,
    ]);
    for (let row = 1; row <= sheet.rowCount; row += 1) {
      const problem = store
        .of(row)
        .filter(({ code }) => INVISIBLE.has(code))
        .map(({ message }) => message)
        .join(' ');
      const cells = [...plain(sheet.cells(row))];
      if (problem !== '' && cells[problemAt] !== undefined) cells[problemAt] = problem;
      if (cells[numberAt] !== undefined) cells[numberAt] = String(row);
      await file.write([
        ...(numberAt === -1 ? [String(row)] : []),
        ...(problemAt === -1 ? [problem] : []),
        ...(hasLines ? [] : [String(sheet.line(row))]),
        ...cells,
      ]);
    }
  } finally {
    await file.close();
  }
}
