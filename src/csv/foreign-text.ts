import { quoted } from '../text.js';

import { NotCsvError } from './errors.js';

/** Texts of other programs that are given instead of a CSV, by how they begin. */
const FOREIGN_TEXTS: readonly {
  readonly begins: RegExp;
  /** Whether a CSV may begin like that above its header, as with the warning of a web server. */
  readonly isAlsoInCsv?: true;
  /** How the message names it, followed by the group `title` of `begins`, if there is one. */
  readonly is: string;
  readonly hint: string;
}[] = [
  {
    begins: /^\{\s*(["'])[^"'\n]*\1\s*:.*\n\s*\{/,
    is: 'NDJSON (one JSON object per line)',
    hint: "Export it as CSV, or convert it, for instance with: jq -rs '(.[0] | keys_unsorted) as $k | $k, (.[] | [.[$k[]]]) | @csv'",
  },
  {
    begins: /^\[\s*(?:\{|\[|"|\]|$)/,
    is: 'JSON',
    hint: "Export it as CSV, or convert it, for instance with: jq -r '(.[0] | keys_unsorted) as $k | $k, (.[] | [.[$k[]]]) | @csv'",
  },
  {
    begins: /^\{\s*(?:(["'])[^"'\n]*\1\s*:|\}|$)/,
    is: 'JSON',
    hint: 'If it is the response of a server, look there for an error. Otherwise, export it as CSV.',
  },
  {
    begins:
      /^(?:<!--(?:[^-]|-(?!->))*-->\s*)?<(?:!doctype html|html|head|body|meta|title|script|style|div|table|center|form|h[1-6]|p|br|ul)\b(?:[^]*?<title[^>]*>\s*(?<title>[^<]+?)\s*<\/title>)?/i,
    isAlsoInCsv: true,
    is: 'a web page',
    hint: 'If it asks to sign in, download the file in a browser. If it contains the table, open it in a spreadsheet and save the sheet as CSV.',
  },
  {
    begins: /^<(?:\?xml|[a-z][\w.-]*(?::[\w.-]+)?(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*\/?>)/i,
    isAlsoInCsv: true,
    is: 'XML',
    hint: 'Export it as CSV, or open it in a spreadsheet and save the sheet as CSV.',
  },
  { begins: /^\{\\rtf/, is: 'an RTF document', hint: 'Copy its table to a spreadsheet, and save it as CSV.' },
  {
    begins: /^(?:version: *\d+\s+)?(?:#.*\n\s*)*dn::? /i,
    is: 'LDIF, the export of a directory',
    hint: 'Export it as CSV: with csvde or Export-Csv from Active Directory.',
  },
  {
    begins: /^BEGIN:V(?:CARD|CALENDAR)/i,
    is: 'a list of contacts or dates (vCard)',
    hint: 'Export the contacts as CSV.',
  },
  {
    begins:
      /^(?:(?:--.*\n|\/\*(?:[^*]|\*(?!\/))*\*\/;?)\s*)*(?:create (?:table|database)|drop table|insert into|copy \S+.* from stdin|set \w+ *=)/i,
    isAlsoInCsv: true,
    is: 'SQL statements, the dump of a database',
    hint: 'Export the result of a query as CSV.',
  },
  {
    begins: /^-{3}\s*\n|^(?:\w+:\s*\n)?\s*- ["']?\w+["']?: /,
    isAlsoInCsv: true,
    is: 'YAML',
    hint: 'Export it as CSV. A mapping file is given with --mapping.',
  },
  {
    begins: /^version https:\/\/git-lfs\.github\.com\//,
    is: 'only a pointer to a file in Git LFS',
    hint: 'Run git lfs pull to download the file itself.',
  },
  {
    begins: /^(?:diff --git |Index: .*\n=+\n|--- .*\n\+\+\+ .*\n@@ )/,
    is: 'a diff of two versions of a file',
    hint: 'Use the file itself.',
  },
  {
    begins: /^(?:ID;P|TABLE\s*\n0,1\s*\n)/,
    is: 'a spreadsheet in an old format (SYLK or DIF)',
    hint: 'Open it in a spreadsheet, and save it as .xlsx or CSV.',
  },
  {
    begins: /^begin \d{3} .*\n|^[A-Za-z0-9+/]{60,}={0,2}\s*(?:\n[A-Za-z0-9+/]+={0,2}\s*)*$/,
    is: 'an encoded email attachment (base64 or uuencode)',
    hint: 'Open the email in a mail program, and save the attachment from there.',
  },
  {
    begins: /^(?:\S+: .*\n(?:[ \t].*\n)*)*MIME-Version: /,
    isAlsoInCsv: true,
    is: 'an email or a web archive (MIME)',
    hint: 'Save its attachment, or copy its table to a spreadsheet and save it as CSV.',
  },
  {
    begins: /^-----BEGIN PGP MESSAGE-----/,
    is: 'encrypted with PGP',
    hint: 'Decrypt it first, for instance with: gpg --decrypt',
  },
  {
    begins: /^\w+ *: .*\n\w+ *: .*\n/,
    isAlsoInCsv: true,
    is: 'a list of properties, as PowerShell prints it',
    hint: 'Use Export-Csv -NoTypeInformation instead of Format-List in the script.',
  },
];

/**
 * Rejects a text that is no CSV at all.
 *
 * @param hasHeader - whether the names in its header are known.
 * @throws {NotCsvError} It names what the text is instead.
 */
export function rejectForeignText(text: string, hasHeader: boolean): void {
  const start = text.slice(0, MAX_CHARACTERS).replace(/^[\s\uFEFF]+/, '');
  for (const { begins, isAlsoInCsv, is, hint } of FOREIGN_TEXTS) {
    if (hasHeader && isAlsoInCsv) continue;
    const found = begins.exec(start);
    if (found === null) continue;
    const title = found.groups?.['title'];
    const what = title === undefined ? is : `${is} (${quoted(title)})`;
    throw new NotCsvError(`This file is not a CSV: it is ${what}.`, { hint });
  }
}

const MAX_CHARACTERS = 4096;
