import { stripVTControlCharacters } from 'node:util';

import stringWidth from 'string-width';

/** A command to be copied whole: broken, it would be two. */
const COMMAND = /^\s*okta-csv-import /;
/** In less room than that nothing can be arranged. */
const LEAST_COLUMNS = 20;

/**
 * Breaks a line between words where a terminal would break it in the middle of one. A word that is longer than the terminal is
 * wide stays whole.
 *
 * @param hang - columns by which what follows is indented; by default as the line is.
 */
export function wrap(line: string, columns: number, hang?: number): string {
  if (
    columns < LEAST_COLUMNS ||
    stringWidth(line) <= columns ||
    COMMAND.test(stripVTControlCharacters(line))
  ) {
    return line;
  }
  const [indent = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  // What is hung up, such as a flag before its description, is never broken off.
  const kept = Math.max(hang ?? 0, indent.length);
  let current = line.slice(0, kept);
  let isEmpty = true;
  for (const word of line.slice(kept).split(' ')) {
    const longer = isEmpty ? current + word : `${current} ${word}`;
    if (!isEmpty && stringWidth(longer) > columns) {
      lines.push(current.trimEnd());
      current = ' '.repeat(kept) + word;
    } else {
      current = longer;
    }
    isEmpty = false;
  }
  return [...lines, current].join('\n');
}
