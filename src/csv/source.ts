import { createHash, randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

import { OktaImportError } from '../errors.js';
import { messageOf } from '../text.js';

/** The file cannot be read at all. */
export class UnreadableFileError extends OktaImportError {
  override readonly code = 'ERR_FILE_UNREADABLE';

  constructor(path: string, what: string, hint: string, cause?: unknown) {
    super(`${path} ${what}.`, { hint, cause });
  }
}

/** The file's bytes are not those that were read before. */
export class FileChangedError extends OktaImportError {
  override readonly code = 'ERR_FILE_CHANGED';

  constructor(name: string) {
    super(`${name} changed while it was being read.`, {
      hint: 'Let the program that writes the file finish (write elsewhere and rename), then import it again.',
    });
  }
}

/** The bytes of a file, to be read more than once: the same bytes every time, or an error. */
export interface Source {
  /** For people: the file's name without its folder, or `standard input`. */
  readonly name: string;
  /** Absolute; empty for standard input. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Hexadecimal; known once the source was read to its end. */
  readonly sha256: string | undefined;
  /** Bytes handed out by the current reading, for progress. */
  readonly readBytes: number;
  /**
   * Reads from the start. One reading at a time.
   *
   * @throws {FileChangedError} as soon as the file's size, time or content is seen not to be what it was.
   */
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

const CHUNK_BYTES = 64 * 1024;

/**
 * Opens a file once, so that a rename or removal under way does not matter.
 *
 * @param path - `-` stands for standard input. What can be read only once, it or a pipe, is kept in a nameless
 * temporary file while the run lasts.
 * @throws {UnreadableFileError}
 */
export async function openSource(
  path: string,
  stdin: AsyncIterable<Uint8Array>,
  signal?: AbortSignal | undefined,
): Promise<Source> {
  if (path === '-') return createSource(await spoolToTempFile(stdin, signal), 'standard input', '');
  const file = await opened(path);
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

  async function* read(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    readBytes = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await file.read(chunk, 0, chunk.length, readBytes);
      const now = await file.stat();
      if (now.size !== before.size || now.mtimeMs !== before.mtimeMs) throw new FileChangedError(name);
      if (bytesRead === 0) break;
      readBytes += bytesRead;
      const bytes = chunk.subarray(0, bytesRead);
      hash.update(bytes);
      yield bytes;
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

async function opened(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    const stats = await file.stat();
    if (!stats.isDirectory()) return file;
    await file.close();
    throw new UnreadableFileError(path, 'is a folder, not a file', 'Name a CSV file.');
  } catch (error) {
    switch (error instanceof Error && 'code' in error ? error.code : undefined) {
      case 'ENOENT':
        throw new UnreadableFileError(path, 'does not exist', 'Check the spelling and the folder.', error);
      case 'EACCES':
      case 'EPERM':
        throw new UnreadableFileError(path, 'may not be read by this user', 'Change its permissions.', error);
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

/** Standard input can be read only once, and a run reads its file twice: it goes into a file that nobody else can open. */
async function spoolToTempFile(
  stdin: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<FileHandle> {
  const path = join(tmpdir(), `okta-csv-import-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  // Without a name the system frees it when the process ends, however it ends. Windows keeps names of open files.
  await unlink(path).catch(() => {});
  // Whoever writes to us may take its time: an interrupt does not wait for it.
  const onAbort = (): void => {
    if ('destroy' in stdin && typeof stdin.destroy === 'function') stdin.destroy();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const chunk of stdin) await file.appendFile(chunk);
    signal?.throwIfAborted();
    return file;
  } catch (error) {
    await file.close();
    signal?.throwIfAborted();
    throw new UnreadableFileError(
      'standard input',
      `could not be read to its end (${messageOf(error)})`,
      'Check the program that writes it and the room in the temporary folder.',
      error,
    );
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
