import { posix } from 'node:path';

import { quoted } from '../../text.js';
import { NotCsvError, SheetError, WorkbookTooLargeError } from '../errors.js';
import type { ParsedRow } from '../plain-lines.js';
import type { FileBytes } from '../decompress.js';
import { appleDocumentError } from '../foreign-files.js';

import { Archive, MAX_WORKBOOK_BYTES } from './archive.js';
import { readCellFormats } from './cell-formats.js';
import { SharedStrings } from './shared-strings.js';
import { findMergedRanges, type MergedRange } from './merged-ranges.js';
import { readSheet } from './sheet.js';
import { readPart } from './xml.js';

const MIB = 1024 * 1024;
const MAX_SMALL_PART_BYTES = 16 * MIB;
/** A million rows of ten columns take half of this. */
const MAX_SHEET_BYTES = 1024 * MIB;

/** The limit of an Excel sheet. */
const MAX_COLUMNS = 16_384;

/** One sheet of an Excel workbook (.xlsx). */
export interface OpenSheet {
  readonly name: string;
  /** The visible sheets, in the order of their tabs. */
  readonly sheetNames: readonly string[];
  /** See `readSheet`. */
  readonly batches: AsyncGenerator<readonly ParsedRow[], void, undefined>;
  /** In the order of their first rows. */
  readonly mergedRanges: readonly MergedRange[];
  readonly isHidden: boolean;
  /** Indexes of hidden columns, known with the first row. */
  readonly hiddenColumns: ReadonlySet<number>;
  /** All sheets with cells, hidden ones included. */
  readonly allSheets: readonly ListedSheetName[];
  /** Other sheets, the visible ones by default, each with at least `count` rows, if it has so many. */
  otherSheets(
    count: number,
    options?: { readonly withHidden: boolean },
  ): AsyncGenerator<SheetStart, void, undefined>;
}

export interface ListedSheetName {
  readonly name: string;
  readonly isHidden: boolean;
}

/** The first rows of a sheet. */
export interface SheetStart {
  readonly name: string;
  readonly isHidden: boolean;
  readonly rows: readonly ParsedRow[];
}

/** How many other sheets are looked at. */
const MAX_OTHER_SHEETS = 20;

/**
 * Opens a sheet of a workbook. Reads the whole file into memory first.
 *
 * @param requested - name of a sheet, or its number from 1; by default the first visible sheet.
 * @throws {SheetError} There is no such sheet.
 * @throws {NotCsvError} The archive is not a supported workbook.
 * @throws {DamagedFileError | WorkbookTooLargeError}
 */
export async function openSheet(
  { first, rest }: FileBytes,
  requested: string | undefined,
): Promise<OpenSheet> {
  const archive = await Archive.open(await wholeFile(first, rest));
  const workbookPart = await findWorkbook(archive);
  const { sheets, is1904, isUncalculated } = await readWorkbook(archive, workbookPart);
  const relations = await readRelations(archive, workbookPart);
  const worksheets = sheets.flatMap(({ relationId, ...sheet }) => {
    const relation = relations.find(({ id }) => id === relationId);
    return relation?.type === 'worksheet' ? [{ ...sheet, part: relation.part }] : [];
  });
  const sheet = chooseSheet(worksheets, requested);

  const partOf = (type: string, usual: string) => relations.find((each) => each.type === type)?.part ?? usual;
  const strings = await SharedStrings.read(archive, partOf('sharedStrings', 'xl/sharedStrings.xml'));
  const formats = await readCellFormats(archive, partOf('styles', 'xl/styles.xml'), { is1904 });
  const mergedRanges = await findMergedRanges(await readSheetPart(archive, sheet));
  const bytes = await readSheetPart(archive, sheet);
  const visible = worksheets.filter(({ isHidden }) => !isHidden);
  const context = { strings, formats, isUncalculated };
  const hiddenColumns = new Set<number>();
  const onHiddenColumns = (from: number, to: number): void => {
    const end = Math.min(to + 1, MAX_COLUMNS);
    for (let column = Math.max(from, 0); column < end; column += 1) hiddenColumns.add(column);
  };
  return {
    name: sheet.name,
    sheetNames: visible.map(({ name }) => name),
    batches: readSheet(bytes, sheet.part, { ...context, mergedRanges, onHiddenColumns }),
    mergedRanges,
    isHidden: sheet.isHidden,
    hiddenColumns,
    allSheets: worksheets.map(({ name, isHidden }) => ({ name, isHidden })),
    async *otherSheets(count, { withHidden } = { withHidden: false }) {
      const others = (withHidden ? worksheets : visible).filter((each) => each !== sheet);
      for (const other of others.slice(0, MAX_OTHER_SHEETS)) {
        const otherBytes = await readSheetPart(archive, other);
        const rows: ParsedRow[] = [];
        for await (const batch of readSheet(otherBytes, other.part, { ...context, mergedRanges: [] })) {
          rows.push(...batch);
          if (rows.length >= count) break;
        }
        yield { name: other.name, isHidden: other.isHidden, rows };
      }
    },
  };
}

