import { peekMore, type FileBytes } from './decompress.js';
import { NotCsvError } from './errors.js';

/** A file that starts like one of another program, with enough of it to tell: its bytes may arrive a few at a time. */
export async function withEnoughToRecognize(file: FileBytes): Promise<FileBytes> {
  const [start = 0] = file.first;
  const isSuspect = start === BRACE || start === COMMA || start < SPACE || start > LAST_ASCII;
  return isSuspect ? peekMore(file, RECOGNIZED_BYTES) : file;
}

const [BRACE, COMMA, SPACE] = ['{'.charCodeAt(0), ','.charCodeAt(0), ' '.charCodeAt(0)];
const LAST_ASCII = 0x7e;
const RECOGNIZED_BYTES = 512;
const OLE_CONTAINER = 'd0cf11e0a1b11ae1';
/** Longest name of a user in the lock file of Office. */
const NAME_BYTES = 54;

/** Rejects a file of another program that needs more than its very first bytes to be recognized. @throws {NotCsvError} */
export async function rejectForeignFiles(file: FileBytes): Promise<void> {
  const { first } = file;
  if (first.toString('hex', 0, 8) === OLE_CONTAINER) throw await describeContainer(file);
  const found = FOREIGN_FILES.find(({ matches }) => matches(first));
  if (found !== undefined) throw new NotCsvError(`This file is ${found.is}.`, { hint: found.hint });
}

/** Rejects a lock file by its name, which tells what the user meant. @throws {NotCsvError} */
export function rejectLockFile(name: string): void {
  const [, owned] = /^(?:~\$|\.~lock\.)(.+?)#?$/s.exec(name) ?? [];
  if (owned === undefined) return;
  throw new NotCsvError(`${name} is ${LOCK_FILE}.`, {
    hint: `Close the spreadsheet, and use the file itself, such as ${owned}.`,
  });
}

/** @param name - how the message names the document. */
export function appleDocumentError(name: string): NotCsvError {
  return new NotCsvError(`${name} is an Apple Numbers document, or another document of Apple iWork.`, {
    hint: 'Open it in Numbers, and choose File > Export To > Excel or CSV.',
  });
}

const LOCK_FILE = 'only the lock file of a workbook that is open in a spreadsheet program';

const FOREIGN_FILES: readonly {
  readonly matches: (first: Buffer) => boolean;
  readonly is: string;
  readonly hint: string;
}[] = [
  {
    matches: (first) =>
      /^\s*\{\s*"(?:url|doc_id|)"\s*:[^]*(?:"doc_id"|docs\.google\.com)/.test(textOf(first)),
    is: 'only a link to a Google Sheet (.gsheet), without its cells',
    hint: 'Open it in the browser, and choose File > Download > Microsoft Excel (.xlsx) or Comma-separated values (.csv).',
  },
  {
    matches: (first) => /^\[InternetShortcut\]/i.test(textOf(first)),
    is: 'only a shortcut to a web page, without its cells',
    hint: 'Open it in the browser, and download the sheet as .xlsx or CSV.',
  },
  {
    matches: (first) =>
      isExcelLock(first) || /^,[^\n]*,\d\d\.\d\d\.\d{4} \d\d:\d\d,.*;\s*$/.test(textOf(first)),
    is: LOCK_FILE,
    hint: 'Close the spreadsheet, and use the workbook itself: its name is the same without "~$" or ".~lock." at the start.',
  },
  {
    matches: (first) => first.toString('hex', 0, 4) === '00051607',
    is: 'only the metadata that macOS stores beside a file on other disks',
    hint: 'Use the file itself: its name is the same without "._" at the start.',
  },
  {
    matches: isEbcdic,
    is: 'EBCDIC text, as written by mainframes',
    hint: 'Export it as UTF-8, or convert it, for instance with: iconv -f IBM037 -t UTF-8 (or IBM273, IBM500, IBM1140).',
  },
];

/** In EBCDIC, letters and digits are above 0x80, and only line breaks and tabs are below the space, 0x40. */
function isEbcdic(first: Buffer): boolean {
  return (
    first.length > 16 &&
    first.every((byte) => byte >= 0x40 || EBCDIC_BREAKS.has(byte)) &&
    first.filter(isEbcdicLetter).length > 0.7 * first.length
  );
}

const EBCDIC_BREAKS: ReadonlySet<number> = new Set([0x05, 0x0d, 0x15, 0x25]);

function isEbcdicLetter(byte: number): boolean {
  return byte > 0x80 && byte < 0xfa && (byte & 0xf) < 0xa;
}

/**
 * The lock file of Office holds the name of the user twice: its length in one byte and then ANSI text padded with spaces, and its length
 * in two bytes and then UTF-16.
 */
function isExcelLock(first: Buffer): boolean {
  const length = first[0] ?? 0;
  if (length === 0 || length > NAME_BYTES || first.length <= NAME_BYTES + 2) return false;
  const isPadded = first
    .subarray(1 + length, 1 + NAME_BYTES - 1)
    .every((byte) => byte === 0x20 || byte === 0);
  // In Word's, the first name is a byte shorter.
  return isPadded && [NAME_BYTES, NAME_BYTES + 1].some((at) => first.readUInt16LE(at) === length);
}

/** What an OLE container is, by the names of its parts, which its directory holds in UTF-16. */
const CONTAINER_PARTS = [
  {
    name: 'EncryptedPackage',
    is: 'an Excel workbook with a password',
    hint: 'Open it in Excel, remove the password (File > Info > Protect Workbook > Encrypt with Password), save it, and import it again.',
  },
  { name: 'WordDocument', is: 'an old Word document (.doc)', hint: 'Copy its table to a spreadsheet.' },
  {
    name: 'Workbook',
    is: 'an old Excel workbook (.xls)',
    hint: 'Open it in Excel, and save it as .xlsx or CSV.',
  },
] as const;
/** The directory can be anywhere. */
const SCANNED_BYTES = 32 * 1024 * 1024;

async function describeContainer({ first, rest }: FileBytes): Promise<NotCsvError> {
  const wanted = CONTAINER_PARTS.map((part) => ({ ...part, bytes: Buffer.from(part.name, 'utf16le') }));
  const seen = new Set<string>();
  let scanned = 0;
  let tail: Buffer = first;
  for (;;) {
    for (const { name, bytes } of wanted) if (tail.includes(bytes)) seen.add(name);
    const { value: chunk } = await rest.next();
    if (chunk === undefined || scanned > SCANNED_BYTES) break;
    scanned += chunk.length;
    // A name may be cut by the end of a chunk.
    tail = Buffer.concat([tail.subarray(-OVERLAP_BYTES), chunk]);
  }
  const found = CONTAINER_PARTS.find(({ name }) => seen.has(name));
  return found === undefined
    ? new NotCsvError('This file is an old Excel workbook (.xls), or a workbook with a password.', {
        hint: 'Open it in a spreadsheet and save it as .xlsx without a password, or as CSV.',
      })
    : new NotCsvError(`This file is ${found.is}.`, { hint: found.hint });
}

const OVERLAP_BYTES = 64;

function textOf(first: Buffer): string {
  return first.toString('latin1').replace(/^\xef\xbb\xbf/, '');
}
