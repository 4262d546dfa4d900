import { isAscii, isUtf8 } from 'node:buffer';

import { createDecoder } from './code-pages.js';
import { isClearlyUtf8 } from './detect-encoding.js';
import { MalformedTextError, NotCsvError } from './errors.js';
import { countUtf8LineBreaks, lineEndsOf } from './lines.js';
import { findMalformed, type MalformedText } from './malformed.js';

/** Whole lines of text; the last block may lack its line break. */
export interface TextBlock {
  readonly utf8: Buffer;
  /** In order, at most one per line. Malformed characters are U+FFFD in `utf8`. */
  readonly malformed: readonly MalformedLine[];
  /** Why the text ends here; it does not include the line that failed. */
  readonly failure?: MalformedTextError | NotCsvError;
}

/** A malformed line, and where it starts in `TextBlock.utf8`. */
export interface MalformedLine extends MalformedText {
  readonly at: number;
}

/**
 * After this many malformed lines, with none but ASCII lines between them, the text is taken to be in another encoding from the first of
 * them on.
 */
const MAX_MALFORMED_STREAK = 20;
const REPLACEMENT_CHARACTER = Buffer.from('\uFFFD');

/** Decodes a text by whole lines, and tracks lines and offsets. */
export class LineDecoder {
  #encoding: string;
  #toUtf8: (bytes: Buffer) => Buffer | undefined;
  /** Whether single lines may be UTF-8: the encoding is a guess, and would read UTF-8 as `ZoÃ«` without an error. */
  #mayContainUtf8 = false;
  #offsetBytes: number;
  #line = 1;
  /** The malformed lines since the last valid non-ASCII line: how many, and the first. */
  #streak: { lines: number; first: MalformedText } | undefined;

  /** @param offsetBytes - offset of the first line in the file. */
  constructor(encoding: string, offsetBytes: number) {
    this.#encoding = encoding;
    this.#toUtf8 = utf8Converter(encoding);
    this.#offsetBytes = offsetBytes;
  }

  /** The next physical line, from 1. */
  get line(): number {
    return this.#line;
  }

  /** Continues in an encoding that was guessed. */
  guess(encoding: string): void {
    this.#encoding = encoding;
    this.#toUtf8 = withoutControls(utf8Converter(encoding));
    // Text in Asian encodings is sometimes valid UTF-8 by accident; text in alphabetic encodings almost never.
    this.#mayContainUtf8 = /^(?:windows|iso-8859|koi8|macintosh|x-mac|ibm)/.test(encoding);
  }

