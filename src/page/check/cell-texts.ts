import type { ColumnFix } from '../api/check.js';
import { repairDoubleUtf8 } from '../../rows/double-utf8.js';
import { emailProblem } from '../../validation/email.js';

/** What can be done to the text of any cell. */
export function fixText(text: string, fix: ColumnFix): string {
  switch (fix) {
    case 'trim':
      return text.trim().replaceAll(/ {2,}/g, ' ');
    case 'lower-case':
      return text.toLowerCase();
    case 'upper-case':
      return text.toUpperCase();
    case 'title-case':
      return toTitleCase(text);
    default:
      return fix satisfies never;
  }
}

/** `ANN LEE` and `ann lee` become `Ann Lee`. A word with a case of its own, such as `McDonald`, is left alone. */
function toTitleCase(text: string): string {
  return text.replaceAll(/[\p{L}\p{M}]+/gu, (word) => {
    const isMixed = word !== word.toLowerCase() && word !== word.toUpperCase();
    if (isMixed) return word;
    const [first = ''] = word;
    return first.toUpperCase() + word.slice(first.length).toLowerCase();
  });
}

/** Without characters that nobody types, and with those that were saved wrongly repaired. */
export function cleanText(text: string): string {
  return (repairDoubleUtf8(text) ?? text)
    .replaceAll(SPACES, ' ')
    .replaceAll(CONTROL, '')
    .replaceAll(INVISIBLE, '')
    .replaceAll(
      /\p{Extended_Pictographic}(?:\u200d|\ufe0f|\p{Extended_Pictographic}|\p{Emoji_Modifier})*/gu,
      (emoji) =>
        // Signs such as © are older than emoji, and can be stored.
        /[\ud800-\udfff]/.test(emoji) ? '' : emoji,
    )
    .replaceAll(/[\ud800-\udfff]/g, '')
    .normalize('NFC')
    .trim();
}

/** Line and page separators, and spaces other than the usual one. */
const SPACES = /[\v\f\u0085\u2028\u2029]|(?![ \t\n\r])\p{Zs}/gu;
/** Not the tab and the line breaks that a cell can have. */
const CONTROL = /(?![\t\n\r])\p{Cc}/gu;
const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]/g;

/** A login or an email address as it was probably meant; undefined if that is not an address either. */
export function cleanAddress(text: string): string | undefined {
  const [, inBrackets] = /<([^<>]+@[^<>]+)>/.exec(text) ?? [];
  const cleaned = cleanText(inBrackets ?? text)
    .replace(/^mailto:/i, '')
    .replaceAll(/[\u2018\u2019\u2032\u00b4]/g, "'")
    .replaceAll(/[\u201c-\u201f\u2033"<>]/g, '')
    .replaceAll(/\s*[([{]\s*at\s*[)\]}]\s*/gi, '@')
    .replaceAll(/\s+/g, '')
    .replaceAll('＠', '@')
    .replaceAll(/@{2,}/g, '@')
    .replace(/^[;,.:]+|[;,.:]+$/g, '')
    .replace(/@.*$/, (domain) => domain.replaceAll(',', '.').replaceAll(/\.{2,}/g, '.'));
  return emailProblem(cleaned) === undefined ? cleaned : undefined;
}
