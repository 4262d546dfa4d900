/**
 * A row on its way into the page: one line, its fields between tabs, in the order of `results.csv`.
 *
 * What would end a field, a line or the script element around them is escaped with a backslash, and so are the characters
 * that an HTML parser changes (NUL, CR). A line can be searched as it stands for words that are escaped the same way.
 */
export function toRowLine(fields: readonly string[]): string {
  return fields.map(escaped).join('\t');
}

export function fromRowLine(line: string): string[] {
  return line.split('\t').map(unescaped);
}

/** As it stands in a row's line. */
export function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replaceAll(SPECIALS, (character) => ESCAPES[character]!) : text;
}

function unescaped(text: string): string {
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
