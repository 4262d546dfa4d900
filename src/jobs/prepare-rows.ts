import type { OktaClient } from '../okta/client.js';
import {
  offlineMetadata,
  readFullOrgMetadata,
  readOrgMetadata,
  type OrgMetadata,
} from '../org/org-metadata.js';
import type { DetectedFormat } from '../csv/csv-table.js';
import { nameOf } from '../mapping/match-header.js';
import { FailureGroups } from '../report/failure-groups.js';
import { listOf, quoted } from '../text.js';
import { createRowMemory } from '../validation/row-memory.js';

import { canNameUserTypes, compileChecks, type Checks, type ChecksContext } from './compile-checks.js';
import type { Input } from './input.js';
import type { JobContext } from './job.js';
import { PeopleDirectory, PersonResolver } from './people-directory.js';

/** Of people with a dozen attributes, to know about how many rows a file has. */
const BYTES_PER_ROW = 100;

/** What must be known before the first row is processed. */
export interface PreparedRows {
  readonly metadata: OrgMetadata;
  readonly checks: Checks;
  /** Warnings about rows. */
  readonly warnings: FailureGroups;
}

export interface PrepareOptions extends Omit<ChecksContext, 'metadata' | 'onWarning' | 'input' | 'memory'> {
  readonly input: Pick<Input, 'isOpenEnded' | 'file' | 'read'>;
  /** Undefined offline. */
  readonly client: OktaClient | undefined;
  /** How to read the file, if cells can name people: it is read once more then. */
  readonly found?: DetectedFormat | undefined;
}

/** Reads the metadata of the org, and compiles the checks. @throws {ColumnsError} */
export async function prepareRows(prepare: PrepareOptions, context: JobContext): Promise<PreparedRows> {
  const metadata = await readMetadata(prepare, context);
  const warnings = new FailureGroups();
  const checks = compileChecks({
    ...prepare,
    metadata,
    memory: createRowMemory(Math.ceil(prepare.input.file.sizeBytes / BYTES_PER_ROW)),
    onWarning: (warning, { row, login }) => {
      const base = { row: row.row, line: row.line, login, attempts: 0, durationMs: 0 };
      const outcome = { ...base, status: 'invalid', problems: [warning] } as const;
      // In a file with secrets, a name may be one in the wrong column.
      const name = checks.secretColumns.size > 0 ? '' : checks.describer?.nameOf({ row, outcome });
      warnings.add(outcome, name);
      const { column, message } = warning;
      context.observer?.warning?.({ message, row: row.row, login, column });
    },
  });
  if (checks.namesPeople) await readPeople(prepare, checks, context);
  noticeLikelyColumns(checks, context);
  if (prepare.usesDates !== true) noticeUnusedDates(checks, context);
  return { metadata, checks, warnings };
}

/** Reads the people of the file, since rows can name people of later rows. */
async function readPeople(
  { input, client, found }: PrepareOptions,
  checks: Checks,
  { cancellation: { signal } }: JobContext,
): Promise<void> {
  if (input.isOpenEnded || found === undefined) {
    throw new TypeError('A mapping with person needs a file: records are read only once.');
  }
  const directory = new PeopleDirectory();
  const { batches } = await input.read({ found }, signal);
  for await (const batch of batches) for (const row of batch) directory.add(checks.mapRow(row));
  checks.usePeople(new PersonResolver(directory, client, signal));
}

/** Says how columns are read whose names alone do not tell. */
function noticeLikelyColumns({ recognized }: Checks, { observer }: JobContext): void {
  const likely = recognized.filter(({ confidence }) => confidence === 'likely');
  if (likely.length === 0) return;
  const shown = likely
    .slice(0, MAX_NOTICED)
    .map(({ column, path = '', reason }) => `${quoted(column)} as ${nameOf(path)} (${reason})`);
  const more = likely.length - shown.length;
  const columns = listOf(more > 0 ? [...shown, `${more} more`] : shown);
  observer?.notice?.(`Check how these columns are read: ${columns}. If that is wrong, use a mapping file.`);
}

const MAX_NOTICED = 10;

/** Dates do nothing in an import, unless a mapping file or an attribute of the org is for them. */
function noticeUnusedDates({ recognized }: Checks, { observer }: JobContext): void {
  const dates = recognized.filter(({ path }) => path === 'start' || path === 'end');
  if (dates.length === 0) return;
  const columns = listOf(dates.map(({ column }) => quoted(column)));
  const noun = dates.length === 1 ? 'Column' : 'Columns';
  observer?.notice?.(
    `${noun} ${columns} ${dates.length === 1 ? 'has a date' : 'have dates'} that an import uses only if a mapping file says so (start, end). To send ${dates.length === 1 ? 'it' : 'them'} to Okta, map ${dates.length === 1 ? 'it' : 'them'} to an attribute of the org.`,
  );
}

/** Reads what must be known about the org; without one, what Okta documents. */
export async function readMetadata(
  {
    header,
    input,
    options,
    mappingFile,
    client,
  }: Pick<PrepareOptions, 'header' | 'options' | 'mappingFile' | 'client'> & {
    readonly input: Pick<Input, 'isOpenEnded'>;
  },
  { cancellation, observer }: Pick<JobContext, 'cancellation' | 'observer'>,
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
