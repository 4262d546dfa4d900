import { ColumnsError, type ColumnProblem } from '../../mapping/columns-error.js';
import { isGeneratedColumn } from '../../mapping/generated-file.js';
import { MappingFileError, parseMappingFile, type MappingFile } from '../../mapping/mapping-file.js';
import { compileMapping, type Mapping } from '../../mapping/mapping.js';
import { createHeaderMatcher, nameOf, type KnownAttributes } from '../../mapping/match-header.js';
import { secretPaths } from '../../mapping/okta-field-paths.js';
import { secretColumns } from '../../mapping/secret-columns.js';
import { columnsOf } from '../../mapping/value-source.js';
import { sourceText, writeMapping } from '../../mapping/write-mapping.js';
import type { OrgMetadata } from '../../org/org-metadata.js';
import { listOf, quoted } from '../../text.js';
import type { ColumnsState } from '../api/columns.js';
import { attributeViews } from './attribute-views.js';
import { toWritten, pathsOf, type ColumnUses } from './column-uses.js';
import { createSampler } from './samples.js';

type Problem = ColumnsState['problems'][number];

export interface ColumnsInput {
  /** Of the file, for people. */
  readonly fileName: string;
  readonly header: readonly string[];
  /** The index of each column in the file. */
  readonly columns: readonly number[];
  readonly samples: readonly (readonly string[])[];
  readonly metadata: OrgMetadata;
  readonly uses: ColumnUses;
  readonly mappingName: string | undefined;
  readonly losesComments: boolean;
}

/** What the step Columns shows, and the mapping file that it stands for. */
export interface BuiltColumns {
  readonly state: Omit<ColumnsState, 'schemaProblem'>;
  /** Undefined while it cannot be used. */
  readonly mappingFile: MappingFile | undefined;
}

export function knownAttributes({ attributes, isOrgSchema }: OrgMetadata): KnownAttributes {
  return { attributes: new Map(Object.entries(attributes)), isOrgSchema };
}

export function buildColumns(input: ColumnsInput): BuiltColumns {
  const { fileName, header, columns, samples, metadata, uses, mappingName, losesComments } = input;
  const known = knownAttributes(metadata);
  const isList = (path: string): boolean =>
    path === 'groupIds' || known.attributes.get(nameOf(path))?.type === 'array';
  const written = toWritten(uses, header, isList);
  const yaml = writeMapping(written, `Mapping for ${fileName}`);
  const attributes = attributeViews(metadata);
  const conflicts = findConflicts(uses, isList);
  const surplus = new Set(conflicts.flatMap(({ indexes }) => indexes.slice(1)));
  const compiled = compile(yaml, input, surplus);
  const isUndecided = uses.columns.some(({ use }) => use.kind === 'undecided');
  const problems = [
    ...conflicts.map((conflict) => describeConflict(conflict, header, attributes)),
    ...compiled.problems,
  ];

  const fed = new Set(written.fields.map(({ path }) => path));
  const loginIsEmail = !fed.has('profile.login') && fed.has('profile.email');
  if (loginIsEmail) fed.add('profile.login');
  const alsoFeeds = secondUses(uses, loginIsEmail);
  const sampler = createSampler({
    header,
    samples,
    mapping: compiled.mapping,
    secret: secretsIn(input, known, compiled.mapping),
  });
  return {
    mappingFile: problems.length > 0 || isUndecided ? undefined : compiled.file,
    state: {
      columns: header.map((name, index) => ({
        index,
        position: (columns[index] ?? index) + 1,
        name,
        ...(uses.columns[index] ?? UNKNOWN),
        // What is sent of an attribute that two columns are set to comes from the first.
        ...sampler(index, (surplus.has(index) ? undefined : uses.columns[index]?.use) ?? UNKNOWN.use),
        alsoFeeds: alsoFeeds(name, index),
      })),
      attributes,
      isOrgSchema: metadata.isOrgSchema,
      missing: attributes
        .filter(({ path, isRequired }) => isRequired && !fed.has(path))
        .map(({ path }) => path),
      problems,
      mappingName,
      losesComments,
      fixedFields: uses.others
        .filter(({ path }) => fed.has(path))
        .filter(({ source }) => source.kind !== 'column' || Object.keys(source).length > 2)
        .map(({ path, source }) => ({ path, text: sourceText(source) })),
      yaml,
    },
  };
}

