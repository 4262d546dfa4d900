/** A text of ASCII characters that stands for another text. */
export interface SevenBitText {
  readonly encoding: 'UTF-7' | 'HZ';
  /** What it stands for. */
  readonly text: string;
}

/**
 * Decodes text in an email encoding, whose bytes are all ASCII: `Andr+AOk-` is `André` in UTF-7 (RFC 2152), and
 * `~{Mu~}` is `王` in HZ (RFC 1843).
 *
 * @returns undefined for any other text, such as `C++`, `a+b@example.com`, `Sales+Ops-EMEA` or `~{`.
 */
export function readSevenBitText(text: string): SevenBitText | undefined {
  if (text.includes('+')) {
    const decoded = decodeUtf7(text);
    if (decoded !== undefined) return { encoding: 'UTF-7', text: decoded };
  }
  if (text.includes('~{')) {
    const decoded = decodeHz(text);
    if (decoded !== undefined) return { encoding: 'HZ', text: decoded };
  }
  return undefined;
}

/** UTF-16 in Base64, with the minus sign that most programs write at its end. `+-` is a plus sign. */
const UTF7_RUN = /\+(?:([A-Za-z0-9+/]{3,})(-|(?![\w+/-]))|-)/g;
/** A single character below U+0800, as in `Andr+AOk-`: Latin, Greek, Cyrillic, Hebrew, Arabic. */
const ALPHABETIC_RUN = /^[AB]/;

function decodeUtf7(text: string): string | undefined {
  let letters = 0;
  let marks = 0;
  let isOther = false;
  const decoded = text.replaceAll(UTF7_RUN, (run: string, base64: string | undefined, end, at: number) => {
    if (base64 === undefined) return '+';
    const characters = decodeRun(base64);
    if (characters === undefined) return run;
    if (ASCII_MARKS.test(characters)) marks += 1;
    else if (
      isPlausible(characters, { base64, end, before: text.slice(0, at), after: text.slice(at + run.length) })
    ) {
      letters += 1;
    } else isOther = true;
    return characters;
  });
  // A single mark may be an abbreviation: `Hotel+ACE-North`.
  return isOther || (letters === 0 && marks < 2) ? undefined : decoded;
}

/** What some programs encode although it is ASCII: quotes, the at sign, the semicolon. */
const ASCII_MARKS = /^[!"#$%&*;<=>@[\]^_`{|}\t]+$/;

/** @returns undefined for what is not UTF-16 in Base64. */
function decodeRun(base64: string): string | undefined {
  // A phone number.
  if (/^[\d/]+$/.test(base64)) return undefined;
  // The bits after the last unit are fewer than six, and zero.
  if ((base64.length * 6) % 16 >= 6) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== base64) return undefined;
  const text = bytes
    .subarray(0, bytes.length - (bytes.length % 2))
    .swap16()
    .toString('utf16le');
  return /\p{Surrogate}/u.test(text) ? undefined : text;
}

interface Run {
  readonly base64: string;
  /** The minus sign; '' if another character ends the run. */
  readonly end: unknown;
  readonly before: string;
  readonly after: string;
}

function isPlausible(characters: string, { base64, end, before, after }: Run): boolean {
  if (/^[\u00a0-\u00bf\u2010-\u2027\u20ac]+$/.test(characters)) return true;
  if (!/^[\p{L}\p{M}\s]+$/u.test(characters) || !/\P{ASCII}/u.test(characters)) return false;
  if (ALPHABETIC_RUN.test(base64)) {
    // Words do not switch to capitals in the middle.
    const isCapital = /^\p{Lu}/u.test(characters);
    return !(isCapital && /[a-z]$/.test(before)) && SCRIPTS.some((script) => script.test(characters));
  }
  // Letters chosen at random are often Han: other characters must not touch them.
  const isApart =
    !/[A-Za-z0-9]$/.test(before) && (end === '-' || after === '') && !/^[A-Za-z0-9]/.test(after);
  return isApart && SCRIPTS.some((script) => script.test(characters));
}

/** One script each, with what it shares with others. */
const SCRIPTS: readonly RegExp[] = [
  'Latin',
  'Greek',
  'Cyrillic',
  'Hebrew',
  'Arabic',
  'Thai',
  'Devanagari',
  'Hangul',
  'Han}\\p{Script=Hiragana}\\p{Script=Katakana',
].map((script) => new RegExp(`^[\\p{Script=${script}}\\p{Script=Inherited}\\s\u30fc]+$`, 'u'));

/** Two ASCII characters for each of GB 2312, of which the first is a row with characters. */
const HZ_RUN = /~\{((?:[!-)0-w][!-~])+)~\}/g;

function decodeHz(text: string): string | undefined {
  let isHan = false;
  const decoded = text.replaceAll(HZ_RUN, (_, pairs: string) => {
    const bytes = Buffer.from(pairs, 'latin1').map((byte) => byte | 0x80);
    const characters = new TextDecoder('gb18030').decode(bytes);
    isHan ||= /\p{Script=Han}/u.test(characters);
    return characters;
  });
  return isHan && !decoded.includes('\uFFFD') ? decoded.replaceAll('~~', '~') : undefined;
}
