import { readSevenBitText } from '../rows/seven-bit-text.js';

/** A text whose escapes were read as they are, and the text that they stand for. */
export interface RepairedText {
  readonly text: string;
  readonly notation: string;
}

/** Finds escapes of HTML, JSON, URLs, mails and SQL that a program has left in a text. @returns undefined for none. */
export function repairText(text: string): RepairedText | undefined {
  const sevenBit = readSevenBitText(text);
  if (sevenBit !== undefined) {
    return { text: sevenBit.text, notation: `${sevenBit.encoding}, an email encoding` };
  }
  for (const { notation, repair } of ESCAPES) {
    const repaired = repair(text);
    if (repaired !== undefined && repaired !== text) return { text: repaired, notation };
  }
  return undefined;
}

const ESCAPES: readonly {
  readonly notation: string;
  readonly repair: (text: string) => string | undefined;
}[] = [
  { notation: 'an encoded word of a mail', repair: repairEncodedWords },
  { notation: 'HTML', repair: (text) => text.replaceAll(ENTITY, decodeEntity).replaceAll(TAG, ' ').trim() },
  {
    notation: 'an escape of JSON or of a programming language',
    repair: (text) =>
      text
        .replaceAll(/\\u([\da-f]{4})|\\x([c-f][\da-f])/gi, (_, four?: string, two?: string) =>
          String.fromCharCode(Number.parseInt(four ?? two ?? '', 16)),
        )
        .replaceAll(/\\(["'/])/g, '$1'),
  },
  { notation: 'an escape of a URL', repair: repairPercent },
  { notation: 'an escape of a mail', repair: (text) => repairHex(text, /(?:=[\dA-F]{2})+/g, '=') },
  {
    notation: 'an apostrophe doubled for SQL',
    repair: (text) => text.replaceAll(/(?<=\p{L})''(?=\p{L})/gu, "'"),
  },
];

/** `&amp;`, `&#039;`, `&#xE9;`, and the entities of Latin-1 letters; not every `&…;`, as in `R&D;Sales`. */
const ENTITY =
  /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp|ndash|mdash|[lr][sd]quo|hellip|szlig|[AEO]Elig|[aeo]elig|(?:[a-z](?:acute|grave|circ|uml|tilde|ring|cedil|slash|caron))));/gi;
const TAG = /<\/?(?:b|i|u|p|br|a|span|div|font|strong|em|td|tr|li|ul)(?:[\s/][^<>]*)?>/gi;

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  szlig: 'ß',
  aelig: 'æ',
  AElig: 'Æ',
  oelig: 'œ',
  OElig: 'Œ',
  oslash: 'ø',
  Oslash: 'Ø',
};
/** Combining marks by the names that entities give them. */
const MARKS: Readonly<Record<string, string>> = {
  acute: '\u0301',
  grave: '\u0300',
  circ: '\u0302',
  uml: '\u0308',
  tilde: '\u0303',
  ring: '\u030A',
  cedil: '\u0327',
  caron: '\u030C',
};

function decodeEntity(entity: string, decimal?: string, hexadecimal?: string, name = ''): string {
  if (decimal !== undefined || hexadecimal !== undefined) {
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  }
  const named = NAMED[name] ?? NAMED[name.toLowerCase()];
  if (named !== undefined) return named;
  const mark = MARKS[name.slice(1).toLowerCase()];
  return mark === undefined ? entity : (name.charAt(0) + mark).normalize('NFC');
}

/** `K%C3%BChn`, and the escapes of the characters that URLs need; not `100%`. */
function repairPercent(text: string): string | undefined {
  if (!/%(?:[c-f][\da-f]%[89ab][\da-f]|20|2[267c]|3[abcd]|40)/i.test(text)) return undefined;
  return repairHex(text, /(?:%[\da-f]{2})+/gi, '%');
}

/** Decodes runs of bytes in hexadecimal that are UTF-8. */
function repairHex(text: string, run: RegExp, mark: string): string | undefined {
  let isRepaired = false;
  const repaired = text.replaceAll(run, (bytes) => {
    const decoded = decode(Buffer.from(bytes.replaceAll(mark, ''), 'hex'), 'utf-8');
    // `=3D` alone may be anything.
    if (decoded === undefined || (mark === '=' && !/[^ -~]/.test(decoded))) return bytes;
    isRepaired = true;
    return decoded;
  });
  return isRepaired ? repaired : undefined;
}

/** `=?UTF-8?Q?J=C3=B6rg?=` (RFC 2047). */
function repairEncodedWords(text: string): string {
  return text.replaceAll(
    /=\?([\w-]+)\?([BQ])\?([^?\s]*)\?=(?:\s+(?==\?))?/gi,
    (word, charset: string, encoding: string, content: string) => {
      const bytes =
        encoding.toUpperCase() === 'B'
          ? Buffer.from(content, 'base64')
          : Buffer.from(
              content
                .replaceAll('_', ' ')
                .replaceAll(/=([\da-f]{2})/gi, (_, byte: string) =>
                  String.fromCharCode(Number.parseInt(byte, 16)),
                ),
              'latin1',
            );
      return decode(bytes, charset) ?? word;
    },
  );
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // Not in this encoding, or an unknown one: the text stays as it is.
    return undefined;
  }
}
