import { createHash, randomUUID } from 'node:crypto';
import { open, readdir, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

import { OktaImportError } from '../errors.js';
import { messageOf } from '../text.js';

import { appleDocumentError, rejectLockFile } from './foreign-files.js';

/** The file cannot be read. */
export class UnreadableFileError extends OktaImportError {
  override readonly code = 'ERR_FILE_UNREADABLE';

  constructor(path: string, what: string, hint: string, cause?: unknown) {
    super(`${path} ${what}.`, { hint, cause });
  }
}

/** The file's content is not what was read before. */
export class FileChangedError extends OktaImportError {
  override readonly code = 'ERR_FILE_CHANGED';

  constructor(name: string) {
    super(`${name} changed while it was being read.`, {
      hint: 'Wait until the file is complete, then import it again. To replace a file safely, write another one and rename it.',
    });
  }
}

/** A file that can be read more than once: every reading yields the same bytes or fails. */
export interface Source {
  /** For messages: the file name without its folder, or `standard input`. */
  readonly name: string;
  /** Absolute; empty for standard input. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Hexadecimal; undefined until the source was read to its end. */
  readonly sha256: string | undefined;
  /** Bytes read so far by the current reading, for progress. */
  readonly readBytes: number;
  /**
   * Reads from the start. One reading at a time.
   *
   * @throws {FileChangedError} as soon as the file's size, modification time or content differs from before.
   */
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

const CHUNK_BYTES = 64 * 1024;

/**
 * Opens a file once, so that renaming or deleting it meanwhile does not matter.
 *
 * @param path - `-` is standard input. Standard input and pipes can be read only once, so they are copied to an unnamed temporary file.
 * @throws {UnreadableFileError | NotCsvError}
 */
export async function openSource(
  path: string,
  stdin: AsyncIterable<Uint8Array>,
  signal?: AbortSignal | undefined,
): Promise<Source> {
  if (path === '-') return createSource(await spoolToTempFile(stdin, signal), 'standard input', '');
  rejectLockFile(basename(path));
  const file = await openFile(path);
  if ((await file.stat()).isFile()) return createSource(file, basename(path), resolve(path));
  // A pipe, such as a shell's <(command).
  const piped = await spoolToTempFile(file.createReadStream({ autoClose: false }), signal);
  await file.close();
  return createSource(piped, basename(path), '');
}

async function createSource(file: FileHandle, name: string, path: string): Promise<Source> {
  const before = await file.stat();
  let sha256: string | undefined;
  let readBytes = 0;

  async function readChunk(position: number): Promise<Buffer> {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    const now = await file.stat();
    if (now.size !== before.size || now.mtimeMs !== before.mtimeMs) throw new FileChangedError(name);
    return chunk.subarray(0, bytesRead);
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    // Another reading may go on at the same time.
    let position = 0;
    let next = readChunk(position);
    try {
      for (;;) {
        const chunk = await next;
        if (chunk.length === 0) break;
        position += chunk.length;
        readBytes = position;
        // The next chunk is read while this one is processed.
        next = readChunk(position);
        next.catch(() => {});
        hash.update(chunk);
        yield chunk;
      }
    } finally {
      // The consumer may have stopped reading; it closes the file.
      await next.catch(() => {});
    }
    const digest = hash.digest('hex');
    if (sha256 !== undefined && sha256 !== digest) throw new FileChangedError(name);
    sha256 = digest;
  }

  return {
    name,
    path,
    sizeBytes: before.size,
    get sha256() {
      return sha256;
    },
    get readBytes() {
      return readBytes;
    },
    read,
    close: () => file.close(),
  };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    const stats = await file.stat();
    if (!stats.isDirectory()) return file;
    await file.close();
    if (await isAppleDocument(path)) throw appleDocumentError(path);
    throw new UnreadableFileError(path, 'is a folder, not a file', 'Name a CSV file.');
  } catch (error) {
    switch (error instanceof Error && 'code' in error ? error.code : undefined) {
      case 'ENOENT':
        throw new UnreadableFileError(path, 'does not exist', 'Check the spelling and the folder.', error);
      case 'EACCES':
      case 'EPERM':
        throw new UnreadableFileError(
          path,
          'cannot be read: permission denied',
          'Grant this user read permission.',
          error,
        );
      default:
        if (error instanceof OktaImportError) throw error;
        throw new UnreadableFileError(
          path,
          `cannot be opened (${messageOf(error)})`,
          'Check the path.',
          error,
        );
    }
  }
}

/** iWork can store a document as a folder, which macOS shows as a file. */
async function isAppleDocument(path: string): Promise<boolean> {
  const names = await readdir(path);
  return (
    names.some((name) => /^index(?:\.zip|\.apxl|)$/i.test(name)) && /\.(?:numbers|key|pages)$/i.test(path)
  );
}

/** Copies input that can be read only once to a temporary file that no other user can open. */
async function spoolToTempFile(
  input: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<FileHandle> {
  const path = join(tmpdir(), `okta-csv-import-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  // Without a name, the system frees the file however the process ends. Windows cannot delete open files.
  await unlink(path).catch(() => {});
  // The writer may be slow: an interrupt must not wait for it.
  const onAbort = (): void => {
    if ('destroy' in input && typeof input.destroy === 'function') input.destroy();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const chunk of input) await file.appendFile(chunk);
    signal?.throwIfAborted();
    return file;
  } catch (error) {
    await file.close();
    signal?.throwIfAborted();
    throw new UnreadableFileError(
      'standard input',
      `could not be read completely (${messageOf(error)})`,
      'Check the program that writes it, and the free space in the temporary folder.',
      error,
    );
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
