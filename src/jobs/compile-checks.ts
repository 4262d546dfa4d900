import type { Row } from '../csv/records.js';
import { createHeaderMatcher } from '../mapping/match-header.js';
import type { MappingFile } from '../mapping/mapping-file.js';
import { compileMapping, type Mapping } from '../mapping/mapping.js';
import type { Problem } from '../rows/problem.js';
import { toUserRequest } from '../mapping/user-request.js';
import type { IfExists } from '../journal/journal-line.js';
import type { CheckedRow } from '../engine/plan.js';
import { createChecker } from '../validation/validate-row.js';

import type { OrgMetadata } from '../org/org-metadata.js';

/** What decides what becomes of a row, beside what it says. */
export interface RowRules {
  /** Whether people are created active; else they are staged. */
  readonly activate: boolean;
  /** Whether people choose a new password when they first sign in. */
  readonly changePassword: boolean;
  /** Names or ids of groups that everyone joins. */
  readonly groups: readonly string[];
  /** Name or id of the user type of everyone whose row says none. */
  readonly userType: string | undefined;
  /** Columns that feed nothing. */
  readonly ignoreColumns: readonly string[];
  /** What to do where the login is taken. */
  readonly ifExists: IfExists;
  /** Whether an empty cell empties the attribute of a user who is there. */
  readonly clearEmpty: boolean;
}

export type OnWarning = (
  warning: Problem,
  about: { readonly row: Row; readonly login: string | undefined },
) => void;

/** Rows of one file become checked rows, the same way whether they are sent afterwards or not. */
export interface Checks {
  readonly mapping: Mapping;
  /** Tells what is odd about a row and does not keep it from being sent. */
  readonly warn: OnWarning;
  /**
   * As many at once as come at once.
   *
   * @param rows - the file's, every one, in order.
   * @param isSettled - whether a row has its outcome from an earlier process, and only matters to those that have none.
   */
  check(rows: RowsOrBatches, isSettled?: (row: number) => boolean): AsyncGenerator<readonly CheckedRow[]>;
}

/** Rows, one at a time or as many as come at once: the promise for each costs as much as reading it. */
export type RowsOrBatches = AsyncIterable<Row | readonly Row[]>;

/** Whether any row can name a user type: if none does, the org need not be asked for its types. */
export function namesUserTypes(
  header: readonly string[],
  { userType }: Pick<RowRules, 'userType'>,
  mappingFile: MappingFile | undefined,
): boolean {
  const { pathOf } = createHeaderMatcher({ attributes: new Map(), isOrgSchema: false });
  return (
    userType !== undefined ||
    mappingFile?.fields.some(({ path }) => path === 'type.id') === true ||
    header.some((column) => pathOf(column) === 'type.id')
  );
}

/** @throws {ColumnsError} header, mapping and org do not fit together. */
export function compileRowChecks(
  header: readonly string[],
  rules: RowRules,
  {
    mappingFile,
    knowledge,
    onWarning,
  }: {
    readonly mappingFile: MappingFile | undefined;
    readonly knowledge: OrgMetadata;
    readonly onWarning: OnWarning;
  },
): Checks {
  const { isOrgSchema } = knowledge;
  const mapping = compileMapping(header, {
    mappingFile,
    attributes: knowledge.attributes,
    isOrgSchema,
    ignoreColumns: rules.ignoreColumns,
    defaults: { groups: rules.groups, type: rules.userType },
    emptyIsNull: rules.clearEmpty,
  });
  const problemsOf = createChecker({
    schemaFor: knowledge.schemaFor,
    activate: rules.activate,
    changePassword: rules.changePassword,
    columnOf: mapping.columnOf,
    isOrgSchema,
    onWarning,
  });
  return {
    mapping,
    warn: onWarning,
    async *check(rows, isSettled) {
      for await (const next of rows) {
        const batch = 'cells' in next ? [next] : next;
        yield batch.map((row) => {
          const mapped = toUserRequest(row, mapping);
          return { mapped, problems: problemsOf(mapped, isSettled?.(row.row)) };
        });
      }
    },
  };
}