const UNKNOWN = { use: { kind: 'undecided' }, confidence: 'none', reason: '', candidates: [] } as const;

interface Compiled {
  readonly file: MappingFile | undefined;
  readonly mapping: Mapping | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Compiles the mapping as an import does, without the columns that are still to be decided.
 *
 * @param surplus - indexes of columns that are in conflict with another.
 */
function compile(
  yaml: string,
  { header, samples, metadata, uses, mappingName }: ColumnsInput,
  surplus: ReadonlySet<number>,
): Compiled {
  const undecided = header.filter(
    (name, index) =>
      (uses.columns[index]?.use.kind === 'undecided' || surplus.has(index)) && !isGeneratedColumn(name),
  );
  const fileName = mappingName ?? 'mapping.yaml';
  try {
    const file = parseMappingFile(yaml, fileName);
    const mapping = compileMapping(header, {
      mappingFile: file,
      attributes: metadata.attributes,
      isOrgSchema: metadata.isOrgSchema,
      ignoreColumns: undecided,
      samples,
    });
    return { file, mapping, problems: [] };
  } catch (error) {
    if (error instanceof ColumnsError) {
      return { file: undefined, mapping: undefined, problems: error.problems.map(toProblem) };
    }
    if (!(error instanceof MappingFileError)) throw error;
    const message = 'No column is sent to Okta yet. Choose at least the column for the login or the email.';
    return { file: undefined, mapping: undefined, problems: [{ column: undefined, message }] };
  }
}

/** Lines of a mapping file that nobody has written are no help. */
function toProblem({ column, message }: ColumnProblem): Problem {
  return { column, message: message.replace(/^[^:\n]*:\d+: /, '') };
}

/** Columns that are set to the same single value. */
interface Conflict {
  readonly path: string;
  readonly indexes: readonly number[];
}

function findConflicts({ columns }: ColumnUses, isList: (path: string) => boolean): readonly Conflict[] {
  const byPath = new Map<string, number[]>();
  for (const [index, { use }] of columns.entries()) {
    if (use.kind !== 'attribute' && use.kind !== 'full-name') continue;
    const path = use.kind === 'attribute' ? use.path : 'full name';
    byPath.set(path, [...(byPath.get(path) ?? []), index]);
  }
  return [...byPath]
    .filter(([path, indexes]) => indexes.length > 1 && !isList(path))
    .map(([path, indexes]) => ({ path, indexes }));
}

function describeConflict(
  { path, indexes }: Conflict,
  header: readonly string[],
  attributes: ColumnsState['attributes'],
): Problem {
  const label = attributes.find((attribute) => attribute.path === path)?.label ?? nameOf(path);
  const names = listOf(indexes.map((index) => quoted(header[index] ?? '')));
  const which = indexes.length === 2 ? 'one of them' : 'all but one of them';
  return {
    column: header[indexes[1] ?? 0],
    message: `${label} gets its value from one column, but ${names} are set to it. Choose something else for ${which}.`,
  };
}

/** Plain second uses, such as the email of a login column, by the name of the column. */
function secondUses(
  { columns, others }: ColumnUses,
  loginIsEmail: boolean,
): (name: string, index: number) => readonly string[] {
  const byName = new Map<string, string[]>();
  for (const { path, source } of others) {
    if (source.kind !== 'column') continue;
    for (const column of columnsOf(source)) byName.set(column, [...(byName.get(column) ?? []), path]);
  }
  return (name, index) => {
    const use = columns[index]?.use;
    const own = use === undefined || use.kind === 'fixed' ? [] : (byName.get(name.trim()) ?? []);
    const isEmail = use?.kind === 'attribute' && use.path === 'profile.email';
    return isEmail && loginIsEmail ? [...own, 'profile.login'] : own;
  };
}

/** Columns that have a secret's name, or feed a secret. */
function secretsIn(
  { header, uses }: ColumnsInput,
  known: KnownAttributes,
  mapping: Mapping | undefined,
): ReadonlySet<number> {
  const secret = new Set(
    mapping?.secretColumns ?? secretColumns(header, new Map(), createHeaderMatcher(known).pathOf),
  );
  for (const [index, { use }] of uses.columns.entries()) {
    if (pathsOf(use).some((path) => secretPaths.has(path))) secret.add(index);
  }
  return secret;
}
