import { DigestTable } from '../digest-table.js';
import type { OktaClient } from '../okta/client.js';
import type { ProfileValue, User } from '../okta/types.js';
import { offlineMetadata, readFullOrgMetadata } from '../org/org-metadata.js';
import { BYTE_ORDER_MARK, csvLine } from '../report/csv-writer.js';
import { tableLines } from './table.js';
import { exitCodeOf } from '../rows/exit-code.js';
import type { Org } from '../settings/load.js';
import type { RequestSettings } from '../settings/requests.js';

import { plural } from '../text.js';

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
import { cancelOnInterrupt } from './interrupt.js';

export type ListFormat = 'table' | 'csv' | 'json' | 'ndjson';

export interface ListFlags {
  readonly q: string | undefined;
  readonly search: string | undefined;
  readonly filter: string | undefined;
  /** Maximum number of users. */
  readonly limit: number | undefined;
  readonly format: ListFormat;
  /** In display order; undefined for the defaults of the format. */
  readonly columns: readonly string[] | undefined;
  readonly org: Org;
  readonly requests: RequestSettings;
}

const PAGE_SIZE = 200;

/**
 * Lists users of the org. Each page is requested after the previous one was written, so that one page is in memory.
 *
 * @returns the exit code.
 */
export async function listUsers(flags: ListFlags, context: CommandContext): Promise<number> {
  const { stdout, terminal } = context;
  const org = await openOrg(flags.org, flags.requests, context);
  const cancellation = cancelOnInterrupt(context);
  try {
    const columns = await columnsOf(flags, org.client, {
      signal: cancellation.signal,
      warn: (message) => terminal.warn(message),
    });
    const { q, search, filter, limit = Number.POSITIVE_INFINITY } = flags;
    const query = { q, search, filter, pageSize: Math.min(limit, PAGE_SIZE) };
    const listed = { count: 0 };
    const users = first(org.client.listUsers(query, { signal: cancellation.signal }), limit, listed);
    const isRead = await writeAll(FORMATS[flags.format](users, columns), stdout, cancellation.signal).catch(
      (error: unknown) => {
        if (listed.count > 0) terminal.warn(`The list is incomplete after ${plural(listed.count, 'user')}.`);
        throw error;
      },
    );
    // Okta returns one page for q, and no hint whether there are more users.
    if (isRead && q !== undefined && listed.count === PAGE_SIZE && limit > PAGE_SIZE) {
      terminal.warn(
        `Okta returns at most ${PAGE_SIZE} users for -q. There may be more; use --search instead.`,
      );
    }
    return exitCodeOf(cancellation.reason);
  } finally {
    await org.close();
  }
}

const TABLE_COLUMNS = ['id', 'status', 'login', 'firstName', 'lastName'];

/** Undefined for complete users. Reads the attributes of the org only if a column may be one. */
async function columnsOf(
  { format, columns: names }: ListFlags,
  client: OktaClient,
  options: { signal: AbortSignal; warn: (message: string) => void },
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

/**
 * Each user once: one whose status changes while the pages are read may be on two of them.
 *
 * @param listed - gets the number of users so far.
 */
async function* first(
  users: AsyncIterable<User>,
  limit: number,
  listed: { count: number },
): AsyncGenerator<User> {
  const seen = new DigestTable();
  for await (const user of users) {
    if (seen.setIfAbsent(user.id, 1) !== undefined) continue;
    listed.count += 1;
    yield user;
    if (listed.count >= limit) return;
  }
}

/** Yields the text of a list in pieces. */
type Format = (
  users: AsyncIterable<User>,
  columns: readonly ListColumn[] | undefined,
) => AsyncGenerator<string>;

const FORMATS: Record<ListFormat, Format> = {
  async *ndjson(users, columns) {
    for await (const user of users) yield `${JSON.stringify(selectColumns(user, columns))}\n`;
  },
  async *json(users, columns) {
    let isEmpty = true;
    for await (const user of users) {
      yield `${isEmpty ? '[\n' : ',\n'}${JSON.stringify(selectColumns(user, columns))}`;
      isEmpty = false;
    }
    yield isEmpty ? '[]\n' : '\n]\n';
  },
  async *csv(users, columns = []) {
    yield BYTE_ORDER_MARK + csvLine(columns.map(({ header }) => header));
    for await (const user of users) yield csvLine(columns.map(({ cellOf }) => cellOf(user)));
  },
  async *table(users, columns = []) {
    const rows = async function* (): AsyncGenerator<readonly string[]> {
      yield columns.map(({ name }) => name);
      for await (const user of users) yield columns.map(({ valueOf }) => textOf(valueOf(user)));
    };
    yield* tableLines(rows(), 1 + PAGE_SIZE);
  },
};

function selectColumns(user: User, columns: readonly ListColumn[] | undefined): unknown {
  if (columns === undefined) return user;
  return Object.fromEntries(columns.map(({ name, valueOf }) => [name, valueOf(user)]));
}

function textOf(value: ProfileValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? value.join('; ') : String(value);
}
