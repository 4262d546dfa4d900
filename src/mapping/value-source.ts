import type { ProfileValue } from '../okta/types.js';

/** The format of a column's cells. */
export interface CellFormat {
  /** Separates several values in a cell. */
  readonly split?: string | undefined;
  /** The format of dates: `dd/MM/yyyy`. */
  readonly date?: string | undefined;
  /** The default country (ISO 3166-1, `DE`) of phone numbers, which are sent as E.164. */
  readonly e164?: string | undefined;
  /** The decimal separator; the other one, spaces or apostrophes may then separate thousands. */
  readonly decimal?: '.' | ',' | undefined;
  /** Additional words for true and false, in lower case; '' is the empty cell. */
  readonly booleanWords?: ReadonlyMap<string, boolean> | undefined;
}

/** Where a value comes from. */
export type ValueSource =
  | ({
      readonly kind: 'column';
      readonly column: string;
      /** Alternative columns, if the file does not have that one. The first that it has is used. */
      readonly orElse?: readonly string[] | undefined;
    } & CellFormat)
  | ({ readonly kind: 'template'; readonly template: string } & Omit<CellFormat, 'date' | 'e164'>)
  | { readonly kind: 'constant'; readonly value: NonNullable<ProfileValue> };

/** The value at `path` of Okta's request body comes from `source`. */
export interface FieldMapping {
  readonly path: string;
  readonly source: ValueSource;
  /** The line of the mapping file; undefined if the column was recognized by its name. */
  readonly line: number | undefined;
}
