import { openSource } from '../csv/source.js';
import { draftMapping } from '../mapping/draft-mapping.js';
import { canNameUserTypes } from '../jobs/compile-checks.js';
import { toCsvOptions } from '../jobs/csv-options.js';
import type { ImportOptions } from '../jobs/options.js';
import { offlineMetadata, readOrgMetadata } from '../org/org-metadata.js';
import { exitCodeOf } from '../rows/exit-code.js';
import type { Org } from '../settings/load.js';
import type { RequestSettings } from '../settings/requests.js';

import type { OpenOrg } from '../jobs/job.js';
import { openOrg } from './connect.js';
import type { CommandContext } from './command-context.js';
import { toDialectOptions } from './flag-values.js';
import { cancelOnInterrupt } from './interrupt.js';
import { checkCommand, writeNewMapping } from './mapping-output.js';
import { readHead } from './read-head.js';

export interface MappingFlags extends Pick<ImportOptions, 'encoding' | 'delimiter' | 'sheet' | 'headerRow'> {
  /** Path of the CSV, or `-`. */
  readonly file: string;
  /** File to write; undefined for stdout. */
  readonly output: string | undefined;
  /** Undefined offline. */
  readonly org: Org | undefined;
  /** Arguments that select the org, for the next command; empty offline. */
  readonly orgArgs: readonly string[];
  readonly requests: RequestSettings;
}

/** Drafts a mapping file for a CSV file. @returns the exit code. */
export async function draftMappingFile(flags: MappingFlags, context: CommandContext): Promise<number> {
  const { stdout, terminal } = context;
  const cancellation = cancelOnInterrupt(context);
  const source = await openSource(flags.file, context.stdin);
  let org: OpenOrg | undefined;
  try {
    const { header, samples } = await readHead(source, toCsvOptions(toDialectOptions(flags)));
    org = flags.org && (await openOrg(flags.org, flags.requests, context));
    const { attributes, isOrgSchema, schemaFor } = org
      ? await readOrgMetadata(org.client, {
          withUserTypes: canNameUserTypes(header, undefined, undefined),
          signal: cancellation.signal,
          warn: (message) => terminal.warn(message),
        })
      : offlineMetadata;
    const command = checkCommand(flags, flags.output);
    const mapping = draftMapping({
      header,
      samples,
      known: { attributes: new Map(Object.entries(attributes)), isOrgSchema },
      required: schemaFor(undefined)?.required ?? [],
      fileName: flags.file,
      checkCommand: command,
    });
    if (flags.output === undefined) stdout.write(mapping);
    else {
      await writeNewMapping(flags.output, mapping);
      terminal.info(
        `Wrote a mapping for ${source.name} to ${flags.output}. Review it, then check the file with it:\n  ${command}`,
      );
    }
    return 0;
  } catch (error) {
    if (cancellation.reason === undefined) throw error;
    return exitCodeOf(cancellation.reason);
  } finally {
    await source.close();
    await org?.close();
  }
}
