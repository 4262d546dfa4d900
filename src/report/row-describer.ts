import type { CompletedRow } from '../rows/outcome.js';

/** A value of a user, as a table shows it. */
export interface ShownField {
  /** Attribute, `groups`, `type`, or a part of the credentials. */
  readonly name: string;
  /** Where it is read from, as the file spells it; undefined for constants, and for templates with several columns. */
  readonly column: string | undefined;
}

/** Reads what reports show of a row besides its outcome. Never returns a secret. */
export interface RowDescriber {
  /** The columns of `valuesOf`. */
  readonly fields: readonly ShownField[];
  /** Whether any row can name groups. */
  readonly hasGroups: boolean;
  /** First and last name; empty when unknown. */
  nameOf(completed: CompletedRow): string;
  /** Names or IDs. */
  groupsOf(completed: CompletedRow): readonly string[];
  /** The values as they would be sent; for an update, `old → new`. */
  valuesOf(completed: CompletedRow): readonly string[];
}
