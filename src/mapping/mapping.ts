import type { UserSchemaAttribute } from '../okta/types.js';
import { secretPaths, type OktaFieldPath } from './okta-field-paths.js';
import { assignColumns, isGeneratedColumn } from './assign-columns.js';
import { ColumnsError, type ColumnProblem } from './columns-error.js';
import { bindToHeader } from './bind-to-header.js';
import { createFieldCompiler, splitOf, type AttributeMapping } from './attribute-mapping.js';
import { createHeaderMatcher, type KnownAttributes } from './match-header.js';
import type { MappingFile } from './mapping-file.js';
import { hashFields, type HashField } from './password-hash.js';
import { loadPhoneReaders, type PhoneReaders } from './phone.js';
import type { CellReader } from './compile-reader.js';
import type { FieldMapping } from './value-source.js';
import { createTemplateCompiler } from './template.js';
import { detectWrongDelimiter } from './detect-wrong-delimiter.js';

/** How the rows of one file become users: a mapping file, or a header row, compiled. */
export interface Mapping {
  readonly header: readonly string[];
  /** Indexes of the columns whose cells must never be shown: those that feed secrets, and those that look like it. */
  readonly secretColumns: ReadonlySet<number>;
  /**
   * The column that feeds a value, as the file spells it; undefined when none does, or a template over several.
   *
   * Takes a path, `profile.title`, or what Okta's error causes say: `title`, `login`, `password`.
   */
  readonly columnOf: (path: string) => string | undefined;

  /** The rest is for `toUserRequest`. Profile attributes in the order of the mapping file, then of the header. */
  readonly attributes: readonly AttributeMapping[];
  readonly credentials: CredentialsReaders;
  readonly groups: CellReader | undefined;
  /** What separates groups in a cell. */
  readonly groupSplit: string | RegExp;
  readonly type: CellReader | undefined;
  readonly defaults: RowDefaults;
  /** Indexes of columns that are ours (`_line`, `_error`). */
  readonly generatedColumns: ReadonlySet<number>;
  /** The file was written by us: formulas in its cells are escaped. */
  readonly isGeneratedFile: boolean;
  /** It is a failed.csv. */
  readonly isFailedCsv: boolean;
}

/** What the command line gives every row. */
interface RowDefaults {
  /** Names or ids of groups that everyone joins. */
  readonly groups: readonly string[];
  /** Name or id of the user type of every row that says none. */
  readonly type: string | undefined;
}

export interface CredentialsReaders {
  readonly password: CellReader | undefined;
  readonly hash: readonly { readonly field: HashField; readonly reader: CellReader }[];
  readonly hook: CellReader | undefined;
  readonly question: CellReader | undefined;
  readonly answer: CellReader | undefined;
  readonly providerType: CellReader | undefined;
  readonly providerName: CellReader | undefined;
}

export interface MappingOptions {
  readonly mappingFile?: MappingFile | undefined;
  /** All profile attributes that are known: base, and the org's custom ones over all its user types. */
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
  /** False offline, when only the base schema is known. */
  readonly isOrgSchema: boolean;
  /** Columns to ignore, as `--ignore-columns` names them. */
  readonly ignoreColumns?: readonly string[] | undefined;
  readonly defaults?: RowDefaults | undefined;
  /** Whether an empty cell is null in the profile, to empty the attribute of a user who is there; else it is left out. */
  readonly emptyIsNull?: boolean | undefined;
}

/** A line break inside a cell separates groups as well: that is what Alt+Enter in a spreadsheet gives. */
const DEFAULT_GROUP_SPLIT = /[;\r\n]/;

/**
 * Compiles the mapping of one file, once; rows are then read without a look at a name.
 *
 * @param header - As the file has it. Columns that begin with `_` are ours and feed nothing.
 * @throws {ColumnsError} Columns or lines of the mapping file that cannot be used: all of them at once.
 * @see design.md, "The mapping file"
 */
