import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { Secret } from '../secret.js';
import { messageOf, quoteForShell } from '../text.js';

import { SettingsError } from './error.js';
import type { SettingChecks } from './setting-checks.js';

/** Far more than a key or an environment file needs. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads a file that contains nothing but a secret, such as a key. Warns when others can access it.
 *
 * @param from - the setting that names the file.
 * @throws {SettingsError} the file cannot be read.
 */
export async function readSecretFile(
  path: string,
  {
    from,
    folder,
    checks,
  }: { readonly from: string; readonly folder: string; readonly checks: SettingChecks },
): Promise<Secret> {
  const text = await readNamedFile(path, folder, `${from} names the file ${path}, which`);
  for (const warning of await permissionWarnings(resolve(folder, path))) checks.addWarning(warning);
  return new Secret(text.trim());
}

/** @param subject - the beginning of the message when the file cannot be read. */
export async function readNamedFile(path: string, folder: string, subject: string): Promise<string> {
  try {
    return await readRegularFile(resolve(folder, path), subject);
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    throw new SettingsError(`${subject} cannot be read (${codeOf(error)}).`, {
      hint: 'Correct the path, or give the user who runs this command permission to read the file.',
      cause: error,
    });
  }
}

/**
 * Refuses pipes and devices: they may never end, and opening a pipe may never return.
 *
 * @param subject - the beginning of the message.
 * @throws {SettingsError} and errors of the file system.
 */
export async function readRegularFile(path: string, subject: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await file.stat();
    if (!stats.isFile() && !stats.isDirectory()) {
      throw new SettingsError(`${subject} is a pipe or a device, not a file.`, {
        hint: 'Name a regular file.',
      });
    }
    if (stats.size > MAX_BYTES) {
      throw new SettingsError(`${subject} is too large (${stats.size} bytes).`, {
        hint: 'Correct the path: such a file has at most 1 MB.',
      });
    }
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/**
 * Warns about a file that others can access. Windows has no such permission bits.
 *
 * @param path - absolute, because a scheduled job mails the warning to a reader elsewhere.
 */
export async function permissionWarnings(path: string): Promise<string[]> {
  if (process.platform === 'win32') return [];
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return [];
  const who = (mode & 0o007) === 0 ? 'its group' : 'everyone on this machine';
  return [`${path} contains a secret, but ${who} can access it. Run: chmod 600 ${quoteForShell(path)}`];
}

/** The code of a system error, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
}
