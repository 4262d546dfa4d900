import { closeSync, constants, fchmodSync, openSync, unlinkSync } from 'node:fs';
import { chmod, lstat, mkdir, open, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Missing on Windows, which has neither. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;

/** Opens nothing but the file itself: fails with `ELOOP` for a link, and does not wait for the writer of a pipe. */
export const READ_NO_LINK: number = constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
/** Fails with `ELOOP` for a link. */
export const APPEND_NO_LINK: number = constants.O_WRONLY | constants.O_APPEND | O_NOFOLLOW;

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Creates a file for its owner only, whatever the umask. An existing file is removed, not overwritten: it could be a link of
 * another user.
 */
export async function createPrivateFile(path: string): Promise<FileHandle> {
  await unlink(path).catch(unlessMissing);
  const file = await open(path, 'wx', FILE_MODE);
  try {
    await file.chmod(FILE_MODE);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** As `createPrivateFile`. @returns the file descriptor. */
export function createPrivateFileSync(path: string): number {
  try {
    unlinkSync(path);
  } catch (error) {
    unlessMissing(error);
  }
  const file = openSync(path, 'wx+', FILE_MODE);
  try {
    fchmodSync(file, FILE_MODE);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Replaces a file atomically, so that readers never see an incomplete one. */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  const file = await createPrivateFile(part);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  await rename(part, path);
}

/** Creates a folder for its owner only, whatever the umask. @throws `EEXIST`, also for a link. */
export async function createPrivateFolder(path: string): Promise<void> {
  await mkdir(path, { mode: FOLDER_MODE });
  await chmod(path, FOLDER_MODE);
}

/**
 * Creates a folder and those above it, as far as they are missing, for their owner only. A link to a folder will do.
 *
 * Node's own recursive mkdir never returns in a place such as /proc, where nothing can be created.
 */
export async function ensurePrivateFolder(path: string): Promise<void> {
  try {
    await createPrivateFolder(path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await ensurePrivateFolder(dirname(path));
    await createPrivateFolder(path).catch((again: unknown) => {
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
}

/** Forces the names in a folder to the disk: otherwise a power failure could lose a new file in it. */
export async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path, 'r');
    await folder.sync();
  } catch {
    // Some file systems cannot do that; they need not.
  } finally {
    await folder?.close();
  }
}

/** Whether a name is a link, which may lead nowhere. */
export async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}

function unlessMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
