// Writes what was measured into the tables of docs/performance.md.
import { readFile, writeFile } from 'node:fs/promises';

const DOCS = 'docs/performance.md';

/**
 * Replaces the rows that have the same first two cells, and leaves the others as they are.
 *
 * @param tables - each with its header and its rows, as lists of cells.
 */
export async function updateDocs(tables) {
  let lines = (await readFile(DOCS, 'utf8')).split('\n');
  for (const { header, rows } of tables) lines = withTable(lines, header, rows);
  await writeFile(DOCS, lines.join('\n'));
}

function withTable(lines, header, rows) {
  const start = lines.findIndex((line) => keyOf(line) === keyOf(toLine(header)));
  if (start === -1) throw new Error(`${DOCS} has no table of ${header.join(', ')}.`);
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  const end = length === -1 ? lines.length : start + length;
  const measured = new Map(rows.map((row) => [keyOf(toLine(row)), toLine(row)]));
  const kept = lines.slice(start + 2, end).map((line) => {
    const replaced = measured.get(keyOf(line)) ?? line;
    measured.delete(keyOf(line));
    return replaced;
  });
  return [...lines.slice(0, start + 2), ...kept, ...measured.values(), ...lines.slice(end)];
}

export function toLine(cells) {
  return `| ${cells.join(' | ')} |`;
}

/** The first two cells of a row. */
function keyOf(line) {
  return line
    .split('|')
    .slice(1, 3)
    .map((cell) => cell.trim())
    .join('|');
}
