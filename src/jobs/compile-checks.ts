import type { Row } from '../rows/row.js';
import type { CheckedRow, FollowerGroups } from '../engine/plan.js';
import { createColumnFinder } from '../mapping/assign-columns.js';
import type { ColumnUses } from '../mapping/column-uses.js';
import type { MappingFile } from '../mapping/mapping-file.js';
import { compileMapping, type Mapping } from '../mapping/mapping.js';
import { createHeaderMatcher } from '../mapping/match-header.js';
import { splitGroups } from '../mapping/read-groups.js';
import type { RecognizedColumn } from '../mapping/recognize-columns.js';
import { toUserRequest, type MappedRow } from '../mapping/user-request.js';
import type { DateField } from '../mapping/employment-dates.js';
import { createUserRowReader, type UserRowReader } from '../mapping/user-rows.js';
import type { OrgMetadata } from '../org/org-metadata.js';
import type { RowDescriber } from '../report/row-describer.js';
import type { PendingLink } from '../rows/operation.js';
import type { ColumnOf, Problem } from '../rows/problem.js';
import type { RowMemory } from '../validation/row-memory.js';
import { baseSchema, isUnique, isUniqueInSomeOrgs } from '../validation/user-schema.js';
import { createRowValidator } from '../validation/validate-row.js';

import { createRowDescriber } from './describe-rows.js';
import type { Input, InputRow } from './input.js';
import { SKIPPED_AS_HIDDEN } from './hidden-rows.js';
import type { RowMerging } from './merge-rows.js';
import type { ImportOptions, ResolvedOptions } from './options.js';
import type { PersonResolver } from './people-directory.js';
import { RecordColumns } from './record-columns.js';
import { RepeatedLogins, type RepeatedLoginAdvice } from './repeated-logins.js';
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
  /** Whether the mapping has groups. */
  readonly hasGroups: boolean;
  /** Which dates of employment the mapping has. */
  readonly dates: readonly DateField[];
  /** What each column feeds. */
  readonly columnUses: ColumnUses;
  /** The columns that feed something because of their names. */
  readonly recognized: readonly RecognizedColumn[];
  readonly warn: OnWarning;
  /** By row: people whose IDs are written when their users exist. Filled while the rows are checked. */
  readonly links: Map<number, readonly PendingLink[]>;
  /** Whether cells name people, who have to be known before the first row is checked. */
  readonly namesPeople: boolean;
  usePeople(resolver: PersonResolver): void;
  /** Maps one row without checking it. */
  mapRow(row: InputRow): MappedRow;
  /** Finds the rows of the same user; undefined if rows of the file are never merged. */
  readonly userRows: UserRowReader | undefined;
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
  /** Which rows follow others; undefined if none do. */
  readonly merging?: RowMerging | undefined;
  /** Whether a row has its outcome from an earlier process, so that it only matters to rows without one. */
  readonly isSettled?: ((row: number) => boolean) | undefined;
  /** Says more about logins that several rows have. By default, it knows the last rows. */
  readonly repeatedLogins?: RepeatedLoginAdvice | undefined;
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
  readonly memory: RowMemory;
}

