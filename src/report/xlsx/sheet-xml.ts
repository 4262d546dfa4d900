/** Namespaces of the parts of a workbook (ECMA-376). */
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
/** The limit of Excel for one cell. */
const MAX_CELL_CHARACTERS = 32_767;

/** Indexes of the formats in `STYLES`. */
export const STYLE = { text: 1, wrong: 2, header: 3 } as const;
export type Style = (typeof STYLE)[keyof typeof STYLE];

/** All cells have the format "text" (49), so that a spreadsheet keeps what is entered as it is. */
export const STYLES: string = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fillId="2" applyNumberFormat="1" applyFill="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

export const CONTENT_TYPES: string = `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/comments1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/></Types>`;

/** The relations of a part: by ID, the last word of the type, and the target. */
export function relationsXml(
  relations: readonly (readonly [id: string, type: string, target: string])[],
): string {
  const entries = relations.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  );
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${entries.join('')}</Relationships>`;
}

/** A workbook with one sheet, whose relation has the ID `rId1`. */
export function workbookXml(sheetName: string): string {
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${escapeXml(sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>`;
}

/** The start of a sheet whose first row stays visible. */
export function sheetStart(columns: number): string {
  return `${XML}<worksheet xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${columns}" width="22" style="${STYLE.text}" customWidth="1"/></cols><sheetData>`;
}

/** Its end, with the drawing of its comments. */
export const SHEET_END = '</sheetData><legacyDrawing r:id="rId1"/></worksheet>';

export interface StyledText {
  readonly text: string;
  readonly style: Style;
}

/** @param row - its number, from 1. */
export function rowXml(row: number, cells: readonly StyledText[]): string {
  const xml = cells.map(({ text, style }, column) => {
    const reference = cellReference(row, column);
    if (text === '') return `<c r="${reference}" s="${style}"/>`;
    const shown = escapeXml(text.slice(0, MAX_CELL_CHARACTERS));
    return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${shown}</t></is></c>`;
  });
  return `<row r="${row}">${xml.join('')}</row>`;
}

/** A comment on a cell. */
export interface CellComment {
  /** Number of the row, from 1. */
  readonly row: number;
  /** Index of the column. */
  readonly column: number;
  readonly text: string;
}

export function commentsXml(comments: readonly CellComment[]): string {
  const entries = comments.map(
    ({ row, column, text }) =>
      `<comment ref="${cellReference(row, column)}" authorId="0"><text><t xml:space="preserve">${escapeXml(text)}</t></text></comment>`,
  );
  return `${XML}<comments xmlns="${MAIN}"><authors><author>okta-csv-import</author></authors><commentList>${entries.join('')}</commentList></comments>`;
}

/** How many shapes one block of IDs has. */
const SHAPES_PER_BLOCK = 1024;

/** The boxes of the comments in VML, without which Excel shows no comments. */
export function commentBoxesXml(comments: readonly CellComment[]): string {
  const blocks = Array.from(
    { length: Math.floor(comments.length / SHAPES_PER_BLOCK) + 1 },
    (_, index) => index + 1,
  );
  const shapes = comments.map(({ row, column }, index) => {
    const [left, top] = [column + 1, Math.max(row - 2, 0)];
    return `<v:shape id="_x0000_s${SHAPES_PER_BLOCK + index + 1}" type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${left}, 15, ${top}, 2, ${left + 2}, 31, ${top + 5}, 1</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>${row - 1}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`;
  });
  return `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="${blocks.join()}"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>${shapes.join('')}</xml>`;
}

/** `AB12` for row 12 and the column with index 27. */
function cellReference(row: number, column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return `${letters}${row}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text, also characters that XML cannot contain: `_x000D_` (ECMA-376 part 1, "ST_Xstring"). */
function escapeXml(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/(?![\t\n])[\p{Cc}\uFFFE\uFFFF]/gu, (character) => {
      const digits = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      return `_x${digits}_`;
    })
    .replace(/[&<>"]/g, (character) => ESCAPES[character]!);
}
