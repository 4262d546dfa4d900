/** What is wrong with a cell or a row, found before anything is sent. Never holds a secret. */
export interface Problem {
  /** Stable, kebab-case: a `ProblemCode`, or one of those that need the org (`unknown-group`, ...). */
  readonly code: string;
  /** The column's name as the file spells it; undefined for the whole row. */
  readonly column: string | undefined;
  /** What is wrong and what to do about it, for an admin. */
  readonly message: string;
  /** Set when an existing user can be updated all the same. */
  readonly blocksOnlyCreate?: true;
}

/** Every code that mapping and validating a row can give. Scripts branch on them. */
export type ProblemCode =
  | RowProblemCode
  | DamageProblemCode
  | ProfileProblemCode
  | CredentialsProblemCode
  | MembershipProblemCode;

/** About the whole row. */
type RowProblemCode =
  | 'malformed-text'
  | 'empty-row'
  | 'row-too-short'
  | 'row-too-long'
  | 'row-unmended'
  | 'row-shifted'
  | 'header-repeated'
  | 'not-a-person'
  | 'same-user-invalid'
  | 'secret-redacted'
  | 'template-failed'
  | 'dates-reversed';

/** About damage that spreadsheets and other programs do to cells. */
type DamageProblemCode =
  | 'excel-error'
  | 'excel-scientific'
  | 'excel-date-serial'
  | 'excel-long-number'
  | 'formula-not-calculated'
  | 'character-lost'
  | 'control-character'
  // in IDs and phone numbers
  | 'program-output'
  // in logins and email addresses
  | 'smart-quote'
  | 'invisible-character'
  | 'mixed-scripts';

/**
 * What looks wrong but may be intended, so the row is still sent. `invisible-character` and `mixed-scripts` are problems
 * in logins and email addresses, and warnings everywhere else; `group-list` is a problem if the org has no such group.
 */
export type WarningCode =
  | 'leading-zero-lost'
  | 'excel-date'
  | 'phone-as-number'
  | 'phone-without-digits'
  | 'apostrophe-first'
  | 'program-output'
  | 'name-split'
  | 'name-odd'
  | 'line-break'
  | 'digits-grouped'
  | 'digits-lost'
  | 'group-list'
  | 'domain-without-dot'
  | 'text-garbled'
  | 'character-lost'
  | 'unicode-normalised'
  | 'value-shared'
  | 'sourced-elsewhere'
  | 'realm-kept'
  | 'invisible-character'
  | 'mixed-scripts';

/** About a profile attribute. */
type ProfileProblemCode =
  // the cell does not have the attribute's type
  | 'not-a-boolean'
  | 'not-a-number'
  | 'not-an-integer'
  | 'not-a-date'
  | 'not-a-phone-number'
  | 'wrong-type'
  // the attribute cannot be set, or must be
  | 'required-missing'
  | 'attribute-unknown'
  | 'attribute-read-only'
  // the schema does not allow the value
  | 'too-short'
  | 'too-long'
  | 'below-minimum'
  | 'above-maximum'
  | 'not-one-of'
  | 'pattern-mismatch'
  | 'unsupported-character'
  // the value does not have the attribute's format
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

/** About `credentials`, and the flags that concern them. */
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
type MembershipProblemCode = 'group-everyone' | 'group-name' | 'group-list';

/** What a check finds wrong with a value: a problem whose column is not known yet. */
export interface ValueProblem {
  readonly code: ProblemCode;
  readonly message: string;
}

/** Returns the column that an attribute is read from, or undefined for none. */
export type ColumnOf = (attribute: string) => string | undefined;
