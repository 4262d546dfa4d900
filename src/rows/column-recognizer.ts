/** What a column is for, as far as reading a file depends on it. */
export type ColumnMeaning =
  /** A login or an email address. */
  | 'address'
  /** A part of a person's name, which messages may quote as an example. */
  | 'name'
  /** A list of groups. */
  | 'groups'
  | 'other';

/** Recognizes a column by its name. @returns undefined for an unknown one. */
export type ColumnRecognizer = (name: string) => ColumnMeaning | undefined;
