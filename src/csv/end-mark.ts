import type { TextBlock } from './line-decoder.js';

/** Ctrl-Z (SUB) ends text files of DOS and CP/M, once or several times. */
const [LF, CR, SUB] = [0x0a, 0x0d, 0x1a];
/** More is not the end of a text. */
const MAX_HELD_BYTES = 64 * 1024;

/** Leaves out Ctrl-Z at the end of a text. Anywhere else it stays, and makes its row invalid. */
export async function* withoutEndMark(
  blocks: AsyncGenerator<TextBlock, void, undefined>,
): AsyncGenerator<TextBlock, void, undefined> {
  let held: Buffer = Buffer.alloc(0);
  for await (const next of blocks) {
    const block = held.length === 0 ? next : prependText(held, next);
    const end = startOfEndMark(block.utf8);
    held = block.utf8.subarray(end);
    if (held.length > MAX_HELD_BYTES) {
      held = Buffer.alloc(0);
      yield block;
    } else if (end > 0) {
      yield held.length === 0 ? block : { ...block, utf8: block.utf8.subarray(0, end) };
    }
  }
}

function startOfEndMark(utf8: Buffer): number {
  let end = utf8.length;
  for (let at = utf8.length - 1; at >= 0; at -= 1) {
    const byte = utf8[at];
    if (byte === SUB) end = at;
    else if (byte !== LF && byte !== CR) break;
  }
  return end;
}

function prependText(text: Buffer, { utf8, malformed, ...block }: TextBlock): TextBlock {
  return {
    ...block,
    utf8: Buffer.concat([text, utf8]),
    malformed: malformed.map((line) => ({ ...line, at: line.at + text.length })),
  };
}
