import type { Row } from '../rows/row.js';
import { unescapeFormula } from '../text.js';

import type { CellReader } from './compile-reader.js';
import type { Mapping } from './mapping.js';

/** A row as far as it matters whether it is about the same user as another row. */
export interface UserRow {
  /** What the login is read from. */
  readonly login: string;
  /** Two checksums of everything else but the groups: 64 bits, so that rows are not confused. */
  readonly content: readonly [number, number];
  /** The text of its groups; '' for none. */
  readonly groups: string;
}

/** Tells which rows are about the same user, and differ in their groups only. */
export interface UserRowReader {
  /** @returns undefined for a row that is never merged: it has no login, or cannot be read. */
  read(row: Row): UserRow | undefined;
  /** The columns besides those of the groups in which two rows differ. */
  differences(one: readonly string[], other: readonly string[]): readonly string[];
}

/** @returns undefined if the file has no groups, or if their columns feed other values as well. */
export function createUserRowReader(mapping: Mapping): UserRowReader | undefined {
  const { groups, header, attributes, isGeneratedFile } = mapping;
  if (groups === undefined || groups.columns.length === 0) return undefined;
  const used = new Set(readersOf(mapping).flatMap(({ columns }) => columns));
  const login = attributes.find(({ name }) => name === 'login')?.reader.columns ?? [];
  if (login.length === 0 || groups.columns.some((index) => used.has(index))) return undefined;
  const columns = [...used].toSorted((one, other) => one - other);
  const others = columns.filter((index) => !login.includes(index));
  return {
    read({ cells, malformed }) {
      if (malformed !== undefined || cells.length < header.length) return undefined;
      const name =
        login.length === 1
          ? cellAt(cells, login[0] ?? 0)
          : login
              .map((index) => cellAt(cells, index))
              .join('\u001f')
              .trim();
      if (name === '') return undefined;
      const text = groups.read(isGeneratedFile ? cells.map(unescapeFormula) : cells);
      return typeof text === 'string'
        ? { login: name, content: contentOf(cells, others), groups: text }
        : undefined;
    },
    differences: (one, other) =>
      columns
        .filter((index) => cellAt(one, index) !== cellAt(other, index))
        .map((index) => header[index] ?? ''),
  };
}

function cellAt(cells: readonly string[], index: number): string {
  return (cells[index] ?? '').trim();
}

/** FNV-1a, with two primes. Not cryptographic: the author of a file could only merge rows of their own. */
function contentOf(cells: readonly string[], columns: readonly number[]): readonly [number, number] {
  let [one, other] = [0x811c9dc5, 0x9dc5811c];
  for (const index of columns) {
    const cell = cellAt(cells, index);
    for (let at = 0; at < cell.length; at += 1) {
      const unit = cell.charCodeAt(at);
      one = Math.imul(one ^ unit, 0x01000193);
      other = Math.imul(other ^ unit, 0x85ebca6b) ^ (other >>> 15);
    }
    one = Math.imul(one ^ 0x1f, 0x01000193);
    other = Math.imul(other ^ 0x1f, 0x85ebca6b);
  }
  return [one >>> 0, other >>> 0];
}

/** Everything that is read from a row, except its groups. */
function readersOf({ attributes, credentials, type, realm, start, end }: Mapping): readonly CellReader[] {
  const { password, hash, hook, question, answer, providerType, providerName } = credentials;
  const single = [password, hook, question, answer, providerType, providerName, type, realm, start, end];
  return [
    ...attributes.map(({ reader }) => reader),
    ...hash.map(({ reader }) => reader),
    ...single.filter((reader) => reader !== undefined),
  ];
}
