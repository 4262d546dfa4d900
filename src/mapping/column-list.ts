/**
 * Reads the names in `--ignore-columns`, separated by commas. A name with a comma stands in double quotes, as in a CSV file.
 */
export function parseColumnList(text: string): readonly string[] {
  const names = text.match(/(?:\s*"(?:[^"]|"")*"\s*(?=,|$))|[^,]+/g) ?? [];
  return names.map((name) => unquoted(name.trim())).filter((name) => name !== '');
}

/** The names as `parseColumnList` reads them. */
export function formatColumnList(names: readonly string[]): string {
  return names.map((name) => (/^\s*"|,/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(',');
}

function unquoted(name: string): string {
  return /^".*"$/s.test(name) && name.length > 1 ? name.slice(1, -1).replaceAll('""', '"').trim() : name;
}
