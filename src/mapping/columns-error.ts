import { OktaImportError } from '../errors.js';
import type { Problem } from '../rows/problem.js';

/** Codes of problems with a column or with a line of the mapping file. They block the whole run. */
export type ColumnProblemCode =
  | 'delimiter-wrong' // the header is one column that another delimiter would split
  | 'column-unknown' // Okta has nothing by that name
  | 'column-unused' // recognized, but the mapping file takes that value from elsewhere
  | 'column-repeated' // two columns mean the same
  | 'column-missing' // named by the mapping file or --ignore-columns, but not in the file
  | 'column-ignored' // both mapped and ignored
  | 'attribute-unknown' // in the mapping file, but not in the org
  | 'template-invalid'
  | 'constant-invalid'
  | 'login-missing';

export type ColumnProblem = Problem & { readonly code: ColumnProblemCode };

/** The header and the mapping do not match, so nothing can be sent. The message lists every problem. */
export class ColumnsError extends OktaImportError {
  override readonly code = 'ERR_COLUMNS';
  readonly problems: readonly ColumnProblem[];

  /** @param isOrgSchema - False offline, where the org's custom attributes are unknown. */
  constructor(problems: readonly ColumnProblem[], isOrgSchema: boolean) {
    const codes = new Set(problems.map(({ code }) => code));
    super(problems.map(({ message }) => message).join('\n'), { hint: hintFor(codes, isOrgSchema) });
    this.problems = problems;
  }
}

function hintFor(codes: ReadonlySet<ColumnProblemCode>, isOrgSchema: boolean): string {
  if (codes.has('delimiter-wrong')) {
    return 'Omit --delimiter to have it detected, or set the right one. If whole lines are in quotes, export the file again without them.';
  }
  if (!codes.has('column-unknown')) return 'Correct the header of the file, or its mapping.';
  const mapping = 'Map the columns in a mapping file (--mapping), or ignore them with --ignore-columns.';
  const offline = "This check is offline. With --org, it also knows the org's custom attributes.";
  return isOrgSchema ? mapping : `${mapping}\n${offline}`;
}
