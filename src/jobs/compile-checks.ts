import type { Row } from '../rows/row.js';
import type { CheckedRow } from '../engine/plan.js';
import { createColumnFinder } from '../mapping/assign-columns.js';
import type { MappingFile } from '../mapping/mapping-file.js';
import { compileMapping, type Mapping } from '../mapping/mapping.js';
import { createHeaderMatcher } from '../mapping/match-header.js';
import type { RecognizedColumn } from '../mapping/recognize-columns.js';
import { toUserRequest } from '../mapping/user-request.js';
import type { OrgMetadata } from '../org/org-metadata.js';
import type { RowDescriber } from '../report/row-describer.js';
import type { ColumnOf, Problem } from '../rows/problem.js';
import { createRowValidator } from '../validation/validate-row.js';

import { createRowDescriber } from './describe-rows.js';
import type { Input, InputRow } from './input.js';
import { SKIPPED_AS_HIDDEN } from './hidden-rows.js';
import type { ImportOptions, ResolvedOptions } from './options.js';
import { RecordColumns } from './record-columns.js';
import type { Samples } from './sample-rows.js';

export type OnWarning = (
  warning: Problem,
  about: { readonly row: Row; readonly login: string | undefined },
) => void;

/** Maps and checks the rows of one input, the same way whether they are sent afterwards or not. */
export interface Checks {
  /** Indexes of the columns whose cells are never shown. */
  readonly secretColumns: ReadonlySet<number>;
  readonly columnOf: ColumnOf;
  /** The columns that the groups come from. */
  readonly groupColumns: readonly string[];
  /** The columns that feed something because of their names. */
  readonly recognized: readonly RecognizedColumn[];
  readonly warn: OnWarning;
  /** The login of a row; undefined if it has none, or has one that may be a secret. */
  readonly loginOf: (row: Row) => string | undefined;
  /** Undefined for records, which have no cells. */
  readonly describer: RowDescriber | undefined;
  /**
   * Yields batches as they come.
   *
   * @param rows - all rows of the input, in order.
   */
  check(
    rows: AsyncIterable<readonly InputRow[]>,
    options: CheckOptions,
  ): AsyncGenerator<readonly CheckedRow[]>;
}

export interface CheckOptions extends Pick<ImportOptions, 'hiddenRows'> {
  /** Whether a row has its outcome from an earlier process, so that it only matters to rows without one. */
  readonly isSettled?: ((row: number) => boolean) | undefined;
}

/** Whether any row can name a user type; if none can, the org is not asked for its types. */
export function canNameUserTypes(
  header: readonly string[],
  userType: string | undefined,
  mappingFile: MappingFile | undefined,
): boolean {
  const { pathOf } = createHeaderMatcher({ attributes: new Map(), isOrgSchema: false });
  return (
    userType !== undefined ||
    mappingFile?.fields.some(({ path }) => path === 'type.id') === true ||
    header.some((column) => pathOf(column) === 'type.id')
  );
}

export interface ChecksContext {
  readonly header: readonly string[];
  /** `isOpenEnded`: the header may grow, because it is that of the first record. */
  readonly input: Pick<Input, 'isOpenEnded'>;
  readonly options: ResolvedOptions;
  readonly mappingFile: MappingFile | undefined;
  /** Cells of some rows; none of records. */
  readonly samples: Samples;
  /** Whether start and end dates decide what is sent; otherwise their columns are ignored. */
  readonly usesDates?: boolean | undefined;
  readonly metadata: OrgMetadata;
  readonly onWarning: OnWarning;
}

/** Compiles the checks for one input. @throws {ColumnsError} header, mapping and org do not match. */
export function compileChecks(context: ChecksContext): Checks {
  const { header, input, options, metadata, onWarning } = context;
  const compile = (columns: readonly string[]): Mapping => compileFor(columns, context);
  const records = input.isOpenEnded ? new RecordColumns(header, compile) : undefined;
  const fixed = records === undefined ? compile(header) : undefined;
  const current = (): Mapping => fixed ?? records!.mapping;
  const columnOf: ColumnOf = (path) => current().columnOf(path);
  const problemsOf = createRowValidator({
    schemaFor: metadata.schemaFor,
    activate: options.activate,
    changePassword: options.changePassword,
    columnOf,
    isOrgSchema: metadata.isOrgSchema,
    canAskOrg: metadata.groupResolver !== undefined,
    groupColumns: groupColumnsOf(current()),
    onWarning,
  });
  return {
    secretColumns: current().secretColumns,
    columnOf,
    groupColumns: groupColumnsOf(current()),
    recognized: current().recognized,
    warn: onWarning,
    describer: fixed && createRowDescriber(fixed),
    loginOf(row) {
      const { login, hiddenIf } = toUserRequest(row, current());
      return hiddenIf === undefined || (login !== undefined && isAddress(login)) ? login : undefined;
    },
    async *check(rows, { isSettled, hiddenRows }) {
      for await (const batch of rows) {
        yield batch.map((row) => {
          if (row.isHidden === true && hiddenRows === 'skip') return leftOut(row, this.loginOf(row));
          const { record } = row;
          const mapped =
            record === undefined || records === undefined
              ? toUserRequest(row, current())
              : records.map(row, record);
          const problems = problemsOf(mapped, isSettled?.(row.row));
          // The login of a row with its cells in the wrong columns may be a secret.
          const isHidden =
            mapped.hiddenIf !== undefined && problems.some(({ code }) => code === 'row-shifted');
          return { mapped: isHidden ? { ...mapped, login: undefined } : mapped, problems };
        });
      }
    },
  };
}

const isAddress = (login: string): boolean => /^[^\s@]+@[^\s@]+$/.test(login);

/** A row whose values do not matter, not even to other rows. */
function leftOut(row: Row, login: string | undefined): CheckedRow {
  const mapped = { row, login, request: { profile: {} }, groups: [], type: undefined };
  return {
    mapped: { ...mapped, problems: [], isReadable: false },
    problems: [],
    leftOut: SKIPPED_AS_HIDDEN,
  };
}

function groupColumnsOf({ groups, header }: Mapping): readonly string[] {
  return (groups?.columns ?? []).map((index) => header[index] ?? '');
}

function compileFor(header: readonly string[], context: ChecksContext): Mapping {
  const { options, mappingFile, metadata, samples } = context;
  const { isOpenEnded } = context.input;
  // Columns that the mapping names may come with a later record.
  const isColumn = createColumnFinder(header);
  const ignoreColumns = isOpenEnded
    ? options.ignoreColumns.filter((column) => isColumn(column) !== undefined)
    : options.ignoreColumns;
  return compileMapping(header, {
    mappingFile: mappingFile && isOpenEnded ? { ...mappingFile, isOptional: true } : mappingFile,
    attributes: metadata.attributes,
    isOrgSchema: metadata.isOrgSchema,
    ignoreColumns,
    defaults: { groups: options.groups, type: options.userType },
    emptyIsNull: options.clearEmpty,
    usesDates: context.usesDates,
    samples,
    // A later record may have them, and so may an existing user.
    required: isOpenEnded || options.ifExists === 'update' ? [] : metadata.schemaFor(undefined)?.required,
  });
}
