import { createHash } from 'node:crypto';
import { readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { hasErrorCode, OktaImportError } from '../errors.js';
import { createPrivateFile, ensurePrivateFolder, syncFolder } from '../private-file.js';
import { messageOf, quoted } from '../text.js';

import { Dataset, type DatasetHeader, type Member } from './dataset.js';

/** Inside the reports folder. */
const FOLDER = 'datasets';
const EXTENSION = '.ndjson';
const FORMAT = 1;
const BEGINNING = '{"type":"dataset"';
const NOT_A_DATASET = 'it does not begin with the description of a data set';

/** The name would not make a file name on every system. */
export class DatasetNameError extends OktaImportError {
  override readonly code = 'ERR_DATASET_NAME';

  constructor(name: string) {
    super(`${quoted(name)} cannot be the name of a data set.`, {
      hint: 'Use 1 to 64 letters, digits, "-", "_" and ".", beginning with a letter or a digit.',
    });
  }
}

/** The state of a data set cannot be believed, or cannot be read or written. */
export class DatasetFileError extends OktaImportError {
  override readonly code = 'ERR_DATASET_FILE';
}

/** What to do about a state that is missing or damaged. */
export const REBUILD_HINT =
  'Restore the file from a backup, or run sync with --rebuild-state, which reads the org and the runs of the data set, and does not act on leavers.';

/** @throws {DatasetNameError} */
export function assertDatasetName(name: string): void {
  if (!/^[a-z\d][\w.-]{0,63}$/i.test(name) || name.endsWith('.')) throw new DatasetNameError(name);
}

/** The file with the state of a data set. @throws {DatasetNameError} */
export function datasetPath(reports: string, name: string): string {
  assertDatasetName(name);
  return join(reports, FOLDER, `${name}${EXTENSION}`);
}

/** Creates the folder of the file of a data set. @throws {DatasetFileError} */
export async function createDatasetFolder(path: string): Promise<void> {
  const folder = dirname(path);
  await ensurePrivateFolder(folder).catch((error: unknown) => {
    throw new DatasetFileError(`Cannot create the folder ${folder}: ${messageOf(error)}.`, {
      hint: 'Choose another folder with --reports, or change its permissions.',
      cause: error,
    });
  });
}

/** Names of the data sets of a reports folder, sorted. */
export async function datasetNames(reports: string): Promise<string[]> {
  const files = await readdir(join(reports, FOLDER)).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw new DatasetFileError(`Cannot list the data sets in ${reports}: ${messageOf(error)}.`, {
      hint: 'Check the permissions of the folder.',
      cause: error,
    });
  });
  return files
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .sort();
}

/**
 * Reads a data set.
 *
 * @returns undefined when there is no such file.
 * @throws {DatasetFileError} the file is damaged or incomplete: nothing in it is believed then.
 */
export async function readDataset(path: string): Promise<Dataset | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw new DatasetFileError(`Cannot read ${path}: ${messageOf(error)}.`, {
      hint: 'Check the permissions of the file.',
      cause: error,
    });
  });
  if (text === undefined) return undefined;
  if (text === '') throw damaged(path, 'it is empty');
  assertThisVersion(path, text);
  const endStart = text.lastIndexOf('\n', text.length - 2) + 1;
  const body = text.slice(0, endStart);
  const end = parseLine(text.slice(endStart));
  if (!hasType(end, 'end') || !text.endsWith('\n')) throw damaged(path, 'its end is missing');
  const [first = '', ...lines] = body.slice(0, -1).split('\n');
  if (text.slice(endStart) !== endLine(lines.length, body)) {
    throw damaged(path, 'its checksum does not match');
  }
  const header = parseLine(first);
  if (!hasType(header, 'dataset') || !isStored(header)) {
    throw damaged(path, NOT_A_DATASET);
  }
  const { type: _type, format: _format, hmacKey, attributes, ...rest } = header;
  // The checksum vouches for the lines: this program wrote them.
  const members = lines.map((line) => JSON.parse(line) as Member);
  return new Dataset(rest, { hmacKey: Buffer.from(hmacKey, 'base64url'), attributes, members });
}

/**
 * Replaces the file of a data set. A crash at any moment leaves either the old file or the new one.
 *
 * @throws {DatasetFileError}
 */
export async function writeDataset(path: string, dataset: Dataset): Promise<void> {
  const header: StoredHeader = {
    type: 'dataset',
    format: FORMAT,
    ...dataset.header,
    hmacKey: dataset.hmacKey.toString('base64url'),
    attributes: dataset.attributes,
  };
  const lines = [header, ...dataset.members()].map((line) => `${JSON.stringify(line)}\n`);
  const body = lines.join('');
  try {
    await ensurePrivateFolder(dirname(path));
    await replaceDurably(path, `${body}${endLine(dataset.size, body)}`);
  } catch (error) {
    throw new DatasetFileError(`Cannot write ${path}: ${messageOf(error)}.`, {
      hint: 'Free some disk space or correct the permissions, then run the same command again: nothing is done twice.',
      cause: error,
    });
  }
}

/** The last line: it vouches for all others. */
function endLine(members: number, body: string): string {
  return `${JSON.stringify({ type: 'end', members, sha256: sha256(body) })}\n`;
}

/** Another version may end its file in another way, so its format is looked at first. */
function assertThisVersion(path: string, text: string): void {
  if (!text.startsWith(BEGINNING)) throw damaged(path, NOT_A_DATASET);
  const first = parseLine(text.slice(0, Math.max(0, text.indexOf('\n'))));
  if (!hasType(first, 'dataset') || !('format' in first) || first.format === FORMAT) return;
  throw new DatasetFileError(`${path} was written by another version of okta-csv-import.`, {
    hint: `Use the newest version of okta-csv-import. ${REBUILD_HINT}`,
  });
}

/** As in the first line of the file. */
interface StoredHeader extends DatasetHeader {
  readonly type: 'dataset';
  readonly format: typeof FORMAT;
  /** Base64url. */
  readonly hmacKey: string;
  readonly attributes: readonly string[];
}

async function replaceDurably(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  const file = await createPrivateFile(part);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  await syncFolder(dirname(path));
}

function hasType(value: unknown, type: string): value is { readonly type: string } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === type;
}

function isStored(value: object): value is StoredHeader {
  const { format, hmacKey, attributes, name, org, match, columns, rows }: Partial<StoredHeader> = value;
  return (
    format === FORMAT &&
    [hmacKey, name, org, match].every((text) => typeof text === 'string') &&
    Array.isArray(attributes) &&
    Array.isArray(columns) &&
    typeof rows === 'number'
  );
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function damaged(path: string, how: string): DatasetFileError {
  return new DatasetFileError(`The state of the data set in ${path} is damaged: ${how}.`, {
    hint: REBUILD_HINT,
  });
}
