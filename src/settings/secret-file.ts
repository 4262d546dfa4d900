import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { Secret } from '../secret.js';
import { messageOf } from '../text.js';

import { SettingsError } from './error.js';
import type { SettingChecks } from './setting-checks.js';

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
  for (const warning of await permissionWarnings(resolve(folder, path), path)) checks.addWarning(warning);
  return new Secret(text.trim());
}

/** @param subject - the beginning of the message when the file cannot be read. */
export async function readNamedFile(path: string, folder: string, subject: string): Promise<string> {
  return readFile(resolve(folder, path), 'utf8').catch((error: unknown) => {
    throw new SettingsError(`${subject} cannot be read (${codeOf(error)}).`, {
      hint: 'Correct the path, or give the user who runs this command permission to read the file.',
      cause: error,
    });
  });
}

/** Warns about a file that others can access. Windows has no such permission bits. */
export async function permissionWarnings(path: string, name: string): Promise<string[]> {
  if (process.platform === 'win32') return [];
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return [];
  const who = (mode & 0o007) === 0 ? 'its group' : 'everyone on this machine';
  return [`${name} contains a secret, but ${who} can access it. Run: chmod 600 ${name}`];
}

/** The code of a system error, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
}
