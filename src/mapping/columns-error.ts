import { OktaImportError } from '../errors.js';
import type { Problem } from '../rows/problem.js';
import { listOf, quoted } from '../text.js';

import { formatColumnList } from './column-list.js';
import type { KnownAttributes } from './match-header.js';

/** Codes of problems with a column or with a line of the mapping file. They block the whole run. */
export type ColumnProblemCode =
  | 'delimiter-wrong' // the header is one column that another delimiter would split
  | 'column-unknown' // Okta has nothing by that name
  | 'column-ambiguous' // its name has several meanings
  | 'full-name' // it has whole names, and no other column has first and last names
  | 'column-unused' // recognized, but the mapping file takes that value from elsewhere
  | 'column-repeated' // two columns mean the same
  | 'column-missing' // named by the mapping file or --ignore-columns, but not in the file
  | 'column-ignored' // both mapped and ignored
  | 'attribute-unknown' // in the mapping file, but not in the org
  | 'template-invalid'
  | 'constant-invalid'
  | 'split-unused' // for an attribute that is no list
  | 'login-missing';

export interface ColumnProblem extends Problem {
  readonly code: ColumnProblemCode;
  /** What the column may mean, the best first: attributes, `groups`, … */
  readonly candidates?: readonly string[] | undefined;
}

/** How many columns, and how many other problems, a message lists. */
const MAX_LISTED = 20;

/** The header and the mapping do not match, so nothing can be sent. The message lists the problems. */
export class ColumnsError extends OktaImportError {
  override readonly code = 'ERR_COLUMNS';
  readonly problems: readonly ColumnProblem[];
  /** The attributes to which columns can be mapped. */
  readonly known: KnownAttributes;

  /** @param hint - replaces the usual one. */
  constructor(problems: readonly ColumnProblem[], known: KnownAttributes, hint?: string) {
    super(describeProblems(problems), { hint: hint ?? hintFor(problems, known.isOrgSchema) });
    this.problems = problems;
    this.known = known;
  }

  /** The columns that would have to be mapped or ignored, in the order of the file. */
  get unassigned(): readonly ColumnProblem[] {
    return this.problems.filter(({ code, column = '' }) => UNASSIGNED.has(code) && column.trim() !== '');
  }
}

const UNASSIGNED: ReadonlySet<ColumnProblemCode> = new Set([
  'column-unknown',
  'column-ambiguous',
  'column-repeated',
]);

/** One line per problem; unknown columns, of which a file may have hundreds, share one. */
function describeProblems(problems: readonly ColumnProblem[]): string {
  const unknown = problems.filter(
    ({ code, column = '' }) => code === 'column-unknown' && column.trim() !== '',
  );
  const lines: string[] = [];
  for (const problem of problems) {
    const isShared = unknown.length > 1 && unknown.includes(problem);
    if (!isShared) lines.push(problem.message);
    else if (problem === unknown[0]) lines.push(describeUnknown(unknown));
  }
  const more = lines.length - MAX_LISTED;
  return [...lines.slice(0, MAX_LISTED), ...(more > 0 ? [`There are ${more} more problems.`] : [])].join(
    '\n',
  );
}

function describeUnknown(unknown: readonly ColumnProblem[]): string {
  const shown = unknown.slice(0, MAX_LISTED).map(({ column = '', candidates: [closest] = [] }) => {
    const hint = closest === undefined ? '' : ` (did you mean ${quoted(closest)}?)`;
    return quoted(column) + hint;
  });
  const more = unknown.length - shown.length;
  return `${unknown.length} columns are unknown: ${listOf(more > 0 ? [...shown, `${more} more`] : shown)}.`;
}

function hintFor(problems: readonly ColumnProblem[], isOrgSchema: boolean): string {
  const codes = new Set(problems.map(({ code }) => code));
  if (codes.has('delimiter-wrong')) {
    return 'Omit --delimiter to have it detected, or set the right one. If whole lines are in quotes, export the file again without them.';
  }
  const columns = columnsToIgnore(problems);
  if (columns.length === 0) return 'Correct the header of the file, or its mapping.';
  const [what, them] = columns.length === 1 ? ['column', 'it'] : ['columns', 'them'];
  const mapping = `Map the ${what} in a mapping file (--mapping), or ignore ${them}: --ignore-columns ${JSON.stringify(formatColumnList(columns))}`;
  const offline = "This check is offline. With --org, it also knows the org's custom attributes.";
  return isOrgSchema || !codes.has('column-unknown') ? mapping : `${mapping}\n${offline}`;
}

/** The columns without which the file could be imported. */
export function columnsToIgnore(problems: readonly ColumnProblem[]): readonly string[] {
  return problems.flatMap(({ code, column = '' }) =>
    UNASSIGNED.has(code) && column.trim() !== '' ? [column.trim()] : [],
  );
}
