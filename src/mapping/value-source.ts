import type { ProfileValue } from '../okta/types.js';

/** How cells of a column write the values in them, where it is not as usual. */
export interface CellFormat {
  /** What separates the parts of the cell, for attributes and groups that take several. */
  readonly split?: string | undefined;
  /** How the cell writes dates: `dd/MM/yyyy`. */
  readonly date?: string | undefined;
  /** The country (ISO 3166-1, `DE`) whose national phone numbers the cell may hold; they are sent as E.164. */
  readonly e164?: string | undefined;
  /** What stands before decimals; the other of the two, spaces and apostrophes may then separate thousands. */
  readonly decimal?: '.' | ',' | undefined;
  /** Words for true and false beside the usual ones, in any case; '' is the empty cell. */
  readonly words?: ReadonlyMap<string, boolean> | undefined;
}

/** Where a value comes from, as the mapping file or the header row says it. */
export type ValueSource =
  | ({
      readonly kind: 'column';
      readonly column: string;
      /** Columns to take instead where the file has none of that name, the first that it has. */
      readonly orElse?: readonly string[] | undefined;
    } & CellFormat)
  | ({ readonly kind: 'template'; readonly template: string } & Omit<CellFormat, 'date' | 'e164'>)
  | { readonly kind: 'constant'; readonly value: NonNullable<ProfileValue> };

/** One line of a mapping: the value at `path` of Okta's body comes from `source`. */
export interface FieldMapping {
  readonly path: string;
  readonly source: ValueSource;
  /** Line of the mapping file that says so; undefined when the header row does. */
  readonly line: number | undefined;
}