async function readSheetPart(archive: Archive, { name, part }: Sheet): Promise<AsyncIterable<Buffer>> {
  const bytes = await archive.read(part, MAX_SHEET_BYTES);
  if (bytes !== undefined) return bytes;
  throw new SheetError(`Sheet ${quoted(name)} has no content.`, { hint: 'Save the workbook again.' });
}

async function wholeFile(first: Buffer, rest: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [first];
  let bytes = first.length;
  for await (const chunk of rest) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_WORKBOOK_BYTES) {
      throw new WorkbookTooLargeError(`it is larger than ${MAX_WORKBOOK_BYTES / MIB} MiB`);
    }
  }
  return Buffer.concat(chunks);
}

interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly part: string;
}

function chooseSheet(sheets: readonly Sheet[], requested: string | undefined): Sheet {
  const names = sheets.map(({ name }, index) => `${index + 1} ${quoted(name)}`).join(', ');
  const hint = sheets.length === 0 ? 'Save the list as CSV.' : `Choose one of its sheets: ${names}.`;
  if (requested === undefined) {
    const first = sheets.find(({ isHidden }) => !isHidden) ?? sheets[0];
    if (first === undefined) throw new SheetError('The workbook has no sheet with cells.', { hint });
    return first;
  }
  const sheet =
    sheets.find(({ name }) => name === requested) ??
    sheets.find(({ name }) => name.toLowerCase() === requested.trim().toLowerCase()) ??
    (/^\d+$/.test(requested) ? sheets[Number(requested) - 1] : undefined);
  if (sheet === undefined) throw new SheetError(`The workbook has no sheet ${quoted(requested)}.`, { hint });
  return sheet;
}

/** Path of the part that lists the sheets. */
async function findWorkbook(archive: Archive): Promise<string> {
  if (!archive.has('[Content_Types].xml')) throw describeArchive(archive);
  const root = (await readRelations(archive, '')).find(({ type }) => type === 'officeDocument');
  const part = root?.part ?? 'xl/workbook.xml';
  const hint = 'Open it in Excel, and save it as .xlsx or CSV.';
  if (part.endsWith('.bin')) throw new NotCsvError('This file is a binary Excel workbook (.xlsb).', { hint });
  if (!part.startsWith('xl/') || !archive.has(part)) {
    throw new NotCsvError('This file is an Office document, but not an Excel workbook.', {
      hint: 'Copy its table to a spreadsheet, and save that as .xlsx or CSV.',
    });
  }
  return part;
}

/** What an archive is that has not been written by Office. */
function describeArchive(archive: Archive): NotCsvError {
  const names = [...archive.names];
  if (names.some((name) => /(?:^|\/)(?:index\.(?:zip|apxl)|[^/]+\.iwa)$/.test(name))) {
    return appleDocumentError('This file');
  }
  if (archive.has('content.xml')) {
    return new NotCsvError('This file is an OpenDocument spreadsheet (.ods), or another OpenDocument file.', {
      hint: 'Open it in LibreOffice or Excel, and save it as .xlsx or CSV.',
    });
  }
  return new NotCsvError('This file is a zip archive, but not an Excel workbook.', {
    hint: 'Unpack it, and use the file inside.',
  });
}

interface ListedSheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly relationId: string | undefined;
}

async function readWorkbook(
  archive: Archive,
  part: string,
): Promise<{ sheets: ListedSheet[]; is1904: boolean; isUncalculated: boolean }> {
  const sheets: ListedSheet[] = [];
  let is1904 = false;
  let isUncalculated = false;
  await readPart(archive, part, MAX_SMALL_PART_BYTES, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = isTrue(attributes['date1904']);
      if (name === 'calcPr') isUncalculated = isTrue(attributes['fullCalcOnLoad']);
      if (name !== 'sheet') return;
      const relationId = Object.entries(attributes).find(([key]) => /^[^:]+:id$/.test(key))?.[1];
      const isHidden = (attributes['state'] ?? 'visible') !== 'visible';
      sheets.push({ name: attributes['name'] ?? '', isHidden, relationId });
    },
  });
  return { sheets, is1904, isUncalculated };
}

function isTrue(attribute: string | undefined): boolean {
  return /^(?:1|true)$/.test(attribute ?? '');
}

interface Relation {
  readonly id: string;
  /** Its last word: transitional and strict workbooks differ in the rest. */
  readonly type: string;
  readonly part: string;
}

/** The parts that a part refers to; the archive itself is the part with an empty name (ECMA-376 part 2, "Relationships"). */
async function readRelations(archive: Archive, part: string): Promise<Relation[]> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const name = `${folder}_rels/${part.slice(folder.length)}.rels`;
  const relations: Relation[] = [];
  await readPart(archive, name, MAX_SMALL_PART_BYTES, {
    open(element, { Id, Type, Target, TargetMode }) {
      if (element !== 'Relationship' || Target === undefined || TargetMode === 'External') return;
      const type = Type?.slice(Type.lastIndexOf('/') + 1) ?? '';
      relations.push({ id: Id ?? '', type, part: resolvePart(folder, Target) });
    },
  });
  return relations;
}

function resolvePart(folder: string, target: string): string {
  return target.startsWith('/') ? target.slice(1) : posix.normalize(folder + target);
}
