import type { Row } from '../rows/row.js';
import { unescapeFormula } from '../text.js';

import type { CellReader } from './compile-reader.js';
import type { Mapping } from './mapping.js';

/** A row as far as it matters whether it is about the same user as another row. */
export interface UserRow {
  /** The same for all rows of a user that differ in their groups only. */
  readonly key: string;
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
  return {
    read({ cells, malformed }) {
      if (malformed !== undefined || cells.length < header.length) return undefined;
      if (login.every((index) => cellAt(cells, index) === '')) return undefined;
      let key = '';
      for (const index of columns) key += `${cellAt(cells, index)}\u001f`;
      const text = groups.read(isGeneratedFile ? cells.map(unescapeFormula) : cells);
      return typeof text === 'string' ? { key, groups: text } : undefined;
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
