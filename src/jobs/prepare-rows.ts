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

import { canNameUserTypes, compileChecks, type Checks } from './compile-checks.js';
import type { ResolvedOptions } from './options.js';
import type { RunObserver } from './run-observer.js';

/** Everything that must be known before the first row is processed. */
export interface PreparedRows {
  readonly metadata: OrgMetadata;
  readonly checks: Checks;
  /** What was odd about rows, and blocked none. */
  readonly warnings: FailureGroups;
}

export interface PrepareOptions {
  readonly header: readonly string[];
  /** Whether later records may bring columns of their own. */
  readonly isOpenEnded: boolean;
  readonly options: ResolvedOptions;
  readonly mappingFile: MappingFile | undefined;
  /** Undefined offline. */
  readonly client: OktaClient | undefined;
  readonly signal: AbortSignal;
  readonly observer: RunObserver | undefined;
}

/** Reads what must be known of the org, and compiles the checks. @throws {ColumnsError} */
export async function prepareRows(prepare: PrepareOptions): Promise<PreparedRows> {
  const { header, isOpenEnded, options, mappingFile, observer } = prepare;
  const metadata = await readMetadata(prepare);
  const warnings = new FailureGroups();
  const checks = compileChecks(
    header,
    { isOpenEnded },
    {
      options,
      mappingFile,
      metadata,
      onWarning: (warning, { row, login }) => {
        const base = { row: row.row, line: row.line, login, attempts: 0, durationMs: 0 };
        warnings.add({ ...base, status: 'invalid', problems: [warning] });
        const { column, message } = warning;
        observer?.warning?.({ message, row: row.row, login, column });
      },
    },
  );
  return { metadata, checks, warnings };
}

async function readMetadata(prepare: PrepareOptions): Promise<OrgMetadata> {
  const { header, isOpenEnded, options, mappingFile, client, signal, observer } = prepare;
  if (client === undefined) return offlineMetadata;
  const request = {
    createsGroups: options.createGroups,
    signal,
    warn: (message: string) => observer?.warning?.({ message }),
  };
  const withUserTypes = canNameUserTypes(header, options.userType, mappingFile);
  // A later record may name a user type.
  if (isOpenEnded && !withUserTypes) return readFullOrgMetadata(client, request);
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
