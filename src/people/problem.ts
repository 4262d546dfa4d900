/** One thing wrong with one cell or row, found before anything is sent. Never holds a secret. */
export interface Problem {
  /** Stable, kebab-case: `required-missing`, `login-repeated`, `unknown-group`, ... */
  readonly code: string;
  /** The header of the column that it concerns, as the file spells it; undefined when it concerns the whole row. */
  readonly column: string | undefined;
  /** What is wrong and what to do about it, in words that an admin understands. */
  readonly message: string;
}
