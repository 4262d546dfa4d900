import type { OktaClient } from '../okta/client.js';
import type { ProfileValue, User } from '../okta/types.js';
import { offlineMetadata, readFullOrgMetadata } from '../org/org-metadata.js';
import { csvLine } from '../report/csv-writer.js';
import { tableLines } from './table.js';
import { exitCodeFor, Cancellation } from '../rows/cancellation.js';
import type { Org } from '../settings/load.js';
import type { RequestSettings } from '../settings/requests.js';

import { writeAll } from './write-to-stream.js';
import {
  areFields,
  importableColumns,
  listColumns,
  type KnownColumns,
  type ListColumn,
} from './list-columns.js';
import { openOrg } from './connect.js';
import type { CommandContext } from './command-context.js';

export type ListFormat = 'table' | 'csv' | 'json' | 'ndjson';

export interface ListFlags {
  readonly q: string | undefined;
  readonly search: string | undefined;
  readonly filter: string | undefined;
  /** Most users to list. */
  readonly limit: number | undefined;
  readonly format: ListFormat;
  /** Names, in order; undefined for those that the format has by default. */
  readonly columns: readonly string[] | undefined;
  readonly org: Org;
  readonly requests: RequestSettings;
}

const PAGE_SIZE = 200;

/**
 * `list`: users of the org, written as their pages arrive. A page is asked for when the one before it has been read; however
 * many users there are, one page of them is in memory.
 *
 * @returns the exit code.
 */
export async function listUsers(flags: ListFlags, surroundings: CommandContext): Promise<number> {
  const { stdout, terminal } = surroundings;
  const org = await openOrg(flags.org, flags.requests, surroundings);
  const cancellation = new Cancellation();
  surroundings.onInterrupt((signal) => cancellation.abort({ kind: 'interrupted', signal }));
  try {
    const columns = await columnsOf(flags, org.client, {
      signal: cancellation.signal,
      warn: (words) => terminal.warn(words),
    });
    const { q, search, filter, limit = Number.POSITIVE_INFINITY } = flags;
    const query = { q, search, filter, pageSize: Math.min(limit, PAGE_SIZE) };
    const listed = { count: 0 };
    const users = first(org.client.listUsers(query, { signal: cancellation.signal }), limit, listed);
    const isRead = await writeAll(FORMATS[flags.format](users, columns), stdout, cancellation.signal);
    // Okta answers q with one page, and does not say whether there are more (Users, "List all users").
    if (isRead && q !== undefined && listed.count === PAGE_SIZE && limit > PAGE_SIZE) {
      terminal.warn(`Okta lists at most ${PAGE_SIZE} for -q; there may be more: use --search.`);
    }
    return cancellation.reason === undefined ? 0 : exitCodeFor(cancellation.reason);
  } finally {
    await org.close();
  }
}

const TABLE_COLUMNS = ['id', 'status', 'login', 'firstName', 'lastName'];

/** Undefined for whole users. Asks the org for its attributes only when a column may be one of them. */
async function columnsOf(
  { format, columns: names }: ListFlags,
  client: OktaClient,
  options: { signal: AbortSignal; warn: (words: string) => void },
): Promise<readonly ListColumn[] | undefined> {
  if (names === undefined && (format === 'json' || format === 'ndjson')) return undefined;
  if (names === undefined && format === 'table') {
    return listColumns(TABLE_COLUMNS, { ...offlineMetadata, userTypes: [] });
  }
  const isKnown = names !== undefined && areFields(names);
  const { attributes, isOrgSchema, groupResolver } = isKnown
    ? offlineMetadata
    : await readFullOrgMetadata(client, options);
  const known: KnownColumns = { attributes, isOrgSchema, userTypes: groupResolver?.userTypes ?? [] };
  return listColumns(names ?? importableColumns(known), known);
}

/** @param listed - is kept up to date. */
async function* first(
  users: AsyncIterable<User>,
  limit: number,
  listed: { count: number },
): AsyncGenerator<User> {
  for await (const user of users) {
    listed.count += 1;
    yield user;
    if (listed.count >= limit) return;
  }
}

/** The text of a list, piece by piece. */
type Format = (
  users: AsyncIterable<User>,
  columns: readonly ListColumn[] | undefined,
) => AsyncGenerator<string>;

const FORMATS: Record<ListFormat, Format> = {
  async *ndjson(users, columns) {
    for await (const user of users) yield `${JSON.stringify(chosen(user, columns))}\n`;
  },
  async *json(users, columns) {
    let isEmpty = true;
    for await (const user of users) {
      yield `${isEmpty ? '[\n' : ',\n'}${JSON.stringify(chosen(user, columns))}`;
      isEmpty = false;
    }
    yield isEmpty ? '[]\n' : '\n]\n';
  },
  async *csv(users, columns = []) {
    yield csvLine(columns.map(({ header }) => header));
    for await (const user of users) yield csvLine(columns.map(({ cellOf }) => cellOf(user)));
  },
  async *table(users, columns = []) {
    const rows = async function* (): AsyncGenerator<readonly string[]> {
      yield columns.map(({ name }) => name);
      for await (const user of users) yield columns.map(({ valueOf }) => words(valueOf(user)));
    };
    yield* tableLines(rows(), 1 + PAGE_SIZE);
  },
};

function chosen(user: User, columns: readonly ListColumn[] | undefined): unknown {
  if (columns === undefined) return user;
  return Object.fromEntries(columns.map(({ name, valueOf }) => [name, valueOf(user)]));
}

function words(value: ProfileValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? value.join('; ') : String(value);
}
