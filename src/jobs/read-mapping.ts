import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { UnreadableFileError } from '../csv/source.js';
import { hasErrorCode, OktaImportError } from '../errors.js';
import type { RunDescription } from '../journal/journal-line.js';
import { parseMappingFile, type MappingFile } from '../mapping/mapping-file.js';
import { readPreset } from '../mapping/presets.js';
import { messageOf } from '../text.js';

const PRESET = 'preset:';

/** @throws {MappingFileError | UnreadableFileError | UnknownPresetError} */
export async function readMapping(
  mapping: string | MappingFile | undefined,
): Promise<MappingFile | undefined> {
  if (typeof mapping !== 'string') return mapping;
  if (mapping.startsWith(PRESET)) return readPreset(mapping.slice(PRESET.length));
  try {
    return parseMappingFile(await readFile(mapping, 'utf8'), mapping);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) {
      throw new UnreadableFileError(mapping, 'does not exist', 'Check the spelling and the folder.', error);
    }
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new UnreadableFileError(
      mapping,
      `cannot be read (${messageOf(error)})`,
      'Give a mapping file with --mapping.',
      error,
    );
  }
}

/** What the journal keeps of a mapping file, so that a resumed run maps its rows as it did before. */
export function describeMapping(mappingFile: MappingFile | undefined): RunDescription['mapping'] {
  const content = mappingFile?.text;
  return content === undefined ? undefined : { sha256: sha256Of(content), content };
}

/**
 * The mapping with which a run started, wherever its file is now.
 *
 * @throws {MappingFileError | UnreadableFileError | UnknownPresetError} the journal is older and does not have it.
 */
export async function readMappingOf({
  mapping: kept,
  settings: { mapping },
}: Pick<RunDescription, 'mapping' | 'settings'>): Promise<MappingFile | undefined> {
  return kept === undefined ? readMapping(mapping) : parseMappingFile(kept.content, mapping ?? 'the mapping');
}

/** Whether the mapping file is no longer as it was when the run started; false when it cannot be read. */
export async function hasMappingChanged({
  mapping: kept,
  settings: { mapping },
}: Pick<RunDescription, 'mapping' | 'settings'>): Promise<boolean> {
  if (kept === undefined || mapping === undefined) return false;
  try {
    const text = mapping.startsWith(PRESET)
      ? readPreset(mapping.slice(PRESET.length)).text
      : await readFile(mapping, 'utf8');
    return text !== undefined && sha256Of(text) !== kept.sha256;
  } catch (error) {
    // The copy is enough.
    if (error instanceof OktaImportError || (error instanceof Error && 'syscall' in error)) return false;
    throw error;
  }
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
