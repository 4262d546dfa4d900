import type { RowOutcome } from '../../rows/outcome.js';
import { isFailure } from '../../rows/status-table.js';
import { RESULT_COLUMNS, resultFields } from '../results-columns.js';

import { toRowLine } from './row-line.js';

/** The fields of a row in the page: those of `results.csv`, the person's name, and the numbers of its causes of failure. */
export const PAGE_COLUMNS = [...RESULT_COLUMNS, 'name', 'causes'] as const;

/** What a row's line has after the fields of `results.csv`. */
export interface PageRow {
  readonly name: string;
  /** See `FailureGroup.cause`. */
  readonly causes: readonly number[];
  /** In the order of the page's fields; empty for pages without. */
  readonly values?: readonly string[] | undefined;
}

const REQUEST_ID = RESULT_COLUMNS.indexOf('requestId');

/** The line of a row in the page. */
export function toPageLine(outcome: RowOutcome, { name, causes, values = [] }: PageRow): string {
  const fields = [...resultFields(outcome)];
  // The request ID is needed only to ask Okta about a failure.
  if (!isFailure(outcome.status)) fields[REQUEST_ID] = '';
  return toRowLine([...fields, name, causes.join(' '), ...values]);
}