export function compileMapping(header: readonly string[], options: MappingOptions): Mapping {
  const {
    mappingFile,
    isOrgSchema,
    ignoreColumns = [],
    defaults = { groups: [], type: undefined },
  } = options;
  const known: KnownAttributes = { attributes: new Map(Object.entries(options.attributes)), isOrgSchema };
  const matcher = createHeaderMatcher(known);
  let loadedReaders: PhoneReaders | undefined;
  const phoneReaders = (): PhoneReaders => (loadedReaders ??= loadPhoneReaders());
  const fitted =
    mappingFile &&
    bindToHeader(mappingFile, {
      header,
      ignoreColumns,
      compileTemplate: createTemplateCompiler(header, { phoneReaders }),
    });
  const compileTemplate = createTemplateCompiler(header, {
    phoneReaders,
    optionalColumns: fitted?.absentColumns,
  });
  const mappingFileName = mappingFile?.fileName;
  const columns = assignColumns({
    header,
    known,
    matcher,
    compileTemplate,
    mapping: fitted,
    mappingFileName,
    ignoreColumns,
  });
  const compiler = createFieldCompiler({
    header,
    known,
    compileTemplate,
    phoneReaders,
    mappingFileName,
    emptyIsNull: options.emptyIsNull ?? false,
  });

  const readers = new Map<string, CellReader>();
  const attributes: AttributeMapping[] = [];
  for (const field of withLogin(columns.fields)) {
    const reader = compiler.compileReader(field);
    if (reader === undefined) continue;
    readers.set(field.path, reader);
    if (field.path.startsWith('profile.')) attributes.push(compiler.compileAttribute(field, reader));
  }
  const problems = [...columns.problems, ...loginProblem(columns.fields), ...compiler.problems];
  if (problems.length > 0) {
    const isHeaderless = columns.fields.size === 0 && header.some((cell) => cell.includes('@'));
    const uncut = detectWrongDelimiter(header, matcher);
    throw new ColumnsError(uncut ?? (isHeaderless ? [missingHeader(header)] : problems), isOrgSchema);
  }

  const at = (path: OktaFieldPath): CellReader | undefined => readers.get(path);
  const names = header.map((column) => column.trim());
  return {
    header,
    secretColumns: secretColumns(header, readers, matcher.pathOf),
    columnOf: (path) => (readers.get(path) ?? readers.get(matcher.pathOf(path) ?? ''))?.column,
    attributes,
    credentials: {
      password: at('credentials.password.value'),
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
    groupSplit: splitOf(columns.fields.get('groupIds')?.source) ?? DEFAULT_GROUP_SPLIT,
    type: at('type.id'),
    defaults: { groups: [...new Set(defaults.groups)], type: defaults.type },
    generatedColumns: new Set([...names.keys()].filter((index) => isGeneratedColumn(names[index] ?? ''))),
    isGeneratedFile: isGeneratedFile(names),
    isFailedCsv: isFailedCsv(names),
  };
}

/** The fields, with `login` from where `email` comes when nothing says otherwise (design.md, "The mapping file"). */
function withLogin(fields: ReadonlyMap<string, FieldMapping>): readonly FieldMapping[] {
  const email = fields.get('profile.email');
  if (fields.has('profile.login') || email === undefined) return [...fields.values()];
  return [{ ...email, path: 'profile.login' }, ...fields.values()];
}

function loginProblem(fields: ReadonlyMap<string, FieldMapping>): readonly ColumnProblem[] {
  if (fields.has('profile.login') || fields.has('profile.email')) return [];
  return [
    {
      code: 'login-missing',
      column: undefined,
      message:
        'No column gives the login, nor the email that could stand in for it: name one of them "login".',
    },
  ];
}

/**
 * Columns that feed a secret. A column that is ignored, or mapped elsewhere, but has a secret's name counts too: what it
 * holds is most likely one, and reports would show it.
 */
function secretColumns(
  header: readonly string[],
  readers: ReadonlyMap<string, CellReader>,
  pathOf: (column: string) => string | undefined,
): ReadonlySet<number> {
  const feeding = [...readers].flatMap(([path, reader]) => (secretPaths.has(path) ? reader.columns : []));
  const lookalikes = [...header.keys()].filter((index) => {
    const column = header[index] ?? '';
    const path = pathOf(column);
    if (path !== undefined) return secretPaths.has(path);
    return /pass(?:word|phrase|wd)|secret/i.test(column);
  });
  return new Set([...feeding, ...lookalikes]);
}

/** Whether a header is that of a file of ours: a failed.csv, or what `list` writes. */
export function isGeneratedFile(header: readonly string[]): boolean {
  return isFailedCsv(header) || (header.includes('_id') && header.includes('_status'));
}

/** Whether a header is that of a failed.csv of ours. */
function isFailedCsv(header: readonly string[]): boolean {
  return header.includes('_line') && header.includes('_error');
}

/** The first line holds a person, as it seems: none of it is quoted, since a password may stand in it. */
function missingHeader(header: readonly string[]): ColumnProblem {
  return {
    code: 'column-unknown',
    column: undefined,
    message: `None of the ${header.length} names in the first line is one that Okta knows, and one looks like an email: the file needs a header line first, such as login,email,firstName,lastName.`,
  };
}
