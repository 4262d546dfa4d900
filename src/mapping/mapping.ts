import type { UserSchemaAttribute } from '../okta/types.js';
import { secretFields, type BodyField } from './okta-field-paths.js';
import { assignColumns, isOwnColumn } from './assign-columns.js';
import { ColumnsError, type ColumnProblem } from './columns-error.js';
import { fitToHeader } from './bind-to-header.js';
import { createFeedCompiler, splitOf, type AttributeFeed } from './attribute-mapping.js';
import { createHeaderRecogniser, type KnownAttributes } from './match-header.js';
import type { MappingFile } from './mapping-file.js';
import { hashFields, type HashField } from './password-hash.js';
import { loadPhoneReaders, type PhoneReaders } from './phone.js';
import type { Reader } from './compile-reader.js';
import type { Feed } from './value-source.js';
import { createTemplateCompiler } from './template.js';
import { uncutHeader } from './detect-wrong-delimiter.js';

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
  readonly attributes: readonly AttributeFeed[];
  readonly credentials: CredentialsFeed;
  readonly groups: Reader | undefined;
  /** What separates groups in a cell. */
  readonly groupSplit: string | RegExp;
  readonly type: Reader | undefined;
  readonly everyone: Everyone;
  /** Indexes of columns that are ours (`_line`, `_error`). */
  readonly ownColumns: ReadonlySet<number>;
  /** The file was written by us: formulas in its cells are escaped. */
  readonly isOurs: boolean;
  /** It is a failed.csv. */
  readonly isFailedCsv: boolean;
}

/** What the command line gives every row. */
interface Everyone {
  /** Names or ids of groups that everyone joins. */
  readonly groups: readonly string[];
  /** Name or id of the user type of every row that says none. */
  readonly type: string | undefined;
}

export interface CredentialsFeed {
  readonly password: Reader | undefined;
  readonly hash: readonly { readonly field: HashField; readonly reader: Reader }[];
  readonly hook: Reader | undefined;
  readonly question: Reader | undefined;
  readonly answer: Reader | undefined;
  readonly providerType: Reader | undefined;
  readonly providerName: Reader | undefined;
}

export interface MappingOptions {
  readonly mappingFile?: MappingFile | undefined;
  /** All profile attributes that are known: base, and the org's custom ones over all its user types. */
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
  /** False offline, when only the base schema is known. */
  readonly isOrgSchema: boolean;
  /** Columns that feed nothing, as `--ignore-columns` names them. */
  readonly ignoreColumns?: readonly string[] | undefined;
  readonly everyone?: Everyone | undefined;
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
    everyone = { groups: [], type: undefined },
  } = options;
  const known: KnownAttributes = { attributes: new Map(Object.entries(options.attributes)), isOrgSchema };
  const recogniser = createHeaderRecogniser(known);
  let loadedReaders: PhoneReaders | undefined;
  const phoneReaders = (): PhoneReaders => (loadedReaders ??= loadPhoneReaders());
  const fitted =
    mappingFile &&
    fitToHeader(mappingFile, {
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
    recogniser,
    compileTemplate,
    mapping: fitted,
    mappingFileName,
    ignoreColumns,
  });
  const compiler = createFeedCompiler({
    header,
    known,
    compileTemplate,
    phoneReaders,
    mappingFileName,
    emptyIsNull: options.emptyIsNull ?? false,
  });

  const readers = new Map<string, Reader>();
  const attributes: AttributeFeed[] = [];
  for (const feed of withLogin(columns.feeds)) {
    const reader = compiler.compileReader(feed);
    if (reader === undefined) continue;
    readers.set(feed.path, reader);
    if (feed.path.startsWith('profile.')) attributes.push(compiler.compileAttribute(feed, reader));
  }
  const problems = [...columns.problems, ...loginProblem(columns.feeds), ...compiler.problems];
  if (problems.length > 0) {
    const isHeaderless = columns.feeds.size === 0 && header.some((cell) => cell.includes('@'));
    const uncut = uncutHeader(header, recogniser);
    throw new ColumnsError(uncut ?? (isHeaderless ? [noHeader(header)] : problems), isOrgSchema);
  }

  const at = (path: BodyField): Reader | undefined => readers.get(path);
  const names = header.map((column) => column.trim());
  return {
    header,
    secretColumns: secretColumns(header, readers, recogniser.pathOf),
    columnOf: (path) => (readers.get(path) ?? readers.get(recogniser.pathOf(path) ?? ''))?.column,
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
    groupSplit: splitOf(columns.feeds.get('groupIds')?.source) ?? DEFAULT_GROUP_SPLIT,
    type: at('type.id'),
    everyone: { groups: [...new Set(everyone.groups)], type: everyone.type },
    ownColumns: new Set([...names.keys()].filter((index) => isOwnColumn(names[index] ?? ''))),
    isOurs: isOurs(names),
    isFailedCsv: isFailedCsv(names),
  };
}

/** The feeds, with `login` from where `email` comes when nothing says otherwise (design.md, "The mapping file"). */
function withLogin(feeds: ReadonlyMap<string, Feed>): readonly Feed[] {
  const email = feeds.get('profile.email');
  if (feeds.has('profile.login') || email === undefined) return [...feeds.values()];
  return [{ ...email, path: 'profile.login' }, ...feeds.values()];
}

function loginProblem(feeds: ReadonlyMap<string, Feed>): readonly ColumnProblem[] {
  if (feeds.has('profile.login') || feeds.has('profile.email')) return [];
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
  readers: ReadonlyMap<string, Reader>,
  pathOf: (column: string) => string | undefined,
): ReadonlySet<number> {
  const feeding = [...readers].flatMap(([path, reader]) => (secretFields.has(path) ? reader.columns : []));
  const lookalikes = [...header.keys()].filter((index) => {
    const column = header[index] ?? '';
    const path = pathOf(column);
    if (path !== undefined) return secretFields.has(path);
    return /pass(?:word|phrase|wd)|secret/i.test(column);
  });
  return new Set([...feeding, ...lookalikes]);
}

/** Whether a header is that of a file of ours: a failed.csv, or what `list` writes. */
export function isOurs(header: readonly string[]): boolean {
  return isFailedCsv(header) || (header.includes('_id') && header.includes('_status'));
}

/** Whether a header is that of a failed.csv of ours. */
function isFailedCsv(header: readonly string[]): boolean {
  return header.includes('_line') && header.includes('_error');
}

/** The first line holds a person, as it seems: none of it is quoted, since a password may stand in it. */
function noHeader(header: readonly string[]): ColumnProblem {
  return {
    code: 'column-unknown',
    column: undefined,
    message: `None of the ${header.length} names in the first line is one that Okta knows, and one looks like an email: the file needs a header line first, such as login,email,firstName,lastName.`,
  };
}
