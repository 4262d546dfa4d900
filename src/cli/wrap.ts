import { textWidth } from './text-width.js';

/**
 * What is copied as a whole, so that it stays on one line: a command to the end of its line, a flag with its value, and an entry
 * of a mapping file.
 */
const UNBREAKABLE =
  /(?:okta-csv-import|chmod 600) .*$|--[\w-]+[ =](?:'[^']*'|"[^"]*"|[^\s'"]+)|\b\w+: \{[^{}]*\}/g;
/** Stands for a space in it: texts for the terminal have no control characters but escape sequences. */
const KEPT_SPACE = '\0';
/** Narrower terminals break lines by themselves. */
const MIN_COLUMNS = 20;

/**
 * Breaks a line between words, where a terminal would break it within a word. A word wider than the terminal stays whole.
 *
 * @param hang - indent of the following lines; by default that of the first line.
 */
export function wrap(line: string, columns: number, hang?: number): string {
  if (columns < MIN_COLUMNS || textWidth(line) <= columns) return line;
  const [indent = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  // A flag stays on the line of its description.
  const kept = Math.max(hang ?? 0, indent.length);
  let current = line.slice(0, kept);
  let isEmpty = true;
  for (const word of wordsOf(line.slice(kept))) {
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

function wordsOf(text: string): readonly string[] {
  return text
    .replaceAll(UNBREAKABLE, (unit) => unit.replaceAll(' ', KEPT_SPACE))
    .split(' ')
    .map((word) => word.replaceAll(KEPT_SPACE, ' '));
}
