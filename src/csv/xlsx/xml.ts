import { TextDecoder } from 'node:util';

import sax from 'sax';

import { damagedPartError, type DamagedFileError } from '../errors.js';
import { detectUnicodeEncoding } from '../file-signature.js';

import type { Archive } from './archive.js';

/** Callbacks while a part is read. Names have no namespace prefix. */
export interface XmlListener {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  /** Text may come in pieces. */
  text?(text: string): void;
  close?(name: string): void;
}

/** How much of a part is parsed at a time, so that the rows made from it stay few. */
const PIECE_CHARACTERS = 8 * 1024;
/** Limits on nested elements, and on attributes of one element, that no real workbook reaches, to bound the memory. */
const MAX_DEPTH = 64;
const MAX_ATTRIBUTES = 256;
/** Only the five entities of XML, not those of HTML. With `position`, the parser also detects endless names and comments. */
const OPTIONS: sax.SAXOptions & { readonly strictEntities: boolean } = {
  position: true,
  strictEntities: true,
};

/**
 * Parses a part of a workbook, and yields after each piece of it.
 *
 * @throws {DamagedFileError} It is not well-formed XML, or has a document type, which the standard forbids.
 */
export async function* readXml(
  bytes: AsyncIterable<Buffer>,
  part: string,
  listener: XmlListener,
): AsyncGenerator<void, void, undefined> {
  const parser = sax.parser(true, OPTIONS);
  const damaged = (reason: string, cause?: unknown) => damagedPartError(part, reason, cause);
  let depth = 0;
  let attributes = 0;
  Object.assign(parser, {
    onerror(error) {
      // The message may contain a long piece of the part.
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
      if (depth > MAX_DEPTH) throw damaged('elements are nested too deeply');
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

/** Reads a part of an archive, if it exists, to its end. */
export async function readPart(
  archive: Archive,
  part: string,
  maxBytes: number,
  listener: XmlListener,
): Promise<void> {
  const bytes = await archive.read(part, maxBytes);
  if (bytes === undefined) return;
  for await (const _ of readXml(bytes, part, listener));
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Decodes UTF-8, or UTF-16, which XML also allows. */
async function* decoded(
  bytes: AsyncIterable<Buffer>,
  damaged: (reason: string, cause: unknown) => DamagedFileError,
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
    decoder ??= new TextDecoder(detectUnicodeEncoding(chunk).detected?.encoding ?? 'utf-8', { fatal: true });
    yield text(chunk);
  }
  yield text();
}