  /** Decodes whole lines, which in every encoding can be decoded on their own. */
  decode(lines: Buffer): TextBlock {
    const utf8 = this.#toUtf8(lines);
    const block =
      utf8 === undefined || utf8.includes(REPLACEMENT_CHARACTER) || this.#hasUtf8Line(lines)
        ? this.#decodeEachLine(lines)
        : { utf8, malformed: [] };
    if (block.malformed.length === 0 && !isAscii(lines)) this.#streak = undefined;

    const nul = block.utf8.indexOf(0);
    // Only the lines before the NUL: the start of its own line is not a row.
    const text = nul === -1 ? block : linesBefore(block, nul);
    this.#offsetBytes += lines.length;
    this.#line += countUtf8LineBreaks(text.utf8);
    return nul === -1
      ? text
      : { ...text, failure: nulError(this.#line, block.utf8.subarray(text.utf8.length)) };
  }

  #hasUtf8Line(lines: Buffer): boolean {
    if (!this.#mayContainUtf8 || isAscii(lines)) return false;
    for (const { content } of lineEndsOf(this.#encoding).split(lines)) {
      if (isClearlyUtf8(content)) return true;
    }
    return false;
  }

  #decodeEachLine(lines: Buffer): TextBlock {
    const pieces: Buffer[] = [];
    const malformed: MalformedLine[] = [];
    let at = 0;
    let line = this.#line;
    for (const { at: start, content, lineBreak } of lineEndsOf(this.#encoding).split(lines)) {
      const { utf8, found } = this.#decodeLine(content);
      let bad: MalformedLine | undefined;
      if (found !== undefined) {
        const offsetBytes = this.#offsetBytes + start + found.offset;
        bad = { at, kind: found.kind, encoding: this.#encoding, line, offsetBytes };
      }
      const failure = this.#countMalformed(content, bad);
      if (failure) return { utf8: Buffer.concat(pieces), malformed, failure };
      if (bad) malformed.push(bad);
      const end = Buffer.from(lineBreak.length === 0 ? '' : (this.#toUtf8(lineBreak) ?? ''));
      pieces.push(utf8, end);
      at += utf8.length + end.length;
      line += 1;
    }
    return { utf8: Buffer.concat(pieces), malformed };
  }

  #decodeLine(content: Buffer): {
    utf8: Buffer;
    found?: { kind: MalformedText['kind']; offset: number };
  } {
    const utf8 = this.#toUtf8(content);
    if (utf8 === undefined) {
      const lossy = Buffer.from(createDecoder(this.#encoding, { ignoreBOM: true }).decode(content));
      const control = lossy.toString().search(CONTROL);
      const offset = control === -1 ? findMalformed(content, this.#encoding) : control;
      return { utf8: replaceControls(lossy), found: { kind: 'malformed', offset } };
    }
    if (this.#mayContainUtf8 && isClearlyUtf8(content)) {
      return { utf8: content, found: { kind: 'mixed', offset: 0 } };
    }
    return utf8.includes(REPLACEMENT_CHARACTER) ? { utf8, found: { kind: 'replaced', offset: 0 } } : { utf8 };
  }

  #countMalformed(content: Buffer, found: MalformedText | undefined): MalformedTextError | undefined {
    if (found && found.kind !== 'replaced') {
      this.#streak ??= { lines: 0, first: found };
      this.#streak.lines += 1;
      return this.#streak.lines < MAX_MALFORMED_STREAK
        ? undefined
        : new MalformedTextError(this.#streak.first);
    }
    if (!isAscii(content)) this.#streak = undefined;
    return undefined;
  }
}

function replaceControls(utf8: Buffer): Buffer {
  return Buffer.from(utf8.toString().replaceAll(new RegExp(CONTROL, 'g'), '\uFFFD'));
}

/** Rejects what no text has: bytes that the encoding leaves to control characters show that the guess is wrong. */
function withoutControls(
  toUtf8: (bytes: Buffer) => Buffer | undefined,
): (bytes: Buffer) => Buffer | undefined {
  return (bytes) => {
    const utf8 = toUtf8(bytes);
    return utf8 !== undefined && !isAscii(utf8) && CONTROL.test(utf8.toString()) ? undefined : utf8;
  };
}

/** The control characters outside ASCII. */
const CONTROL = /[\u0080-\u009f]/;

/** Converts text to UTF-8; `undefined` if it is malformed. */
function utf8Converter(encoding: string): (bytes: Buffer) => Buffer | undefined {
  if (encoding === 'utf-8') return (bytes) => (isUtf8(bytes) ? bytes : undefined);
  const options = { fatal: true, ignoreBOM: true };
  return (bytes) => {
    const decoder = createDecoder(encoding, options);
    try {
      // Without `stream`, Node 20 decodes windows-1252 as if it were Latin-1 (the euro sign becomes U+0080).
      return Buffer.from(decoder.decode(bytes, { stream: true }) + decoder.decode());
    } catch {
      // TextDecoder does not report where; see `findMalformed`.
      return undefined;
    }
  };
}

function linesBefore({ utf8, malformed }: TextBlock, at: number): TextBlock {
  const before = utf8.subarray(0, at);
  const end = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  return { utf8: before.subarray(0, end), malformed: malformed.filter((line) => line.at < end) };
}

/** @param text - from the start of the line with the NUL. */
function nulError(line: number, text: Buffer): NotCsvError {
  const nul = text.indexOf(0);
  const padded = text.subarray(nul);
  if (padded.length > 1 && padded.every((byte) => byte === 0)) {
    return new NotCsvError(
      `From line ${line} on, the file has only NUL characters: it was not written completely.`,
      {
        hint: 'Copy or export the file again, and check that the disk is not full.',
      },
    );
  }
  if (line > 1 && text[0] !== 0 && text[1] === 0 && text[2] !== 0 && text[3] === 0) {
    return new NotCsvError(`Line ${line} is in UTF-16, but the lines above it are not.`, {
      hint: 'Export the file again in one encoding, such as UTF-8: two programs have written to it.',
    });
  }
  return line > 1
    ? new NotCsvError(`Line ${line} contains a NUL character (U+0000), which does not occur in text.`, {
        hint: 'Remove it, or export the file again.',
      })
    : new NotCsvError(`Line ${line} contains a NUL character, so the file is not text.`, {
        hint: 'Save the file as CSV, or set --encoding utf-16le if it is UTF-16 text.',
      });
}
