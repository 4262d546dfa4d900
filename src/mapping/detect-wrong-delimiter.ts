import type { ColumnProblem } from './columns-error.js';
import type { HeaderMatcher } from './match-header.js';

/** What files are usually cut at: as it is called, and as `--delimiter` takes it. */
const DELIMITERS = [
  { character: ',', plural: 'commas', flag: '","' },
  { character: ';', plural: 'semicolons', flag: '";"' },
  { character: '\t', plural: 'tabs', flag: 'tab' },
  { character: '|', plural: 'vertical bars', flag: '"|"' },
] as const;

/**
 * The one thing to say of a header that another delimiter would cut: whatever else is wrong with it follows from that.
 * None of it is quoted: where the header line is missing, a person stands there.
 *
 * @returns undefined for a header of several columns, or of one that is likely a name.
 */
export function detectWrongDelimiter(
  header: readonly string[],
  { pathOf }: Pick<HeaderMatcher, 'pathOf'>,
): readonly [ColumnProblem] | undefined {
  const [line, ...others] = header;
  if (line === undefined || others.length > 0) return undefined;
  const cuts = DELIMITERS.map((delimiter) => ({ ...delimiter, parts: line.split(delimiter.character) }));
  const { plural, flag, parts } = cuts.reduce((best, cut) =>
    cut.parts.length > best.parts.length ? cut : best,
  );
  // One comma may well be part of a name.
  const isCut = parts.length > 2 || (parts.length === 2 && parts.every((part) => pathOf(part) !== undefined));
  if (!isCut) return undefined;
  return [
    {
      code: 'delimiter-wrong',
      column: undefined,
      message: `The header is a single column that holds ${plural}: the delimiter is probably wrong, and --delimiter ${flag} right.`,
    },
  ];
}
