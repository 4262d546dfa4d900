import type { OktaImportError } from '../../errors.js';
import type { Notice } from '../api/state.js';

/** Flags for which the page has a control. */
const FLAGS = /--(?:sheet|encoding|delimiter|header-row|hidden-rows|ignore-columns|mapping)\b/;

/** The sentences of a message without those about flags of the command line. */
export function withoutFlags(text: string): string {
  return text
    .split(/(?<=[.!?]) (?=["\p{Lu}])/u)
    .filter((sentence) => !FLAGS.test(sentence))
    .join(' ');
}

const WAYS_ON: Readonly<Record<string, string>> = {
  ERR_SHEET: 'Choose a sheet below.',
  ERR_CSV_HEADER: 'Choose another header row below, or correct the file and choose it again.',
  ERR_CSV_STRUCTURE: 'Choose another delimiter below, or correct the file and choose it again.',
  ERR_CSV_EMPTY:
    'Choose a file whose first row names the columns, such as login, email, first name and last name.',
  ERR_MALFORMED_TEXT: 'Choose another encoding below, or save the whole file as "CSV UTF-8".',
  ERR_UNKNOWN_ENCODING: 'Choose another encoding below.',
  ERR_INVALID_DELIMITER: 'Choose another delimiter below.',
};

/** Why a file cannot be read, with what can be done about it on the page. */
export function toNotice(error: OktaImportError): Notice {
  const hint = withoutFlags(error.hint);
  // The message of an empty sheet is that of an empty file.
  const wayOn = hint === error.hint && error.code !== 'ERR_CSV_EMPTY' ? undefined : WAYS_ON[error.code];
  return {
    id: error.code,
    severity: 'error',
    message: withoutFlags(error.message),
    hint: [wayOn ?? '', error.code === 'ERR_CSV_EMPTY' ? '' : hint].filter((part) => part !== '').join(' '),
  };
}
