import { posix } from 'node:path';

import { NotCsvError, SheetError, WorkbookTooLargeError } from '../errors.js';
import type { ParsedRow } from '../plain-lines.js';
import type { FileBytes } from '../decompress.js';

import { Archive, MAX_WORKBOOK_BYTES } from './archive.js';
import { readCellFormats } from './cell-formats.js';
import { SharedStrings } from './shared-strings.js';
import { readSheet } from './sheet.js';
import { readXml } from './xml.js';

const MIB = 1024 * 1024;
const MAX_SMALL_PART_BYTES = 16 * MIB;
/** A million rows of ten columns take half of it. */
const MAX_SHEET_BYTES = 1024 * MIB;

/** One sheet of an Excel workbook (.xlsx). */
export interface OpenSheet {
  readonly name: string;
  /** Of the sheets that are not hidden, in the order of their tabs. */
  readonly sheetNames: readonly string[];
  /** See `SheetRows`. */
  readonly records: AsyncGenerator<readonly ParsedRow[], void, undefined>;
  mergedRanges(): number;
}

/**
 * Opens a sheet of a workbook. The file is read to its end, and kept until the rows are.
 *
 * @param wanted - name of a sheet, or its number from 1; without it the first that is not hidden.
 * @throws {SheetError} There is no such sheet.
 * @throws {NotCsvError} The archive is no workbook that this program reads.
 * @throws {DamagedFileError | WorkbookTooLargeError}
 */
export async function openSheet({ first, rest }: FileBytes, wanted: string | undefined): Promise<OpenSheet> {
  const archive = await Archive.open(await wholeFile(first, rest));
  const workbookPart = await findWorkbook(archive);
  const { sheets, is1904 } = await readWorkbook(archive, workbookPart);
  const relations = await readRelations(archive, workbookPart);
  const worksheets = sheets.flatMap(({ relationId, ...sheet }) => {
    const relation = relations.find(({ id }) => id === relationId);
    return relation?.type === 'worksheet' ? [{ ...sheet, part: relation.part }] : [];
  });
  const sheet = choose(worksheets, wanted);

  const partOf = (type: string, usual: string) => relations.find((each) => each.type === type)?.part ?? usual;
  const strings = await SharedStrings.read(archive, partOf('sharedStrings', 'xl/sharedStrings.xml'));
  const formats = await readCellFormats(archive, partOf('styles', 'xl/styles.xml'), { is1904 });
  const bytes = await archive.read(sheet.part, MAX_SHEET_BYTES);
  if (bytes === undefined) {
    throw new SheetError(`The sheet "${sheet.name}" has no content.`, { hint: 'Save it again.' });
  }
  return {
    name: sheet.name,
    sheetNames: worksheets.filter(({ isHidden }) => !isHidden).map(({ name }) => name),
    ...readSheet(bytes, sheet.part, { strings, formats }),
  };
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

function choose(sheets: readonly Sheet[], wanted: string | undefined): Sheet {
  const names = sheets.map(({ name }, index) => `${index + 1} "${name}"`).join(', ');
  const hint = sheets.length === 0 ? 'Save the list as CSV.' : `Its sheets are: ${names}.`;
  if (wanted === undefined) {
    const first = sheets.find(({ isHidden }) => !isHidden) ?? sheets[0];
    if (first === undefined) throw new SheetError('The workbook has no sheet with cells.', { hint });
    return first;
  }
  const sheet =
    sheets.find(({ name }) => name === wanted) ??
    sheets.find(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase()) ??
    (/^\d+$/.test(wanted) ? sheets[Number(wanted) - 1] : undefined);
  if (sheet === undefined) throw new SheetError(`The workbook has no sheet "${wanted}".`, { hint });
  return sheet;
}

/** Path of the part that lists the sheets. */
async function findWorkbook(archive: Archive): Promise<string> {
  const hint = 'Save the sheet as .xlsx or CSV.';
  if (!archive.has('[Content_Types].xml')) {
    if (archive.has('content.xml')) {
      throw new NotCsvError('This file is not a CSV: it is an OpenDocument file (.ods).', { hint });
    }
    throw new NotCsvError('This file is not a CSV: it is a zip archive, and no Excel workbook.', {
      hint: 'Unpack it first, and give the file that is in it.',
    });
  }
  const root = (await readRelations(archive, '')).find(({ type }) => type === 'officeDocument');
  const part = root?.part ?? 'xl/workbook.xml';
  if (part.endsWith('.bin')) {
    throw new NotCsvError('This file is not a CSV: it is a binary Excel workbook (.xlsb).', { hint });
  }
  if (!part.startsWith('xl/') || !archive.has(part)) {
    throw new NotCsvError('This file is not a CSV: it is an Office document, and no Excel workbook.', {
      hint,
    });
  }
  return part;
}

interface ListedSheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly relationId: string | undefined;
}

async function readWorkbook(
  archive: Archive,
  part: string,
): Promise<{ sheets: ListedSheet[]; is1904: boolean }> {
  const sheets: ListedSheet[] = [];
  let is1904 = false;
  const bytes = await archive.read(part, MAX_SMALL_PART_BYTES);
  const reading = readXml(bytes ?? none(), part, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const relationId = Object.entries(attributes).find(([key]) => /^[^:]+:id$/.test(key))?.[1];
      const isHidden = (attributes['state'] ?? 'visible') !== 'visible';
      sheets.push({ name: attributes['name'] ?? '', isHidden, relationId });
    },
  });
  for await (const _ of reading);
  return { sheets, is1904 };
}

interface Relation {
  readonly id: string;
  /** The last word of it: transitional and strict workbooks differ in the rest. */
  readonly type: string;
  readonly part: string;
}

/** What a part refers to; the archive itself is the part without a name (ECMA-376 part 2, "Relationships"). */
async function readRelations(archive: Archive, part: string): Promise<Relation[]> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const name = `${folder}_rels/${part.slice(folder.length)}.rels`;
  const relations: Relation[] = [];
  const bytes = await archive.read(name, MAX_SMALL_PART_BYTES);
  const reading = readXml(bytes ?? none(), name, {
    open(element, { Id, Type, Target, TargetMode }) {
      if (element !== 'Relationship' || Target === undefined || TargetMode === 'External') return;
      const type = Type?.slice(Type.lastIndexOf('/') + 1) ?? '';
      relations.push({ id: Id ?? '', type, part: resolved(folder, Target) });
    },
  });
  for await (const _ of reading);
  return relations;
}

function resolved(folder: string, target: string): string {
  return target.startsWith('/') ? target.slice(1) : posix.normalize(folder + target);
}

async function* none(): AsyncGenerator<Buffer, void, undefined> {
  yield Buffer.from('<none/>');
}
