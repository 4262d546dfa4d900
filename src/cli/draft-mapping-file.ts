import { writeFile } from 'node:fs/promises';

import { readCsv } from '../csv/read-csv.js';
import { openSource } from '../csv/source.js';
import { hasErrorCode, OktaImportError } from '../errors.js';
import { draftMapping } from '../mapping/draft-mapping.js';
import { canNameUserTypes } from '../jobs/compile-checks.js';
import { offlineMetadata, readOrgMetadata } from '../org/org-metadata.js';
import { Cancellation } from '../rows/cancellation.js';
import type { Org } from '../settings/load.js';
import type { RequestSettings } from '../settings/requests.js';

import type { OpenOrg } from '../jobs/job.js';
import { openOrg } from './connect.js';
import type { CommandContext } from './command-context.js';
import { messageOf } from '../text.js';

export interface MappingFlags {
  /** Path of the CSV, or `-`. */
  readonly file: string;
  /** Where the mapping goes; undefined for standard output. */
  readonly output: string | undefined;
  readonly encoding: string | undefined;
  readonly delimiter: string | undefined;
  readonly sheet: string | undefined;
  /** Undefined offline. */
  readonly org: Org | undefined;
  readonly requests: RequestSettings;
}

/** The mapping cannot be written where it should go. */
class MappingOutputError extends OktaImportError {
  override readonly code = 'ERR_MAPPING_OUTPUT';
}

/** `mapping <file>`: writes a first mapping file for a CSV. @returns the exit code. */
export async function draftMappingFile(flags: MappingFlags, surroundings: CommandContext): Promise<number> {
  const { stdout, terminal } = surroundings;
  const cancellation = new Cancellation();
  surroundings.onInterrupt((signal) => cancellation.abort({ kind: 'interrupted', signal }));
  const source = await openSource(flags.file, surroundings.stdin);
  let org: OpenOrg | undefined;
  try {
    const { header } = await readCsv(source.read(), flags);
    org = flags.org && (await openOrg(flags.org, flags.requests, surroundings));
    const { attributes, isOrgSchema, schemaFor } = org
      ? await readOrgMetadata(org.client, {
          withUserTypes: canNameUserTypes(header, undefined, undefined),
          signal: cancellation.signal,
          warn: (words) => terminal.warn(words),
        })
      : offlineMetadata;
    const mapping = draftMapping({
      header,
      known: { attributes: new Map(Object.entries(attributes)), isOrgSchema },
      required: schemaFor(undefined)?.required ?? [],
      fileName: flags.file,
    });
    if (flags.output === undefined) stdout.write(mapping);
    else {
      await writeNew(flags.output, mapping);
      terminal.info(`${flags.output} is a first mapping for ${source.name}: look it over.`);
    }
    return 0;
  } catch (error) {
    if (cancellation.reason?.kind !== 'interrupted') throw error;
    return cancellation.reason.signal === 'SIGINT' ? 130 : 143;
  } finally {
    await source.close();
    await org?.close();
  }
}

/** A mapping file may hold hours of somebody's work: none is written over. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const isThere = hasErrorCode(error, 'EEXIST');
    const why = isThere ? 'is there already' : `cannot be written (${messageOf(error)})`;
    throw new MappingOutputError(`${path} ${why}.`, {
      hint: 'Give another path with --output.',
      cause: error,
    });
  }
}
