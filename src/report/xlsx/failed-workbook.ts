import { escapeFormula, unescapeFormula } from '../../text.js';

import {
  commentBoxesXml,
  commentsXml,
  CONTENT_TYPES,
  relationsXml,
  rowXml,
  SHEET_END,
  sheetStart,
  STYLE,
  STYLES,
  workbookXml,
  type CellComment,
} from './sheet-xml.js';
import { ZipWriter } from './zip-writer.js';

/** More comments make Excel slow. Later rows have their messages in `_error` only. */
const MAX_COMMENTS = 5000;

/** What is wrong with one cell of a row. */
export interface CellMark {
  /** Index of the column. */
  readonly column: number;
  readonly text: string;
}

/**
 * Writes `failed.xlsx`: the rows of `failed.csv` in a sheet with the name of the file's own, with a comment on each wrong cell.
 *
 * The sheet is written as the rows come; only the comments are kept until the end.
 */
export class FailedWorkbook {
  readonly #zip: ZipWriter;
  readonly #comments: CellComment[] = [];
  /** Number of the last row. */
  #row = 1;

  private constructor(path: string) {
    this.#zip = new ZipWriter(path);
  }

  static open(path: string, { sheet, header }: { sheet: string; header: readonly string[] }): FailedWorkbook {
    const workbook = new FailedWorkbook(path);
    workbook.#start(sheet, header);
    return workbook;
  }

  /** Buffers a row. The caller flushes when `isFull`. */
  append(fields: readonly string[], marks: readonly CellMark[]): void {
    this.#row += 1;
    const wrong = new Set(marks.map(({ column }) => column));
    const cells = fields.map((field, column) => ({
      text: importable(field),
      style: wrong.has(column) ? STYLE.wrong : STYLE.text,
    }));
    this.#zip.append(rowXml(this.#row, cells));
    for (const column of wrong) {
      if (this.#comments.length >= MAX_COMMENTS) break;
      const texts = marks.filter((mark) => mark.column === column).map(({ text }) => text);
      this.#comments.push({ row: this.#row, column, text: texts.join('\n') });
    }
  }

  get isFull(): boolean {
    return this.#zip.isFull;
  }

  /** @throws {ReportError} */
  async flush(): Promise<void> {
    await this.#zip.flush();
  }

  /** @throws {ReportError} */
  async close(): Promise<void> {
    const zip = this.#zip;
    zip.append(SHEET_END);
    for (const [part, xml] of [
      [
        'xl/worksheets/_rels/sheet1.xml.rels',
        relationsXml([
          ['rId1', 'vmlDrawing', '../drawings/vmlDrawing1.vml'],
          ['rId2', 'comments', '../comments1.xml'],
        ]),
      ],
      ['xl/comments1.xml', commentsXml(this.#comments)],
      ['xl/drawings/vmlDrawing1.vml', commentBoxesXml(this.#comments)],
    ] as const) {
      zip.startPart(part);
      zip.append(xml);
    }
    await zip.close();
  }

  #start(sheet: string, header: readonly string[]): void {
    const zip = this.#zip;
    for (const [part, xml] of [
      ['[Content_Types].xml', CONTENT_TYPES],
      ['_rels/.rels', relationsXml([['rId1', 'officeDocument', 'xl/workbook.xml']])],
      ['xl/workbook.xml', workbookXml(sheet)],
      [
        'xl/_rels/workbook.xml.rels',
        relationsXml([
          ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
          ['rId2', 'styles', 'styles.xml'],
        ]),
      ],
      ['xl/styles.xml', STYLES],
    ] as const) {
      zip.startPart(part);
      zip.append(xml);
    }
    zip.startPart('xl/worksheets/sheet1.xml');
    zip.append(sheetStart(header.length));
    const names = header.map((name) => ({ text: importable(name), style: STYLE.header }));
    zip.append(rowXml(this.#row, names));
  }
}

/**
 * A text that `import` reads back unchanged. It removes one apostrophe before a formula from files of this program; a workbook needs
 * none, except where the text has its own.
 */
function importable(text: string): string {
  return unescapeFormula(text) === text ? text : escapeFormula(text);
}
