import { once } from 'node:events';
import type { Writable } from 'node:stream';

import type { ProfileValue, User } from '../okta/types.js';
import { csvLine } from '../report/csv-files.js';
import { printable } from '../report/terminal.js';
import { exitCodeFor, Stop } from '../run/stop.js';
import type { Org, RequestSettings } from '../settings/load.js';

import { openOrg } from './org.js';
import type { Surroundings } from './surroundings.js';

export type ListFormat = 'table' | 'csv' | 'json' | 'ndjson';

export interface ListFlags {
  readonly q: string | undefined;
  readonly search: string | undefined;
  readonly filter: string | undefined;
  /** Most users to list. */
  readonly limit: number | undefined;
  readonly format: ListFormat;
  readonly org: Org;
  readonly requests: RequestSettings;
}

const PAGE_SIZE = 200;

/** `list`: users of the org, written as their pages arrive. @returns the exit code. */
export async function listUsers(flags: ListFlags, surroundings: Surroundings): Promise<number> {
  const org = await openOrg(flags.org, flags.requests, surroundings);
  const stop = new Stop();
  surroundings.onInterrupt((signal) => stop.pull({ kind: 'interrupted', signal }));
  try {
    const { q, search, filter, limit = Number.POSITIVE_INFINITY } = flags;
    const query = { q, search, filter, pageSize: Math.min(limit, PAGE_SIZE) };
    const users = org.client.listUsers(query, { signal: stop.signal });
    const listed = await FORMATS[flags.format](first(users, limit), surroundings.stdout);
    // Okta answers q with one page, and does not say whether there are more (Users, "List all users").
    if (q !== undefined && listed === PAGE_SIZE && limit > PAGE_SIZE) {
      surroundings.stderr.write(
        `Okta lists at most ${PAGE_SIZE} for --q; there may be more: use --search.\n`,
      );
    }
    return stop.reason === undefined ? 0 : exitCodeFor(stop.reason);
  } catch (error) {
    // Whoever reads the list has seen enough, as in `list | head`.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0;
    throw error;
  } finally {
    await org.close();
  }
}

async function* first(users: AsyncIterable<User>, limit: number): AsyncGenerator<User> {
  if (limit < 1) return;
  let listed = 0;
  for await (const user of users) {
    yield user;
    listed += 1;
    if (listed >= limit) return;
  }
}

/** Writes the users. @returns how many. */
type Format = (users: AsyncIterable<User>, out: Writable) => Promise<number>;

const FORMATS: Record<ListFormat, Format> = {
  ndjson: (users, out) => writeEach(users, out, (user) => `${JSON.stringify(user)}\n`),
  async json(users, out) {
    let separator = '[\n';
    const listed = await writeEach(users, out, (user) => {
      const text = `${separator}${JSON.stringify(user)}`;
      separator = ',\n';
      return text;
    });
    await write(out, listed === 0 ? '[]\n' : '\n]\n');
    return listed;
  },
  async csv(users, out) {
    await write(out, csvLine(CSV_COLUMNS));
    return writeEach(users, out, ({ id, status, profile }) =>
      csvLine([id, status, ...CSV_COLUMNS.slice(2).map((name) => cellOf(profile[name]))]),
    );
  },
  table: (users, out) =>
    writeEach(users, out, ({ id, status, profile }) => {
      const { login, firstName, lastName } = profile;
      const name = `${cellOf(firstName)} ${cellOf(lastName)}`;
      return `${id}  ${status.padEnd(16)}  ${printable(login).padEnd(40)}  ${printable(name)}\n`;
    }),
};

async function writeEach(
  users: AsyncIterable<User>,
  out: Writable,
  textOf: (user: User) => string,
): Promise<number> {
  let listed = 0;
  for await (const user of users) {
    await write(out, textOf(user));
    listed += 1;
  }
  return listed;
}

/** Id and status are ours to ignore when the file is imported again. */
const CSV_COLUMNS = [
  '_id',
  '_status',
  'login',
  'email',
  'firstName',
  'lastName',
  'displayName',
  'title',
  'department',
];

function cellOf(value: ProfileValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? value.join(';') : String(value);
}

async function write(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await once(out, 'drain');
}
