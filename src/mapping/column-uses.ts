import type { CellReader } from './compile-reader.js';
import { nameOf, type KnownAttributes } from './match-header.js';
import type { FieldMapping } from './value-source.js';

/** What a column of the file feeds, as far as it matters how a spreadsheet stores its cells. */
export interface ColumnUse {
  /** The first value that it feeds, as messages name it. */
  readonly name: string;
  /** Whether a date is expected, or cannot be judged. */
  readonly mayBeDate: boolean;
  /** Whether it is a phone number that is sent as it is written. */
  readonly isPhone: boolean;
}

/** By index. Columns that feed nothing are absent. */
export type ColumnUses = ReadonlyMap<number, ColumnUse>;

export function columnUsesOf(
  fields: readonly FieldMapping[],
  readers: ReadonlyMap<string, CellReader>,
  { attributes }: Pick<KnownAttributes, 'attributes'>,
): ColumnUses {
  const uses = new Map<number, ColumnUse>();
  for (const { path, source } of fields) {
    const { columns = [], column = '' } = readers.get(path) ?? {};
    const name = nameOf(path);
    const format = source.kind === 'column' ? source : undefined;
    const mayBeDate =
      format === undefined ||
      format.date !== undefined ||
      attributes.get(name)?.format?.startsWith('date') === true ||
      isDateName(name) ||
      isDateName(column);
    const isPhone = format !== undefined && format.e164 === undefined && PHONE.test(name);
    for (const index of columns) if (!uses.has(index)) uses.set(index, { name, mayBeDate, isPhone });
  }
  return uses;
}

/** Whether the name of an attribute or a column suggests dates. The type of a date is text, unless an org says more. */
export function isDateName(name: string): boolean {
  return DATE.test(name);
}

const DATE =
  /date|datum|fecha|\bdata\b|birth|geburt|naiss|nasc|\bdob\b|start|begin|hire|join|since|until|expir|valid|anniversar|\b(?:end|day)|(?:End|Day)(?![a-z])|time(?!zone)|日/i;
const PHONE = /phone|mobile|fax|\btel/i;
