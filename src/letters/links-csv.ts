import { parse } from 'csv-parse/sync';

import { BYTE_ORDER_MARK, csvLine } from '../report/csv-writer.js';

import type { Letter } from './letter.js';
import type { LetterFormat } from './letters-file.js';

const COLUMNS = ['oktaId', 'login', 'firstName', 'lastName', 'email', 'link', 'password', 'expires'] as const;
const HEAD = BYTE_ORDER_MARK + csvLine(COLUMNS);

/** One row a person, for a mail merge. */
export const linksCsv: LetterFormat = {
  head: HEAD,

  format({ oktaId, login, firstName, lastName, email, link, password, expiresAtMs }: Letter): string {
    const expires = expiresAtMs === undefined ? '' : new Date(expiresAtMs).toISOString();
    return csvLine([
      oktaId,
      login,
      firstName,
      lastName,
      email,
      link?.reveal() ?? '',
      password?.reveal() ?? '',
      expires,
    ]);
  },

  parse(text) {
    if (!text.startsWith(HEAD)) return undefined;
    // A cell may hold a line break, so the last complete row is found by parsing.
    for (let length = text.length; length >= HEAD.length; length = text.lastIndexOf('\r\n', length - 3) + 2) {
      const complete = text.slice(0, length);
      if (!complete.endsWith('\r\n')) continue;
      const ids = idsIn(complete);
      if (ids !== undefined) return { ids, length };
      if (length === HEAD.length) break;
    }
    return { ids: [], length: HEAD.length };
  },
};

/** Undefined when a cell is open at the end. */
function idsIn(text: string): readonly string[] | undefined {
  try {
    const rows: string[][] = parse(text, { bom: true, from_line: 2 });
    return rows.map(([oktaId = '']) => oktaId);
  } catch {
    return undefined;
  }
}
