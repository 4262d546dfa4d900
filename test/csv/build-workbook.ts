import { zip, type Part } from './zip.js';

/** A workbook with one sheet, any part of which can be replaced. */
export interface WorkbookParts {
  /** The XML inside `sheetData`, or the whole sheet if it starts with `<?xml`. */
  readonly rows?: string;
  /** The XML before `sheetData`. */
  readonly beforeRows?: string;
  /** The XML after `sheetData`. */
  readonly afterRows?: string;
  /** The XML of each `si`. */
  readonly strings?: readonly string[];
  /** Custom number formats, for the styles 1, 2, ... in this order. */
  readonly formats?: readonly string[];
  /** IDs of built-in formats, for the styles after those of `formats`. */
  readonly builtIn?: readonly number[];
  readonly workbookPr?: string;
  readonly other?: Readonly<Record<string, string | Uint8Array | Part>>;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';

export function workbook(parts: WorkbookParts = {}): Buffer {
  const { rows = '', beforeRows = '', afterRows = '', strings = [], formats = [], builtIn = [] } = parts;
  const ids = [0, ...formats.map((_, index) => 164 + index), ...builtIn];
  const sheet = `${XML}<worksheet ${MAIN}>${beforeRows}<sheetData>${rows}</sheetData>${afterRows}</worksheet>`;
  return zip({
    '[Content_Types].xml': `${XML}<Types/>`,
    '_rels/.rels': `${XML}<Relationships ${PACKAGE}><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${XML}<workbook ${MAIN} xmlns:r="${RELATIONS}">${parts.workbookPr ?? ''}<sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships ${PACKAGE}><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELATIONS}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="${RELATIONS}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': rows.startsWith('<?xml') ? rows : sheet,
    'xl/sharedStrings.xml': `${XML}<sst ${MAIN}>${strings.map((each) => `<si>${each}</si>`).join('')}</sst>`,
    'xl/styles.xml': `${XML}<styleSheet ${MAIN}><numFmts>${formats.map((code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${escaped(code)}"/>`).join('')}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>${ids.map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
    ...parts.other,
  });
}

/** Rows of inline strings. */
export function textRows(rows: readonly (readonly string[])[]): string {
  return rows
    .map((cells, row) => {
      const xml = cells.map((cell) => `<c t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`);
      return `<row r="${row + 1}">${xml.join('')}</row>`;
    })
    .join('');
}

/** Escapes text as Excel does, including characters that XML cannot contain. */
export function escaped(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/(?![\t\n])\p{Cc}|[\uFFFE\uFFFF]/gu, toEscape)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function toEscape(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}_`;
}

/** A cell of `sheetRows`: text, a number, nothing, or the XML of a formula or of a number with a style. */
export type SheetCell = string | number | null | FormulaCell | StyledCell;

export interface FormulaCell {
  readonly formula: string;
  /** XML after the formula, such as `<v>2</v>`; none for a formula that was never calculated. */
  readonly result?: string;
  /** The cell's `t`. */
  readonly type?: string;
}

export interface StyledCell {
  readonly number: number;
  readonly style: number;
}

export interface SheetRow {
  readonly cells: readonly SheetCell[];
  /** Further attributes of the row, such as `hidden="1"`. */
  readonly attributes?: string;
}

/** The XML of rows, the first of which has `firstRow` and `firstColumn` as its number and the letter of its first cell. */
export function sheetRows(
  rows: readonly (readonly SheetCell[] | SheetRow)[],
  { firstRow = 1, firstColumn = 'A' }: { readonly firstRow?: number; readonly firstColumn?: string } = {},
): string {
  return rows
    .map((each, index) => {
      const { cells, attributes = '' } = 'cells' in each ? each : { cells: each };
      const row = firstRow + index;
      const xml = cells.map((cell, column) => {
        const letter = String.fromCharCode(firstColumn.charCodeAt(0) + column);
        return cellXml(`${letter}${row}`, cell);
      });
      return `<row r="${row}" ${attributes}>${xml.join('')}</row>`;
    })
    .join('');
}

function cellXml(reference: string, cell: SheetCell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') {
    return `<c r="${reference}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`;
  }
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
  if ('number' in cell) return `<c r="${reference}" s="${cell.style}"><v>${cell.number}</v></c>`;
  const { formula, result = '', type } = cell;
  const typeAttribute = type === undefined ? '' : ` t="${type}"`;
  return `<c r="${reference}"${typeAttribute}><f>${escaped(formula)}</f>${result}</c>`;
}

/** A workbook with several sheets, by their names. */
export function workbookOf(
  sheets: Readonly<
    Record<string, { readonly rows: string; readonly afterRows?: string; readonly isHidden?: boolean }>
  >,
): Buffer {
  const entries = Object.entries(sheets);
  const tags = entries.map(
    ([name, { isHidden }], index) =>
      `<sheet name="${escaped(name)}" sheetId="${index + 1}" ${isHidden === true ? 'state="hidden" ' : ''}r:id="rId${index + 1}"/>`,
  );
  const relations = entries.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  const parts = entries.map(([, { rows, afterRows = '' }], index) => [
    `xl/worksheets/sheet${index + 1}.xml`,
    `${XML}<worksheet ${MAIN}><sheetData>${rows}</sheetData>${afterRows}</worksheet>`,
  ]);
  return workbook({
    other: {
      'xl/workbook.xml': `${XML}<workbook ${MAIN} xmlns:r="${RELATIONS}"><sheets>${tags.join('')}</sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `${XML}<Relationships ${PACKAGE}>${relations.join('')}</Relationships>`,
      ...Object.fromEntries(parts),
    },
  });
}
