import { stripVTControlCharacters } from 'node:util';

/** Commands stay on one line, to be copied. */
const COMMAND = /^\s*okta-csv-import /;
/** Narrower terminals break lines by themselves. */
const LEAST_COLUMNS = 20;

/**
 * Breaks a line between words, where a terminal would break it in the middle of one. A word that is wider than the terminal
 * stays whole.
 *
 * @param widthOf - the columns that a text takes.
 * @param hang - columns by which the following lines are indented; by default as the first line is.
 */
export function wrap(
  line: string,
  columns: number,
  widthOf: (text: string) => number,
  hang?: number,
): string {
  if (columns < LEAST_COLUMNS || widthOf(line) <= columns || COMMAND.test(stripVTControlCharacters(line))) {
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
    if (!isEmpty && widthOf(longer) > columns) {
      lines.push(current.trimEnd());
      current = ' '.repeat(kept) + word;
    } else {
      current = longer;
    }
    isEmpty = false;
  }
  return [...lines, current].join('\n');
}
