import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hasErrorCode, OktaImportError } from '../errors.js';
import { createPrivateFolder } from '../private-file.js';
import { messageOf } from '../text.js';

/** The folder of locks in the temporary folder cannot be trusted. */
export class LockFolderError extends OktaImportError {
  override readonly code = 'ERR_LOCK_FOLDER';

  constructor(path: string, problem: string, cause?: unknown) {
    super(`The folder of locks ${path} ${problem}.`, {
      hint: 'Delete it, or set TMPDIR to a temporary folder of your own.',
      cause,
    });
  }
}

/** Where locks are that processes with different reports folders share. */
export interface TemporaryFolder {
  readonly path: string;
  /** The user that this process runs as; undefined on Windows. */
  readonly uid: number | undefined;
}

/**
 * Paths of the locks of one file for one org. Both are taken: the one in the reports folder also works between processes
 * with different temporary folders (systemd's PrivateTmp), the other between different reports folders.
 *
 * @throws {LockFolderError}
 */
export async function importLockPaths(
  orgUrl: string,
  sha256: string,
  reports: string,
  temporary: TemporaryFolder = { path: tmpdir(), uid: process.getuid?.() },
): Promise<string[]> {
  const shared = join(temporary.path, `okta-csv-import-${temporary.uid ?? 'locks'}`);
  await ownFolder(shared, temporary.uid);
  const key = createHash('sha256').update(`${orgUrl}\n${sha256}`).digest('hex').slice(0, 32);
  return [join(reports, `.${key}.lock`), join(shared, `${key}.lock`)];
}

/** Everybody can create a folder of this name in the temporary folder. @throws {LockFolderError} somebody else did. */
async function ownFolder(path: string, uid: number | undefined): Promise<void> {
  try {
    await createPrivateFolder(path);
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) {
      throw new LockFolderError(path, `cannot be created: ${messageOf(error)}`, error);
    }
  }
  const stats = await lstat(path);
  if (!stats.isDirectory()) throw new LockFolderError(path, 'is a link or a file, not a folder');
  if (uid === undefined) return;
  if (stats.uid !== uid) throw new LockFolderError(path, `belongs to another user (${stats.uid})`);
  if ((stats.mode & 0o077) !== 0) throw new LockFolderError(path, 'can be changed or read by other users');
}
