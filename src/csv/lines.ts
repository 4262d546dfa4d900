const LF = 0x0a;
const CR = 0x0d;

/** Finds line ends in encoded text. */
export interface LineEnds {
  /**
   * The end of the last whole line of a block; 0 if there is none. A CR at the very end does not count: it may be half of a CRLF.
   *
   * @param from - even; no line ends before it.
   */
  lastIn(block: Buffer, from?: number): number;
  /** Splits whole lines into their contents and line breaks. */
  split(lines: Buffer): Generator<Line, void, undefined>;
}

export interface Line {
  /** Index of its first byte. */
  readonly at: number;
  readonly content: Buffer;
  readonly lineBreak: Buffer;
}

/**
 * In every encoding but UTF-16, a line break is a single byte that is never part of a longer character; in UTF-16 it has two bytes.
 *
 * @param encoding - its name in the Encoding Standard, in lower case.
 */
export function lineEndsOf(encoding: string): LineEnds {
  switch (encoding) {
    case 'utf-16le':
      return lineEnds(2, (block, at) => block.readUInt16LE(at));
    case 'utf-16be':
      return lineEnds(2, (block, at) => block.readUInt16BE(at));
    default:
      return { ...lineEnds(1, (block, at) => block[at]!), lastIn: lastByteLineEnd };
  }
}

function lineEnds(width: 1 | 2, unitAt: (block: Buffer, at: number) => number): LineEnds {
  const lastUnit = (block: Buffer): number => block.length - (block.length % width) - width;
  return {
    lastIn(block, from = 0) {
      const last = lastUnit(block);
      for (let at = last; at >= from; at -= width) {
        const unit = unitAt(block, at);
        if (unit === LF || (unit === CR && at < last)) return at + width;
      }
      return 0;
    },
    *split(lines) {
      const last = lastUnit(lines);
      let start = 0;
      for (let at = 0; at <= last; at += width) {
        const unit = unitAt(lines, at);
        if (unit !== LF && unit !== CR) continue;
        const end =
          unit === CR && at < last && unitAt(lines, at + width) === LF ? at + 2 * width : at + width;
        yield { at: start, content: lines.subarray(start, at), lineBreak: lines.subarray(at, end) };
        start = end;
        at = end - width;
      }
      if (start < lines.length) {
        yield { at: start, content: lines.subarray(start), lineBreak: lines.subarray(lines.length) };
      }
    },
  };
}

function lastByteLineEnd(block: Buffer, from = 0): number {
  const unseen = block.subarray(from);
  const last = Math.max(unseen.lastIndexOf(LF), unseen.length < 2 ? -1 : unseen.lastIndexOf(CR, -2));
  return last === -1 ? 0 : from + last + 1;
}

/** Counts line breaks in UTF-8: CRLF, LF and a single CR count as one each. */
export function countUtf8LineBreaks(utf8: Buffer): number {
  let count = 0;
  for (let at = 0; at < utf8.length; at += 1) {
    if (utf8[at] === LF || (utf8[at] === CR && utf8[at + 1] !== LF)) count += 1;
  }
  return count;
}
