/**
 * Writes a row's fields as one line, separated by tabs, in the order of `results.csv`.
 *
 * Characters that would end a field, the line or the surrounding script element are escaped with a backslash, as are those
 * that an HTML parser changes (NUL, CR). A line can be searched without unescaping it, for text escaped the same way.
 */
export function toRowLine(fields: readonly string[]): string {
  return fields.map(escapeField).join('\t');
}

export function fromRowLine(line: string): string[] {
  return line.split('\t').map(unescapeField);
}

/** One field of a line, still escaped, without splitting the rest. */
export function fieldOf(line: string, column: number): string {
  let start = 0;
  for (let skip = column; skip > 0; skip -= 1) {
    const tab = line.indexOf('\t', start);
    if (tab < 0) return '';
    start = tab + 1;
  }
  const end = line.indexOf('\t', start);
  return end < 0 ? line.slice(start) : line.slice(start, end);
}

/** Text as it is in a row's line. */
export function escapeField(text: string): string {
  return SPECIAL.test(text) ? text.replaceAll(SPECIALS, (character) => ESCAPES[character]!) : text;
}

function unescapeField(text: string): string {
  return text.includes('\\')
    ? text.replaceAll(/\\([\\tnr0l])/g, (_, letter: string) => CHARACTERS[letter]!)
    : text;
}

// oxlint-disable-next-line no-control-regex
const SPECIAL = /[\\\t\n\r\0<]/;
const SPECIALS = new RegExp(SPECIAL, 'g');
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': String.raw`\\`,
  '\t': String.raw`\t`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\0': String.raw`\0`,
  '<': String.raw`\l`,
};
const CHARACTERS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ESCAPES).map(([character, escape]) => [escape.slice(1), character]),
);
