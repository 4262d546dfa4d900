import { once } from 'node:events';
import type { Writable } from 'node:stream';

import type { ProfileValue, User } from '../okta/types.js';
import { csvLine } from '../report/csv-files.js';
import { printable } from '../report/terminal.js';
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
  const interrupted = new AbortController();
  surroundings.onInterrupt(() => interrupted.abort());
  try {
    const { q, search, filter, limit = Number.POSITIVE_INFINITY } = flags;
    const query = { q, search, filter, pageSize: Math.min(limit, PAGE_SIZE) };
    const users = org.client.listUsers(query, { signal: interrupted.signal });
    await FORMATS[flags.format](first(users, limit), surroundings.stdout);
    return 0;
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

type Format = (users: AsyncIterable<User>, out: Writable) => Promise<void>;

const FORMATS: Record<ListFormat, Format> = {
  async ndjson(users, out) {
    for await (const user of users) await write(out, `${JSON.stringify(user)}\n`);
  },
  async json(users, out) {
    let separator = '[\n';
    for await (const user of users) {
      await write(out, `${separator}${JSON.stringify(user)}`);
      separator = ',\n';
    }
    await write(out, separator === '[\n' ? '[]\n' : '\n]\n');
  },
  async csv(users, out) {
    await write(out, csvLine(CSV_COLUMNS));
    for await (const { id, status, profile } of users) {
      const cells = CSV_COLUMNS.slice(2).map((name) => cellOf(profile[name]));
      await write(out, csvLine([id, status, ...cells]));
    }
  },
  async table(users, out) {
    for await (const { id, status, profile } of users) {
      const { login, firstName, lastName } = profile;
      const name = `${cellOf(firstName)} ${cellOf(lastName)}`;
      await write(out, `${id}  ${status.padEnd(16)}  ${printable(login).padEnd(40)}  ${printable(name)}\n`);
    }
  },
};

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
