import { stripVTControlCharacters } from 'node:util';

import { textWidth } from './text-width.js';

/** Commands stay on one line, to be copied. */
const COMMAND = /^\s*okta-csv-import /;
/** Narrower terminals break lines by themselves. */
const MIN_COLUMNS = 20;

/**
 * Breaks a line between words, where a terminal would break it within a word. A word wider than the terminal stays whole.
 *
 * @param hang - indent of the following lines; by default that of the first line.
 */
export function wrap(line: string, columns: number, hang?: number): string {
  if (columns < MIN_COLUMNS || textWidth(line) <= columns || COMMAND.test(stripVTControlCharacters(line))) {
    return line;
  }
  const [indent = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  // A flag stays on the line of its description.
  const kept = Math.max(hang ?? 0, indent.length);
  let current = line.slice(0, kept);
  let isEmpty = true;
  for (const word of line.slice(kept).split(' ')) {
    const longer = isEmpty ? current + word : `${current} ${word}`;
    if (!isEmpty && textWidth(longer) > columns) {
      lines.push(current.trimEnd());
      current = ' '.repeat(kept) + word;
    } else {
      current = longer;
    }
    isEmpty = false;
  }
  return [...lines, current].join('\n');
}