/** Compiles the checks for one input. @throws {ColumnsError} header, mapping and org do not match. */
export function compileChecks(context: ChecksContext): Checks {
  const { header, input, options, metadata } = context;
  const onWarning: OnWarning = (warning, about) => {
    if (options.isSelected?.(about.row.row) !== false) context.onWarning(warning, about);
  };
  const compile = (columns: readonly string[]): Mapping => compileFor(columns, context);
  const records = input.isOpenEnded ? new RecordColumns(header, compile) : undefined;
  const fixed = records === undefined ? compile(header) : undefined;
  const current = (): Mapping => fixed ?? records!.mapping;
  const mapRow = (row: InputRow): MappedRow =>
    row.record === undefined || records === undefined
      ? toUserRequest(row, current())
      : records.map(row, row.record);
  const links = new Map<number, readonly PendingLink[]>();
  let people: PersonResolver | undefined;
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
    memory: context.memory,
  });
  const userRows = fixed && createUserRowReader(fixed);
  const settled = fixed && toSettledMapping(fixed, metadata);
  return {
    secretColumns: current().secretColumns,
    columnOf,
    groupColumns: groupColumnsOf(current()),
    hasGroups: current().groups !== undefined,
    dates: (['start', 'end'] as const).filter((field) => current()[field] !== undefined),
    columnUses: current().columnUses,
    recognized: current().recognized,
    warn: onWarning,
    describer: fixed && createRowDescriber(fixed),
    userRows,
    loginOf(row) {
      const { login, hiddenIf } = toUserRequest(row, current());
      return hiddenIf === undefined || (login !== undefined && isAddress(login)) ? login : undefined;
    },
    mapRow,
    namesPeople: current().attributes.some(({ personAs }) => personAs !== undefined),
    links,
    usePeople(resolver) {
      people = resolver;
    },
    async *check(rows, { isSettled, hiddenRows, merging, repeatedLogins }) {
      const repeats = repeatedLogins ?? (userRows && new RepeatedLogins(userRows));
      // The same objects for all rows, since there are millions of them.
      const usual = { isSettled: false, isSameUser: false, explainRepeated: repeats?.explain };
      const ofOpenRows = { usual, sameUser: { ...usual, isSameUser: true } };
      const ofSettledRows = {
        usual: { ...ofOpenRows.usual, isSettled: true },
        sameUser: { ...ofOpenRows.sameUser, isSettled: true },
      };
      const checkRow = (row: InputRow, mapped: MappedRow): CheckedRow => {
        const follows = merging && leaderOf(row, merging, userRows);
        repeats?.remember(row);
        // A row that is not sent keeps no row of the same user from being sent.
        const isSameUser =
          follows !== undefined || merging?.isSent(row) === false || options.isSelected?.(row.row) === false;
        const how = isSettled?.(row.row) === true ? ofSettledRows : ofOpenRows;
        const problems = problemsOf(mapped, isSameUser ? how.sameUser : how.usual);
        // The login of a row with its cells in the wrong columns may be a secret.
        const isHidden = mapped.hiddenIf !== undefined && problems.some(({ code }) => code === 'row-shifted');
        const shown = isHidden ? { ...mapped, login: undefined } : mapped;
        if (follows !== undefined) return { mapped: shown, problems, follows };
        if (merging?.isComplete !== true || fixed === undefined || !merging.merged.isLeader(row.row)) {
          return { mapped: shown, problems };
        }
        return { mapped: shown, problems, followers: followersOf(row, merging, fixed) };
      };
      const isLeftOut = (row: InputRow): boolean => row.isHidden === true && hiddenRows === 'skip';
      for await (const batch of rows) {
        if (people === undefined) {
          yield batch.map((row) => {
            if (isLeftOut(row)) return leftOut(row, this.loginOf(row));
            const isRemembered = settled !== undefined && isSettled?.(row.row) === true;
            return checkRow(row, isRemembered ? toUserRequest(row, settled) : mapRow(row));
          });
          continue;
        }
        const checked: CheckedRow[] = [];
        for (const row of batch) {
          if (isLeftOut(row)) checked.push(leftOut(row, this.loginOf(row)));
          else checked.push(checkRow(row, await withPeople(mapRow(row), people, links)));
        }
        yield checked;
      }
    },
  };
}

/** A mapping for settled rows, of which only the values that must be unique matter. */
function toSettledMapping(mapping: Mapping, { schemaFor }: OrgMetadata): Mapping {
  // Each user type has unique attributes of its own, and the other values of a row show whether its cells are shifted secrets.
  if (mapping.type !== undefined || mapping.secretColumns.size > 0) return mapping;
  const { attributes } = schemaFor(mapping.defaults.type) ?? baseSchema;
  const isCompared = (name: string): boolean => {
    const attribute = attributes[name];
    return attribute !== undefined && (isUnique(name, attribute) || isUniqueInSomeOrgs(name, attribute));
  };
  return { ...mapping, attributes: mapping.attributes.filter(({ name }) => isCompared(name)) };
}

/** Fills in the values of the people whom a row names. */
async function withPeople(
  mapped: MappedRow,
  resolver: PersonResolver,
  links: Map<number, readonly PendingLink[]>,
): Promise<MappedRow> {
  if (mapped.people === undefined) return mapped;
  const { row, request } = mapped;
  const { values, pending, problems } = await resolver.resolve(row.row, mapped.people);
  if (pending.length > 0) links.set(row.row, pending);
  return {
    ...mapped,
    request: { ...request, profile: { ...request.profile, ...values } },
    problems: problems.length === 0 ? mapped.problems : [...mapped.problems, ...problems],
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

function leaderOf(
  row: Row,
  { merged, isComplete, isSent }: RowMerging,
  userRows: UserRowReader | undefined,
): number | undefined {
  if (isComplete) return merged.leaderOf(row.row);
  const user = isSent(row) ? userRows?.read(row) : undefined;
  return user && merged.add(row, user);
}

function followersOf(row: Row, { merged }: RowMerging, mapping: Mapping): readonly FollowerGroups[] {
  return merged.followersOf(row.row).map((follower) => {
    const { names, isList } = splitGroups(follower.groups, mapping);
    const place = { row: follower.row, line: follower.line, lineLabel: row.lineLabel };
    return { ...place, groups: names, hasGroupList: isList };
  });
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
