import { OktaImportError } from '../../errors.js';
import { openInput } from '../../jobs/input.js';
import { lineOf } from '../../jobs/own-lines.js';
import { isFailedCsv, LINE_COLUMN } from '../../mapping/generated-file.js';
import { lineLabelOf } from '../../rows/place.js';
import { OpenedFileChangedError } from '../page-error.js';
import type { OpenTable } from '../steps.js';

import { Sheet, type RowExtras } from './sheet.js';

/** The file is too large to be edited. */
export class SheetTooLargeError extends OktaImportError {
  override readonly code = 'ERR_PAGE_SHEET_TOO_LARGE';
}

/** About 1 GB of memory: a million rows of 30 columns have as many cells. */
const MAX_CELLS = 30_000_000;
const MAX_CHARACTERS = 400_000_000;
/** Different texts of a column that are kept once each. */
const MAX_SHARED = 2000;
/** After so many different texts, a column has hardly any that repeat. */
const MAX_MISSES = 20_000;

export interface ReadSheetOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number) => void;
}

/**
 * Reads all rows of a table into memory.
 *
 * @throws {SheetTooLargeError | OpenedFileChangedError}
 * @throws what `readCsv` throws.
 */
export async function readSheet(
  { path, name, sha256, found, reading }: Pick<OpenTable, 'path' | 'name' | 'sha256' | 'found' | 'reading'>,
  { signal, onProgress }: ReadSheetOptions,
): Promise<Sheet> {
  const input = await openInput({ csv: path }, signal);
  try {
    const table = await input.read({ found }, signal);
    // For failed rows, the lines are those of the file that was imported, which people know.
    const lineColumn = isFailedCsv(table.header) ? table.header.indexOf(LINE_COLUMN) : -1;
    const rows: (readonly string[])[] = [];
    const lines: number[] = [];
    const extras = new Map<number, RowExtras>();
    const leftOut: number[] = [];
    const shared = new SharedTexts();
    let size = { cells: 0, characters: 0 };
    for await (const batch of table.batches) {
      for (const { row, line, cells, cellKinds, oneCell, malformed, isHidden } of batch) {
        size = { cells: size.cells + cells.length, characters: size.characters + lengthOf(cells) };
        rows.push(shared.share(cells));
        lines.push(lineOf(cells[lineColumn]) ?? line);
        if (cellKinds ?? oneCell ?? malformed ?? isHidden) {
          extras.set(row, {
            ...(cellKinds && { cellKinds }),
            ...(oneCell !== undefined && { oneCell }),
            ...(malformed && { malformed }),
            ...(isHidden && { isHidden }),
          });
        }
        if (isHidden === true && reading.hiddenRows === 'skip') leftOut.push(row);
      }
      if (size.cells > MAX_CELLS || size.characters > MAX_CHARACTERS) {
        throw new SheetTooLargeError(`${name} is too large to be checked on this page.`, {
          hint: 'Split the file, or check and import it with okta-csv-import validate and okta-csv-import import, which can read files of any size.',
        });
      }
      onProgress(rows.length);
      signal.throwIfAborted();
    }
    if (sha256 !== undefined && input.sha256 !== sha256) throw new OpenedFileChangedError(name);
    return new Sheet({
      header: table.header,
      rows,
      lines: Uint32Array.from(lines),
      lineLabel: lineLabelOf(table.found()),
      extras,
      leftOut,
    });
  } finally {
    await input.close();
  }
}

function lengthOf(cells: readonly string[]): number {
  return cells.reduce((sum, { length }) => sum + length, 0);
}

/** Keeps each text of a column once, as far as they repeat: departments, cities, `true`. */
class SharedTexts {
  readonly #columns: { readonly texts: Map<string, string>; misses: number }[] = [];

  share(cells: readonly string[]): readonly string[] {
    return cells.map((text, index) => this.#shared(text, index));
  }

  #shared(text: string, index: number): string {
    if (text === '') return '';
    const column = (this.#columns[index] ??= { texts: new Map(), misses: 0 });
    if (column.misses > MAX_MISSES) return text;
    const known = column.texts.get(text);
    if (known !== undefined) return known;
    column.misses += 1;
    if (column.texts.size < MAX_SHARED) column.texts.set(text, text);
    return text;
  }
}
