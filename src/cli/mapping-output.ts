import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';

import { hasErrorCode, OktaImportError } from '../errors.js';
import { inShell } from '../jobs/next-steps.js';
import { toArgs, type ImportOptions } from '../jobs/options.js';
import { messageOf, quoteForShell } from '../text.js';

/** The options that decide how a file is read. */
export const DIALECT_OPTIONS = ['encoding', 'delimiter', 'sheet', 'headerRow'] as const;

export interface MappedFile extends Pick<ImportOptions, (typeof DIALECT_OPTIONS)[number]> {
  /** As it was typed. */
  readonly file: string;
  /** Arguments that select the org; empty offline. */
  readonly orgArgs?: readonly string[] | undefined;
}

/** The command that checks a file with its mapping. @param mapping - undefined for one that is written to stdout. */
export function checkCommand(
  { file, orgArgs = [], ...dialect }: MappedFile,
  mapping: string | undefined,
): string {
  const command = inShell('validate', file, ...toArgs(dialect, DIALECT_OPTIONS), ...orgArgs, '--mapping');
  return `${command} ${mapping === undefined ? '<this file>' : quoteForShell(mapping)}`;
}

/** The mapping file cannot be written. */
class MappingOutputError extends OktaImportError {
  override readonly code = 'ERR_MAPPING_OUTPUT';
}

/** Writes a mapping file. Never overwrites a file: it may hold hours of work. @throws {MappingOutputError} */
export async function writeNewMapping(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const message = hasErrorCode(error, 'EEXIST')
      ? `${path} already exists.`
      : `Cannot write ${path}: ${messageOf(error)}.`;
    throw new MappingOutputError(message, { hint: 'Use another path with --output.', cause: error });
  }
}

/** A name for the mapping file of a file, in the current folder, that no file has: `people.yaml` for `people.csv`. */
export function unusedMappingName(file: string): string {
  const name = file === '-' ? 'mapping' : basename(file).replace(/\.gz$/i, '');
  const base = name.slice(0, name.length - extname(name).length) || name;
  for (let number = 1; ; number += 1) {
    const path = `${base}${number === 1 ? '' : `-${number}`}.yaml`;
    if (!existsSync(path)) return path;
  }
}
