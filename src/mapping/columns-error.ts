import { OktaImportError } from '../errors.js';
import type { Problem } from '../rows/problem.js';

/** What is wrong with a column, or with a line of the mapping file; the whole run waits for it. */
export type ColumnProblemCode =
  | 'delimiter-wrong' // the header is one column, which another delimiter would cut
  | 'column-unknown' // nothing in Okta has that name
  | 'column-unused' // recognised, but the mapping file takes that value from elsewhere
  | 'column-repeated' // two columns mean one thing
  | 'column-missing' // the mapping file, or --ignore-columns, names a column that the file does not have
  | 'column-ignored' // mapped and ignored
  | 'attribute-unknown' // the mapping file names an attribute that the org does not have
  | 'template-invalid'
  | 'constant-invalid'
  | 'login-missing';

export type ColumnProblem = Problem & { readonly code: ColumnProblemCode };

/** Header and mapping do not fit together; nothing can be sent. The message names every column that is in the way. */
export class ColumnsError extends OktaImportError {
  override readonly code = 'ERR_COLUMNS';
  readonly problems: readonly ColumnProblem[];

  /** @param isOrgSchema - false offline, where the org's own attributes are not known. */
  constructor(problems: readonly ColumnProblem[], isOrgSchema: boolean) {
    const codes = new Set(problems.map(({ code }) => code));
    super(problems.map(({ message }) => message).join('\n'), { hint: hintFor(codes, isOrgSchema) });
    this.problems = problems;
  }
}

function hintFor(codes: ReadonlySet<ColumnProblemCode>, isOrgSchema: boolean): string {
  if (codes.has('delimiter-wrong')) {
    return 'Leave --delimiter out to have it detected, or give the right one. If quotes stand around whole lines, export the file again without them.';
  }
  if (!codes.has('column-unknown')) return 'Correct the header of the file, or its mapping.';
  const mapping =
    'Map the columns in a mapping file (--mapping), or name those that feed nothing with --ignore-columns.';
  const offline = "This is offline: with --org, the org's own attributes are known as well.";
  return isOrgSchema ? mapping : `${mapping}\n${offline}`;
}
