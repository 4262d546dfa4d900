import type { UserSchemaAttribute } from '../okta/types.js';
import { assignColumns } from './assign-columns.js';
import { createFieldCompiler, splitOf, type AttributeMapping } from './attribute-mapping.js';
import { bindToHeader } from './bind-to-header.js';
import { columnUsesOf, type ColumnUses } from './column-uses.js';
import { ColumnsError, type ColumnProblem } from './columns-error.js';
import type { CellReader } from './compile-reader.js';
import { separatorOf } from './convert.js';
import { detectWrongDelimiter } from './detect-wrong-delimiter.js';
import {
  isEditedCsv,
  isFailedCsv,
  isGeneratedColumn,
  isGeneratedFile,
  PROBLEM_COLUMN,
} from './generated-file.js';
import type { MappingFile } from './mapping-file.js';
import { createHeaderMatcher, type KnownAttributes } from './match-header.js';
import type { OktaFieldPath } from './okta-field-paths.js';
import { hashFields, type HashField } from './password-hash.js';
import { loadPhoneReaders, type PhoneReaders } from './phone.js';
import { secretColumns } from './secret-columns.js';
import { createTemplateCompiler } from './template.js';
import type { RecognizedColumn } from './recognize-columns.js';
import { LIST_SEPARATOR, type FieldMapping } from './value-source.js';

/** How the rows of one file become user requests: the mapping file and the header, compiled. */
export interface Mapping {
  readonly header: readonly string[];
  /** Indexes of the columns whose cells must never be shown: those that feed secrets or look like secrets. */
  readonly secretColumns: ReadonlySet<number>;
  /**
   * The column that feeds a value, as the file spells it; undefined if none does, or a template with several columns.
   *
   * Takes a path, such as `profile.title`, or a name from Okta's error causes, such as `title`, `login` or `password`.
   */
  readonly columnOf: (path: string) => string | undefined;
  readonly columnUses: ColumnUses;
  /** The columns that feed something because of their names. */
  readonly recognized: readonly RecognizedColumn[];
  /** Indexes of columns with whole names that are split. */
  readonly fullNameColumns: readonly number[];

  /** The rest is for `toUserRequest`. Attributes in the order of the mapping file, then of the header. */
  readonly attributes: readonly AttributeMapping[];
  readonly credentials: CredentialsReaders;
  readonly groups: CellReader | undefined;
  /** Separates groups in a cell. */
  readonly groupSplit: string | RegExp;
  readonly type: CellReader | undefined;
  /** Name or ID of the realm. */
  readonly realm: CellReader | undefined;
  readonly start: CellReader | undefined;
  readonly end: CellReader | undefined;
  readonly defaults: RowDefaults;
  /** Indexes of generated columns (`_line`, `_error`). */
  readonly generatedColumns: ReadonlySet<number>;
  /** Formulas in the cells are escaped. */
  readonly isGeneratedFile: boolean;
  readonly isFailedCsv: boolean;
  /** Index of the column of an edited.csv that says what is wrong with a row. */
  readonly problemColumn: number | undefined;
}

/** What the options give every row. */
interface RowDefaults {
  /** Names or IDs of groups that every user joins. */
  readonly groups: readonly string[];
  /** Name or ID of the user type for rows without one. */
  readonly type: string | undefined;
}

export interface CredentialsReaders {
  readonly password: CellReader | undefined;
  /** How long the passwords are that are made for rows without one; undefined if none are made. */
  readonly generatedLength: number | undefined;
  readonly hash: readonly { readonly field: HashField; readonly reader: CellReader }[];
  readonly hook: CellReader | undefined;
  readonly question: CellReader | undefined;
  readonly answer: CellReader | undefined;
  readonly providerType: CellReader | undefined;
  readonly providerName: CellReader | undefined;
}

export interface MappingOptions {
  readonly mappingFile?: MappingFile | undefined;
  /** All known profile attributes: Okta's base attributes, and the org's custom ones of all user types. */
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
  /** False offline, where only the base attributes are known. */
  readonly isOrgSchema: boolean;
  /** Names of columns to ignore. */
  readonly ignoreColumns?: readonly string[] | undefined;
  readonly defaults?: RowDefaults | undefined;
  /** Whether an empty cell clears the attribute of an existing user (null in the profile); by default it is left out. */
  readonly emptyIsNull?: boolean | undefined;
  /** Cells of some rows: they can decide what an ambiguous column means. */
  readonly samples?: readonly (readonly string[])[] | undefined;
  /** Whether start and end dates are read from columns with such names; by default only a mapping file maps them. */
  readonly usesDates?: boolean | undefined;
  /** Attributes that every user of the file must have, because all of them are new; by default none. */
  readonly required?: readonly string[] | undefined;
}

/** These always separate groups, whose names cannot contain them: Alt+Enter in a spreadsheet. */
const LINE_BREAKS = ['\r', '\n', '\t'];

/**
 * Compiles the mapping of one file once, so that rows are read without looking up names.
 *
 * @param header - As in the file. Columns that begin with `_` are ignored.
 * @throws {ColumnsError} Columns or lines of the mapping file that cannot be used: all of them at once.
 * @see docs/mapping.md, "How columns are recognized"
 */
