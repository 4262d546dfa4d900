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
      // A temporary password from Okta may begin like a formula; with an apostrophe in front, it would be wrong.
      { verbatim: password?.reveal() ?? '' },
      expires,
    ]);
  },

  firstLine: HEAD,

  createReader() {
    let row = '';
    return (line) => {
      row += line;
      // A quoted cell may contain line breaks, and quotes are doubled in it.
      if (row.split('"').length % 2 === 0) return undefined;
      const oktaId = row.slice(0, row.indexOf(','));
      const isHead = row === HEAD;
      row = '';
      return isHead ? {} : { oktaId };
    };
  },
};
