import type { ProfileValue } from '../okta/types.js';

/** Between the values of a list, unless a mapping file sets others. */
export const LIST_SEPARATOR = ';';

/** The format of a column's cells. */
export interface CellFormat {
  /** What separates several values in a cell: any of these. */
  readonly split?: readonly string[] | undefined;
  /** The format of dates: `dd/MM/yyyy`. */
  readonly date?: string | undefined;
  /** The default country (ISO 3166-1, `DE`) of phone numbers, which are sent as E.164. */
  readonly e164?: string | undefined;
  /** The decimal separator; the other one, spaces or apostrophes may then separate thousands. */
  readonly decimal?: '.' | ',' | undefined;
  /** A part of the whole names in the cells: `Ann` or `van der Lee` of `Dr. Ann van der Lee`. */
  readonly namePart?: NamePart | undefined;
  /** The cells name a person of the file or the org: which value of that person is sent. */
  readonly personAs?: PersonAs | undefined;
  /** Cells to replace, before they are read in any other way: `DE` for `Germany`. In any case, unless a key has that very case. */
  readonly values?: ReadonlyMap<string, string> | undefined;
  /** Additional words for true and false, in lower case; '' is the empty cell. */
  readonly booleanWords?: ReadonlyMap<string, boolean> | undefined;
}

/** What is sent of a person whom a cell names. */
export type PersonAs = 'id' | 'login' | 'email' | 'employeeNumber' | 'name';
export const PERSON_VALUES = [
  'id',
  'login',
  'email',
  'employeeNumber',
  'name',
] as const satisfies readonly PersonAs[];

/** The part of a whole name. */
export type NamePart = 'given' | 'family';

/** Where a value comes from. */
export type ValueSource =
  | ({
      readonly kind: 'column';
      readonly column: string;
      /** Alternative columns, if the file does not have that one. The first that it has is used. */
      readonly orElse?: readonly string[] | undefined;
    } & CellFormat)
  /** Columns that feed one list, such as `Group 1` and `Group 2`. */
  | { readonly kind: 'columns'; readonly columns: readonly string[]; readonly split?: CellFormat['split'] }
  | ({ readonly kind: 'template'; readonly template: string } & Omit<
      CellFormat,
      'date' | 'e164' | 'namePart' | 'personAs' | 'values'
    >)
  | { readonly kind: 'constant'; readonly value: NonNullable<ProfileValue> }
  /** A password that is made for each row when it is sent, unless its cell has one. */
  | { readonly kind: 'generated'; readonly length: number; readonly column?: ColumnSource | undefined };

export type ColumnSource = Extract<ValueSource, { kind: 'column' }>;

/** The value at `path` of Okta's request body comes from `source`. */
export interface FieldMapping {
  readonly path: string;
  readonly source: ValueSource;
  /** The line of the mapping file; undefined if the column was recognized by its name. */
  readonly line: number | undefined;
}

/** The columns that a source names. Those of a template are found when it is compiled. */
export function columnsOf(source: ValueSource): readonly string[] {
  if (source.kind === 'columns') return source.columns;
  if (source.kind === 'generated') return source.column === undefined ? [] : columnsOf(source.column);
  return source.kind === 'column' ? [source.column] : [];
}
