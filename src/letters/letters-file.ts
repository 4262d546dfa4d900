import { constants } from 'node:fs';
import { lstat, open, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

import { hasErrorCode, OktaImportError } from '../errors.js';
import { createPrivateFile, READ_NO_LINK, syncFolder } from '../private-file.js';
import { messageOf } from '../text.js';

import { findLetters, type FoundLetters } from './find-letters.js';
import type { Letter } from './letter.js';

/** The file of links or letters cannot be used. */
export class LettersFileError extends OktaImportError {
  override readonly code = 'ERR_LETTERS_FILE';
}

/** How letters are written, one after the other. */
export interface LetterFormat {
  /** The beginning of a new file. */
  readonly head: string;
  /** @returns text that ends with what `parse` recognizes as the end of a letter. */
  format(letter: Letter): string;
  /** The first line of a file of this format, with its line break. Any other file is left alone. */
  readonly firstLine: string;
  /** Reads a file that an earlier process wrote, or began to write. */
  createReader(): LetterReader;
}

/**
 * Gets the lines of a file in order, each with its line feed.
 *
 * @returns undefined inside of the head or of a letter; at the end of a letter, the Okta ID of its person; at the end of the head, nothing.
 */
export type LetterReader = (line: string) => { readonly oktaId?: string } | undefined;

/**
 * A file of one-time links, for its owner only. A letter is on the disk when `add` resolves, so that a kill loses no link: a
 * letter that was cut off is removed when the file is opened again, and its link is issued once more.
 */
export class LettersFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #format: LetterFormat;
  readonly #ids: Set<string>;
  /** Length of the complete letters. */
  #bytes: number;
  /** One write at a time: a torn one can only be the last. */
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;
  /** Whether this process has created the file. */
  readonly #isNew: boolean;

  private constructor(
    path: string,
    file: FileHandle,
    format: LetterFormat,
    {
      ids,
      bytes,
      isNew = false,
    }: { readonly ids: Set<string>; readonly bytes: number; readonly isNew?: boolean },
  ) {
    this.#path = path;
    this.#file = file;
    this.#format = format;
    this.#ids = ids;
    this.#bytes = bytes;
    this.#isNew = isNew;
  }

  /** The Okta IDs of the people in a file, which is left as it is; none if there is no such file. @throws {LettersFileError} */
  static async idsIn(path: string, format: LetterFormat): Promise<ReadonlySet<string>> {
    let file: FileHandle | undefined;
    try {
      file = await openExisting(path, READ_NO_LINK);
      return (file && (await lettersIn(file, path, format)))?.ids ?? new Set();
    } catch (error) {
      throw error instanceof LettersFileError ? error : unwritable(path, error);
    } finally {
      await file?.close();
    }
  }

  /** Creates the file, or continues it. @throws {LettersFileError} */
  static async open(path: string, format: LetterFormat): Promise<LettersFile> {
    try {
      return (await LettersFile.#reopen(path, format)) ?? (await LettersFile.#create(path, format));
    } catch (error) {
      throw error instanceof LettersFileError ? error : unwritable(path, error);
    }
  }

  static async #create(path: string, format: LetterFormat): Promise<LettersFile> {
    const file = await createPrivateFile(path);
    try {
      const bytes = await begin(file, format);
      await syncFolder(dirname(path));
      return new LettersFile(path, file, format, { ids: new Set(), bytes, isNew: true });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** @returns undefined when there is no such file. */
  static async #reopen(path: string, format: LetterFormat): Promise<LettersFile | undefined> {
    const flags = constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
    const file = await openExisting(path, flags);
    if (file === undefined) return undefined;
    try {
      const found = await lettersIn(file, path, format);
      await file.chmod(0o600);
      await file.truncate(found?.bytes ?? 0);
      return new LettersFile(
        path,
        file,
        format,
        found ?? { ids: new Set(), bytes: await begin(file, format) },
      );
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Whether a person has a letter, by Okta ID. */
  has(oktaId: string): boolean {
    return this.#ids.has(oktaId);
  }

  /** Whether there was no such file before. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** Number of people in the file. */
  get size(): number {
    return this.#ids.size;
  }

  /** @throws {LettersFileError} the letter is not in the file, and neither is any after it. */
  add(letter: Letter): Promise<void> {
    const writing = this.#writing.then(async () => {
      if (this.#failure !== undefined) throw this.#failure;
      try {
        const bytes = Buffer.from(this.#format.format(letter));
        await this.#file.appendFile(bytes);
        await this.#file.datasync();
        await this.#assertInPlace();
        this.#bytes += bytes.length;
        this.#ids.add(letter.oktaId);
      } catch (error) {
        this.#failure = error;
        // Should that fail as well, the torn letter is removed when the file is opened again.
        await this.#file.truncate(this.#bytes).catch(() => {});
        throw error;
      }
    });
    this.#writing = writing.catch(() => {});
    return writing.catch((error: unknown) => {
      throw unwritable(this.#path, error);
    });
  }

  /** Somebody may have deleted the file, or saved another one in its place: what is written then is lost. */
  async #assertInPlace(): Promise<void> {
    const [own, there] = await Promise.all([this.#file.stat(), lstat(this.#path)]);
    if (own.ino === there.ino && own.dev === there.dev) return;
    throw new Error('another file was put in its place');
  }

  /** A file that was created for nothing is removed. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
    if (this.#isNew && this.#ids.size === 0) await unlink(this.#path).catch(() => {});
  }
}

/** @returns undefined when there is no such file. */
async function openExisting(path: string, flags: number): Promise<FileHandle | undefined> {
  return open(path, flags).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  });
}

/**
 * @returns undefined when the file was created, and the process ended before the first letter.
 * @throws {LettersFileError} it is not a file of this format, or another user's.
 */
async function lettersIn(
  file: FileHandle,
  path: string,
  format: LetterFormat,
): Promise<FoundLetters | undefined> {
  const stats = await file.stat();
  if (!stats.isFile()) throw foreign(path);
  // Its owner could read it, whatever its mode. Windows has no user IDs.
  const isOthers = process.getuid !== undefined && stats.uid !== process.getuid();
  if (isOthers) throw othersFile(path);
  if (await isBegun(file, stats.size, format)) return undefined;
  const found = await findLetters(file, format);
  if (found === undefined) throw foreign(path);
  return found;
}

/** Whether the file contains only the head, or part of it. */
async function isBegun(file: FileHandle, size: number, { head }: LetterFormat): Promise<boolean> {
  const whole = Buffer.from(head);
  if (size > whole.length) return false;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(whole.length), 0, whole.length, 0);
  return whole.subarray(0, bytesRead).equals(buffer.subarray(0, bytesRead));
}

/** @returns the length of the head. */
async function begin(file: FileHandle, { head }: LetterFormat): Promise<number> {
  await file.appendFile(head);
  await file.datasync();
  return Buffer.byteLength(head);
}

function foreign(path: string): LettersFileError {
  return new LettersFileError(`${path} exists and was not written by --links.`, {
    hint: 'Name another file, so that nothing in this one is lost.',
  });
}

function othersFile(path: string): LettersFileError {
  return new LettersFileError(`${path} belongs to another user, who could read what is written to it.`, {
    hint: 'Name another file, in a folder of your own.',
  });
}

function unwritable(path: string, cause: unknown): LettersFileError {
  return new LettersFileError(`Cannot write the links to ${path}: ${messageOf(cause)}.`, {
    hint: 'Free some disk space or correct the permissions. Then run activate again, or resume the import or sync: what was issued and not written is issued again.',
    cause,
  });
}
