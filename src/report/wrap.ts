import { stripVTControlCharacters } from 'node:util';

import stringWidth from 'string-width';

/** A command to be copied whole: broken, it would be two. */
const COMMAND = /^\s*okta-csv-import /;
/** In less room than that nothing can be arranged. */
const LEAST_COLUMNS = 20;

/**
 * Breaks a line between words where a terminal would break it in the middle of one; what follows is indented as the line is.
 * A word that is longer than the terminal is wide stays whole.
 */
export function wrap(line: string, columns: number): string {
  if (
    columns < LEAST_COLUMNS ||
    stringWidth(line) <= columns ||
    COMMAND.test(stripVTControlCharacters(line))
  ) {
    return line;
  }
  const [indent = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  let current = '';
  for (const word of line.slice(indent.length).split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && stringWidth(indent + longer) > columns) {
      lines.push(indent + current);
      current = word;
    } else {
      current = longer;
    }
  }
  return [...lines, indent + current].join('\n');
}