export function compileMapping(header: readonly string[], options: MappingOptions): Mapping {
  const {
    mappingFile,
    isOrgSchema,
    ignoreColumns = [],
    defaults = { groups: [], type: undefined },
    emptyIsNull = false,
    samples = [],
    required = [],
    usesDates = false,
  } = options;
  const known: KnownAttributes = { attributes: new Map(Object.entries(options.attributes)), isOrgSchema };
  const matcher = createHeaderMatcher(known);
  let loadedReaders: PhoneReaders | undefined;
  const phoneReaders = (): PhoneReaders => (loadedReaders ??= loadPhoneReaders());
  const mapping =
    mappingFile &&
    bindToHeader(mappingFile, {
      header,
      ignoreColumns,
      compileTemplate: createTemplateCompiler(header, { phoneReaders }),
    });
  const optionalColumns = mapping?.absentColumns;
  const compileTemplate = createTemplateCompiler(header, { phoneReaders, optionalColumns });
  const shared = { header, known, compileTemplate, mappingFileName: mappingFile?.fileName };
  const columns = assignColumns({ ...shared, matcher, mapping, ignoreColumns, samples, required });
  const compiler = createFieldCompiler({ ...shared, phoneReaders, emptyIsNull });

  const readers = new Map<string, CellReader>();
  const attributes: AttributeMapping[] = [];
  for (const field of withLogin(columns.fields)) {
    const isUnusedDate = DATE_PATHS.has(field.path) && field.line === undefined && !usesDates;
    if (isUnusedDate) continue;
    const reader = compiler.compileReader(field);
    if (reader === undefined) continue;
    readers.set(field.path, reader);
    if (field.path.startsWith('profile.')) attributes.push(compiler.compileAttribute(field, reader));
  }
  const problems = [...columns.problems, ...loginProblem(columns.fields), ...compiler.problems];
  if (problems.length > 0) {
    const cause =
      detectWrongDelimiter(header, matcher) ??
      (columns.fields.size === 0 ? detectMissingHeader(header) : undefined);
    throw new ColumnsError(cause === undefined ? problems : [cause], known);
  }

  const at = (path: OktaFieldPath): CellReader | undefined => readers.get(path);
  const names = header.map((column) => column.trim());
  const passwordSource = columns.fields.get('credentials.password.value')?.source;
  return {
    header,
    secretColumns: secretColumns(header, readers, matcher.pathOf),
    recognized: columns.recognized,
    fullNameColumns: fullNameColumns([...columns.fields.values()], readers),
    columnUses: columnUsesOf([...columns.fields.values()], readers, known),
    columnOf: (path) => (readers.get(path) ?? readers.get(matcher.pathOf(path) ?? ''))?.column,
    attributes,
    credentials: {
      password: at('credentials.password.value'),
      generatedLength: passwordSource?.kind === 'generated' ? passwordSource.length : undefined,
      hash: hashFields.flatMap((field) => {
        const reader = at(`credentials.password.hash.${field}`);
        return reader === undefined ? [] : [{ field, reader }];
      }),
      hook: at('credentials.password.hook.type'),
      question: at('credentials.recovery_question.question'),
      answer: at('credentials.recovery_question.answer'),
      providerType: at('credentials.provider.type'),
      providerName: at('credentials.provider.name'),
    },
    groups: at('groupIds'),
    groupSplit: separatorOf([
      ...(splitOf(columns.fields.get('groupIds')?.source) ?? [LIST_SEPARATOR]),
      ...LINE_BREAKS,
    ]),
    type: at('type.id'),
    realm: at('realmId'),
    start: at('start'),
    end: at('end'),
    defaults: { groups: [...new Set(defaults.groups)], type: defaults.type },
    generatedColumns: new Set([...names.keys()].filter((index) => isGeneratedColumn(names[index] ?? ''))),
    isGeneratedFile: isGeneratedFile(names),
    isFailedCsv: isFailedCsv(names),
    problemColumn: isEditedCsv(names) ? names.indexOf(PROBLEM_COLUMN) : undefined,
  };
}

function fullNameColumns(
  fields: readonly FieldMapping[],
  readers: ReadonlyMap<string, CellReader>,
): readonly number[] {
  const split = fields.filter(({ source }) => source.kind === 'column' && source.namePart !== undefined);
  return [...new Set(split.flatMap(({ path }) => readers.get(path)?.columns ?? []))];
}

const DATE_PATHS: ReadonlySet<string> = new Set<OktaFieldPath>(['start', 'end']);

/** Without a login column, the login is the email address. */
function withLogin(fields: ReadonlyMap<string, FieldMapping>): readonly FieldMapping[] {
  const email = fields.get('profile.email');
  if (fields.has('profile.login') || email === undefined) return [...fields.values()];
  return [{ ...email, path: 'profile.login' }, ...fields.values()];
}

function loginProblem(fields: ReadonlyMap<string, FieldMapping>): readonly ColumnProblem[] {
  if (fields.has('profile.login') || fields.has('profile.email')) return [];
  const message =
    'No column provides the login, or the email to use instead. Name one of the columns "login".';
  return [{ code: 'login-missing', column: undefined, message }];
}

/** If the first line seems to be a user's data, it is not quoted: it may hold a password. */
function detectMissingHeader(header: readonly string[]): ColumnProblem | undefined {
  if (!header.some((cell) => cell.includes('@'))) return undefined;
  const message = `None of the ${header.length} names in the header is known, and one looks like an email address: the header seems to be missing. Add a first row with the names of the columns, such as login, email, firstName, lastName.`;
  return { code: 'column-unknown', column: undefined, message };
}
