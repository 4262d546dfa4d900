import type { ProfileValue, UserSchemaAttribute } from '../okta/types.js';
import { isFormulaStart } from '../text.js';

type Value = NonNullable<ProfileValue>;

/**
 * Cells that say their value as JSON does, for what a plain cell cannot hold: ` padded ` is `" padded "`, the list of `a;b`
 * and `c` is `["a;b","c"]`. They are sent as they say, whatever is made of other cells.
 *
 * A text in quotes counts as one only where it has to be one: where its cell without them would be read as something else,
 * or run as a formula. Somebody called `"Bob"` stays in quotes.
 */
export interface JsonCells {
  /** The value of a cell that is one; undefined for any other. */
  readonly valueOf: (cell: string) => Value | undefined;
  /** What any cell says; undefined for nothing, and for what cannot be read. */
  readonly read: (cell: string) => Value | undefined;
}

/** @param readPlain - what a cell means that is not JSON. */
export function compileJsonCells(
  type: UserSchemaAttribute['type'],
  readPlain: (cell: string) => Value | undefined,
): JsonCells {
  const valueOf = (cell: string): Value | undefined => {
    const first = cell.charCodeAt(0);
    if (type === 'array') return first === OPENING_BRACKET ? listIn(cell) : undefined;
    const text = first === QUOTATION_MARK ? textIn(cell) : undefined;
    if (text === undefined || text === '') return undefined;
    if (type !== 'string') return isFormulaStart(text) ? readPlain(text) : undefined;
    return isFormulaStart(text) || read(text) !== text ? text : undefined;
  };
  const read = (cell: string): Value | undefined => valueOf(cell) ?? readPlain(cell);
  return { valueOf, read };
}

const [QUOTATION_MARK, OPENING_BRACKET] = ['"'.charCodeAt(0), '['.charCodeAt(0)];

function textIn(cell: string): string | undefined {
  const value = parsed(cell);
  return typeof value === 'string' ? value : undefined;
}

function listIn(cell: string): readonly string[] | readonly number[] | undefined {
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
