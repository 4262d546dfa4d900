import type { ColumnProblem } from './columns-error.js';
import type { HeaderMatcher } from './match-header.js';

/** The usual delimiters, as messages and as `--delimiter` name them. */
const DELIMITERS = [
  { character: ',', plural: 'commas', flag: '","' },
  { character: ';', plural: 'semicolons', flag: '";"' },
  { character: '\t', plural: 'tabs', flag: 'tab' },
  { character: '|', plural: 'vertical bars', flag: '"|"' },
] as const;

/**
 * Detects a header that another delimiter would split; it explains all other problems. The header is not quoted in the message:
 * if the header line is missing, it is a user's data.
 *
 * @returns Undefined for several columns, or one column that is probably a name.
 */
export function detectWrongDelimiter(
  header: readonly string[],
  { pathOf }: Pick<HeaderMatcher, 'pathOf'>,
): ColumnProblem | undefined {
  const [line, ...others] = header;
  if (line === undefined || others.length > 0) return undefined;
  const splits = DELIMITERS.map((delimiter) => ({ ...delimiter, parts: line.split(delimiter.character) }));
  const { plural, flag, parts } = splits.reduce((best, split) =>
    split.parts.length > best.parts.length ? split : best,
  );
  // A single comma may be part of a name.
  const isSplit =
    parts.length > 2 || (parts.length === 2 && parts.every((part) => pathOf(part) !== undefined));
  if (!isSplit) return undefined;
  const message = `The header is a single column that contains ${plural}. The delimiter is probably wrong; try --delimiter ${flag}.`;
  return { code: 'delimiter-wrong', column: undefined, message };
}
