import type { ProfileValue, UserSchemaAttribute } from '../okta/types.js';
import { hasFormula } from '../text.js';

type Value = NonNullable<ProfileValue>;

/**
 * Cells with a value in JSON, for values that a plain cell cannot hold: `" padded "` for ` padded `, `["a;b","c"]` for the list of
 * `a;b` and `c`. The value is sent exactly like that.
 *
 * A text in quotes is read as JSON only if it has to be: if without them it would be read as another value, or run as a formula.
 * A name such as `"Bob"` keeps its quotes.
 */
export interface JsonCells {
  /** The value of a cell in JSON; undefined for other cells. */
  readonly valueOf: (cell: string) => Value | undefined;
  /** The value of any cell; undefined for an empty or invalid one. */
  readonly read: (cell: string) => Value | undefined;
}

/** @param readPlain - Reads cells that are not JSON. */
export function compileJsonCells(
  type: UserSchemaAttribute['type'],
  readPlain: (cell: string) => Value | undefined,
): JsonCells {
  const valueOf = (cell: string): Value | undefined => {
    const first = cell.charCodeAt(0);
    if (type === 'array') return first === OPENING_BRACKET ? listIn(cell) : undefined;
    const text = first === QUOTATION_MARK ? textIn(cell) : undefined;
    if (text === undefined || text === '') return undefined;
    if (type !== 'string') return hasFormula(text) ? readPlain(text) : undefined;
    return hasFormula(text) || read(text) !== text ? text : undefined;
  };
  const read = (cell: string): Value | undefined => valueOf(cell) ?? readPlain(cell);
  return { valueOf, read };
}

const [QUOTATION_MARK, OPENING_BRACKET] = ['"'.charCodeAt(0), '['.charCodeAt(0)];

function textIn(cell: string): string | undefined {
  const value = parsed(cell);
  return typeof value === 'string' ? value : undefined;
}

/** A list in JSON, of texts or of numbers; undefined for anything else. */
export function listIn(cell: string): readonly string[] | readonly number[] | undefined {
  const list = parsed(cell);
  if (!Array.isArray(list)) return undefined;
  if (list.every((item): item is string => typeof item === 'string')) return list;
  return list.every((item): item is number => typeof item === 'number') ? list : undefined;
}

function parsed(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    // Not JSON.
    return undefined;
  }
}
