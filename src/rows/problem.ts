/** One thing wrong with one cell or row, found before anything is sent. Never holds a secret. */
export interface Problem {
  /** Stable, kebab-case: one of `ProblemCode`, or of those that need the org (`unknown-group`, ...). */
  readonly code: string;
  /** The header of the column that it concerns, as the file spells it; undefined when it concerns the whole row. */
  readonly column: string | undefined;
  /** What is wrong and what to do about it, in words that an admin understands. */
  readonly message: string;
}

/** Every code that mapping a row (`people/`) and checking it (`schema/`) can give. Scripts branch on them. */
export type ProblemCode =
  | RowProblemCode
  | DamageProblemCode
  | ProfileProblemCode
  | CredentialsProblemCode
  | MembershipProblemCode;

/** About the row as such. */
type RowProblemCode =
  | 'malformed-text'
  | 'empty-row'
  | 'row-too-short'
  | 'row-too-long'
  | 'row-unmended'
  | 'row-shifted'
  | 'secret-redacted'
  | 'template-failed';

/** About what programs on the way have done to a cell. */
type DamageProblemCode =
  | 'excel-error'
  | 'excel-scientific'
  | 'excel-date-serial'
  | 'character-lost'
  // in logins and addresses
  | 'smart-quote'
  | 'invisible-character'
  | 'mixed-scripts';

/**
 * What is odd about a row and may still be meant: it is pointed out, and the row is sent. `invisible-character` and
 * `mixed-scripts` are problems in logins and addresses, and warnings everywhere else.
 */
export type WarningCode =
  | 'leading-zero-lost'
  | 'apostrophe-first'
  | 'domain-without-dot'
  | 'text-garbled'
  | 'unicode-normalised'
  | 'invisible-character'
  | 'mixed-scripts';

/** About a profile attribute. */
type ProfileProblemCode =
  // the cell is not of the attribute's type
  | 'not-a-boolean'
  | 'not-a-number'
  | 'not-an-integer'
  | 'not-a-date'
  | 'not-a-phone-number'
  | 'wrong-type'
  // the attribute cannot be set, or has to be
  | 'required-missing'
  | 'attribute-unknown'
  | 'attribute-read-only'
  // the value is outside what the schema allows
  | 'too-short'
  | 'too-long'
  | 'below-minimum'
  | 'above-maximum'
  | 'not-one-of'
  | 'pattern-mismatch'
  | 'unsupported-character'
  // the value is not in the attribute's format
  | 'not-an-email'
  | 'not-a-uri'
  | 'not-a-country-code'
  | 'not-a-language'
  | 'not-a-locale'
  | 'not-a-timezone'
  | 'not-a-date-time'
  // the login
  | 'login-not-an-email'
  | 'login-characters'
  | 'login-repeated'
  | 'value-repeated';

/** About `credentials`, and about the flags that go with them. */
type CredentialsProblemCode =
  | 'password-combination'
  | 'password-too-long'
  | 'hash-algorithm'
  | 'hash-field-missing'
  | 'hash-value'
  | 'hash-salt'
  | 'hash-salt-order'
  | 'hash-work-factor'
  | 'hash-iteration-count'
  | 'hash-key-size'
  | 'hash-digest-algorithm'
  | 'hook-type'
  | 'recovery-incomplete'
  | 'recovery-too-long'
  | 'recovery-answer-in-question'
  | 'provider-type'
  | 'provider-with-credentials'
  | 'change-password-without-password'
  | 'change-password-without-activation';

/** About groups. */
type MembershipProblemCode = 'group-everyone';

/** What a check says of a value: a problem that does not know its column yet. */
export interface ValueProblem {
  readonly code: ProblemCode;
  readonly message: string;
}

/** Returns the column that feeds an attribute, or undefined when none does. */
export type ColumnOf = (attribute: string) => string | undefined;
