import { TextDecoder } from 'node:util';

import sax from 'sax';

import { DamagedFileError } from '../errors.js';
import { detectUnicodeEncoding } from '../file-signature.js';

/** What is called while a part is read. Names come without their namespace. */
export interface XmlListener {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  /** Text may come in pieces. */
  text?(text: string): void;
  close?(name: string): void;
}

/** So much of a part is parsed at a time, so that what a listener makes of it stays small. */
const PIECE_CHARACTERS = 8 * 1024;
/** Of elements within elements, and of attributes of one: what workbooks have none of is kept from filling the memory. */
const MAX_DEPTH = 64;
const MAX_ATTRIBUTES = 256;
/** Only the five entities of XML, none of HTML's. By its position the parser notices names, comments and the like without end. */
const OPTIONS: sax.SAXOptions & { readonly strictEntities: boolean } = {
  position: true,
  strictEntities: true,
};

/**
 * Reads a part of a workbook, and returns to the caller after each piece of it.
 *
 * @throws {DamagedFileError} It is no well-formed XML, or has a document type, which the standard forbids.
 */
export async function* readXml(
  bytes: AsyncIterable<Buffer>,
  part: string,
  listener: XmlListener,
): AsyncGenerator<void, void, undefined> {
  const parser = sax.parser(true, OPTIONS);
  const damaged = (why: string, cause?: unknown) =>
    new DamagedFileError(`${part} of the workbook is damaged (${why})`, cause);
  let depth = 0;
  let attributes = 0;
  Object.assign(parser, {
    onerror(error) {
      // Its message may hold as much of the part as the parser had in hand.
      throw damaged((error.message.split('\n', 1)[0] ?? '').slice(0, 60));
    },
    ondoctype() {
      throw damaged('it has a document type');
    },
    onattribute() {
      attributes += 1;
      if (attributes > MAX_ATTRIBUTES) throw damaged('too many attributes');
    },
    onopentag(tag) {
      depth += 1;
      attributes = 0;
      if (depth > MAX_DEPTH) throw damaged('elements within elements without end');
      listener.open?.(localName(tag.name), tag.attributes as Record<string, string>);
    },
    onclosetag(name) {
      depth -= 1;
      listener.close?.(localName(name));
    },
    ontext: (text) => listener.text?.(text),
    oncdata: (text) => listener.text?.(text),
  } satisfies Partial<sax.SAXParser>);

  for await (const text of decoded(bytes, damaged)) {
    for (let at = 0; at < text.length; at += PIECE_CHARACTERS) {
      parser.write(text.slice(at, at + PIECE_CHARACTERS));
      yield;
    }
  }
  parser.close();
  yield;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** UTF-8, or UTF-16, which XML allows as well. */
async function* decoded(
  bytes: AsyncIterable<Buffer>,
  damaged: (why: string, cause: unknown) => DamagedFileError,
): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined;
  const text = (chunk?: Buffer): string => {
    try {
      return chunk ? decoder!.decode(chunk, { stream: true }) : (decoder?.decode() ?? '');
    } catch (error) {
      throw damaged('malformed text', error);
    }
  };
  for await (const chunk of bytes) {
    decoder ??= new TextDecoder(detectUnicodeEncoding(chunk).encoding ?? 'utf-8', { fatal: true });
    yield text(chunk);
  }
  yield text();
}
