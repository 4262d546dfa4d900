import { readCsv } from '../csv/read-csv.js';
import { openSource, type Source } from '../csv/source.js';
import { OktaImportError } from '../errors.js';
import type { RunDescription } from '../journal/journal-line.js';
import type { PastRun } from '../journal/reader.js';
import { ColumnsError } from '../mapping/columns-error.js';
import { unescapeHeader } from '../mapping/generated-file.js';
import { compileMapping, type Mapping } from '../mapping/mapping.js';
import { toUserRequest } from '../mapping/user-request.js';
import { offlineMetadata } from '../org/org-metadata.js';
import { MAX_PAGE_ROWS } from '../report/html/page-rows.js';
import type { RowDescriber } from '../report/row-describer.js';
import { notAttempted } from '../rows/outcome.js';
import { lineLabelOf } from '../rows/place.js';
import type { Row } from '../rows/row.js';

import { foundEarlier } from './csv-options.js';
import { createRowDescriber } from './describe-rows.js';
import { withOwnLines } from './own-lines.js';
import { readMappingOf } from './read-mapping.js';

/** The file of a past run, read again. */
export interface PastInput {
  readonly header: readonly string[];
  readonly secretColumns: ReadonlySet<number>;
  /** Single use. */
  readonly batches: AsyncIterable<readonly Row[]>;
  /** Undefined when the columns cannot be read without the org. */
  readonly describer: RowDescriber | undefined;
  readonly loginOf: (row: Row) => string | undefined;
  close(): Promise<void>;
}

/**
 * Opens the file of a run once more, without the org.
 *
 * @returns a text when that is impossible: why.
 */
export async function openPastInput(description: RunDescription): Promise<PastInput | string> {
  const { file } = description;
  if (file.path === '') return `${file.name} cannot be read again`;
  if (file.secretColumns === undefined) {
    return 'the journal was written by an earlier version, which did not record which columns hold secrets';
  }
  let source: Source | undefined;
  try {
    const opened = await openSource(file.path, noBytes());
    source = opened;
    for await (const _ of source.read()) {
      // Read to its end, the file has a hash.
    }
    if (source.sha256 !== file.sha256) {
      await source.close();
      return `${file.path} is not the file that the run started with`;
    }
    const table = await readCsv(source.read(), { found: foundEarlier(description) });
    const secretColumns = new Set(file.secretColumns);
    const mapping = await mappingOf(table.header, description);
    const header = unescapeHeader(table.header);
    return {
      header,
      secretColumns,
      batches: withOwnLines(header, table.batches, lineLabelOf(file)),
      describer: mapping && createRowDescriber({ ...mapping, secretColumns }),
      loginOf: (row) => mapping && toUserRequest(row, mapping).login,
      close: () => opened.close(),
    };
  } catch (error) {
    await source?.close();
    if (error instanceof OktaImportError) return error.message;
    throw error;
  }
}

/**
 * Reads the names of people by row from the file of a past run, for its report page.
 *
 * @returns undefined when the file is not there any more. Holds at most as many names as the page has rows.
 */
export async function readNames(past: PastRun): Promise<ReadonlyMap<number, string> | undefined> {
  const input = await openPastInput(past.description);
  if (typeof input === 'string') return undefined;
  const { describer } = input;
  const names = new Map<number, string>();
  try {
    for await (const batch of describer === undefined ? [] : input.batches) {
      for (const row of batch) {
        const outcome = past.outcomeOf(row.row) ?? notAttempted(row, undefined, '');
        const name = describer?.nameOf({ row, outcome }) ?? '';
        if (name !== '') names.set(row.row, name);
      }
      if (names.size >= MAX_PAGE_ROWS) break;
    }
    return names;
  } catch (error) {
    if (error instanceof OktaImportError) return names;
    throw error;
  } finally {
    await input.close();
  }
}

/** The mapping of a run without the org. Columns that only its schema explains are ignored. */
async function mappingOf(
  header: readonly string[],
  description: Pick<RunDescription, 'mapping' | 'settings'>,
): Promise<Mapping | undefined> {
  try {
    const { ignoreColumns, groups, userType } = description.settings;
    const mappingFile = await readMappingOf(description);
    const defaults = { groups, type: userType };
    const compile = (ignored: readonly string[]): Mapping =>
      compileMapping(header, { ...offlineMetadata, mappingFile, ignoreColumns: ignored, defaults });
    const unknown = unknownColumns(() => compile(ignoreColumns));
    return compile([...ignoreColumns, ...unknown]);
  } catch (error) {
    if (error instanceof OktaImportError) return undefined;
    throw error;
  }
}

function unknownColumns(compile: () => Mapping): readonly string[] {
  try {
    compile();
    return [];
  } catch (error) {
    if (!(error instanceof ColumnsError)) throw error;
    return error.problems.flatMap(({ code, column }) =>
      code === 'column-unknown' && column !== undefined ? [column] : [],
    );
  }
}

async function* noBytes(): AsyncGenerator<Uint8Array, void> {}
