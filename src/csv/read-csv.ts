import type { CsvOptions, CsvTable } from './csv-table.js';
import { decompress } from './decompress.js';
import { parseDelimiter } from './dialect.js';
import { SheetError } from './errors.js';
import { isZip, rejectOtherFormats } from './file-signature.js';
import { rejectForeignFiles, withEnoughToRecognize } from './foreign-files.js';
import { readText } from './read-text.js';

/**
 * Reads a file up to its header, and returns the rest as rows. The file is CSV, CSV compressed with gzip, or a sheet of an Excel
 * workbook, recognized by its bytes.
 *
 * Cells are returned unchanged; cells of a workbook as Excel shows them. Every rejected file throws an `OktaImportError` that names the
 * line: this function throws it for problems up to the header, `rows` for later ones, after all rows before the problem.
 *
 * A line that is not valid in the encoding makes its row malformed (see `Row.malformed`). It rejects the file if it is in the header,
 * or if there are twenty such lines with none but ASCII lines between them.
 *
 * @throws {EmptyCsvError | HeaderError} There is no header, or its names are not unique.
 * @throws {UnclosedQuoteError | TextAfterQuoteError | RowTooLargeError} A row cannot be read.
 * @throws {MalformedTextError | NotCsvError} The bytes are not text in this encoding, or the file has another format.
 * @throws {DamagedFileError | WorkbookTooLargeError | SheetError} A compressed file or workbook cannot be read, or has no such sheet.
 * @throws {UnknownEncodingError | InvalidDelimiterError} An option is invalid.
 */
export async function readCsv(bytes: AsyncIterable<Uint8Array>, options: CsvOptions = {}): Promise<CsvTable> {
  const delimiter = options.delimiter === undefined ? undefined : parseDelimiter(options.delimiter);
  const file = await withEnoughToRecognize(await decompress(bytes));
  try {
    if (isZip(file.first)) {
      // Most files are text and do not need it.
      const { readWorkbook } = await import('./read-workbook.js');
      return await readWorkbook(file, options);
    }
    rejectOtherFormats(file.first);
    await rejectForeignFiles(file);
    if (options.sheet !== undefined) {
      throw new SheetError('The file is not a workbook, so it has no sheets.', {
        hint: 'Leave out --sheet.',
      });
    }
    return await readText(file, { ...options, delimiter });
  } catch (error) {
    await file.rest.return();
    throw error;
  }
}
