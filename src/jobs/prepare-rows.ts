import { readFile } from 'node:fs/promises';

import { UnreadableFileError } from '../csv/source.js';
import { parseMappingFile, type MappingFile } from '../mapping/mapping-file.js';
import { readPreset } from '../mapping/presets.js';
import type { OktaClient } from '../okta/client.js';
import {
  offlineMetadata,
  readFullOrgMetadata,
  readOrgMetadata,
  type OrgMetadata,
} from '../org/org-metadata.js';
import { FailureGroups } from '../report/failure-groups.js';
import { hasErrorCode } from '../errors.js';
import { messageOf } from '../text.js';

import { canNameUserTypes, compileChecks, type Checks, type ChecksContext } from './compile-checks.js';
import type { JobContext } from './job.js';

/** What must be known before the first row is processed. */
export interface PreparedRows {
  readonly metadata: OrgMetadata;
  readonly checks: Checks;
  /** Warnings about rows. */
  readonly warnings: FailureGroups;
}

export interface PrepareOptions extends Omit<ChecksContext, 'metadata' | 'onWarning'> {
  /** Undefined offline. */
  readonly client: OktaClient | undefined;
}

/** Reads the metadata of the org, and compiles the checks. @throws {ColumnsError} */
export async function prepareRows(prepare: PrepareOptions, context: JobContext): Promise<PreparedRows> {
  const metadata = await readMetadata(prepare, context);
  const warnings = new FailureGroups();
  const checks = compileChecks({
    ...prepare,
    metadata,
    onWarning: (warning, { row, login }) => {
      const base = { row: row.row, line: row.line, login, attempts: 0, durationMs: 0 };
      warnings.add({ ...base, status: 'invalid', problems: [warning] });
      const { column, message } = warning;
      context.observer?.warning?.({ message, row: row.row, login, column });
    },
  });
  return { metadata, checks, warnings };
}

async function readMetadata(
  { header, input, options, mappingFile, client }: PrepareOptions,
  { cancellation, observer }: JobContext,
): Promise<OrgMetadata> {
  if (client === undefined) return offlineMetadata;
  const request = {
    createsGroups: options.createGroups,
    signal: cancellation.signal,
    warn: (message: string) => observer?.warning?.({ message }),
  };
  const withUserTypes = canNameUserTypes(header, options.userType, mappingFile);
  // A later record may name a user type.
  if (input.isOpenEnded && !withUserTypes) return readFullOrgMetadata(client, request);
  return readOrgMetadata(client, { ...request, withUserTypes });
}

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
