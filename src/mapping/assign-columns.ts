import { didYouMean, listOf, quoted } from '../text.js';
import { inOrderOfChoice } from './choose-column.js';
import type { ColumnProblem } from './columns-error.js';
import { isGeneratedColumn } from './generated-file.js';
import type { MappingFile } from './mapping-file.js';
import { explicitAttribute, nameOf, type HeaderMatcher, type KnownAttributes } from './match-header.js';
import type { TemplateCompiler } from './template.js';
import { isOneList, recognizeColumns, type RecognizedColumn } from './recognize-columns.js';
import { columnsOf, type FieldMapping } from './value-source.js';

/** A mapping file as it applies to the columns of one file. */
export interface BoundMapping {
  readonly fields: readonly FieldMapping[];
  readonly ignore: MappingFile['ignore'];
  /** Columns in templates that the file does not have; they are read as empty. */
  readonly absentColumns: ReadonlySet<string>;
}

export interface ColumnAssignment {
  /** By path in Okta's request body. */
  readonly fields: ReadonlyMap<string, FieldMapping>;
  readonly problems: readonly ColumnProblem[];
  /** The columns that feed something because of their names. */
  readonly recognized: readonly RecognizedColumn[];
}

export interface AssignOptions {
  readonly header: readonly string[];
  readonly known: KnownAttributes;
  readonly matcher: HeaderMatcher;
  readonly compileTemplate: TemplateCompiler;
  readonly mapping: BoundMapping | undefined;
  /** For messages. */
  readonly mappingFileName: string | undefined;
  readonly ignoreColumns: readonly string[];
  /** Cells of some rows. */
  readonly samples: readonly (readonly string[])[];
  /** Attributes that every new user needs; empty if the file need not have them. */
  readonly required: readonly string[];
}

/**
 * Decides what every column of the file is for.
 *
 * The mapping file decides first. A column that it neither maps nor ignores is recognized by its name, as without a mapping file,
 * unless the mapping file takes that value from elsewhere. Any other column is a problem: nothing is dropped silently.
 */
export function assignColumns(options: AssignOptions): ColumnAssignment {
  const indexOf = createColumnFinder(options.header);
  const mapped = mappedFields(options);
  const mappedColumns = new Set(
    [...mapped.fields.values()].flatMap(({ source }) => columnsOf(source).map((column) => indexOf(column))),
  );
  const ignored = ignoredColumns(options, mappedColumns);
  const recognized = recognizedFields(
    options,
    mapped.fields,
    new Set([...mappedColumns, ...ignored.indexes]),
  );
  return {
    fields: new Map([...mapped.fields, ...recognized.fields]),
    problems: [...mapped.problems, ...ignored.problems, ...recognized.problems],
    recognized: recognized.recognized,
  };
}

/** Finds a column by its exact name, or in any case if only one column fits. */
export function createColumnFinder(header: readonly string[]): (column: string) => number | undefined {
  const names = header.map((column) => column.trim());
  const lowerCase = names.map((name) => name.toLowerCase());
  return (column) => {
    const exact = names.indexOf(column.trim());
    if (exact !== -1) return exact;
    const wanted = column.trim().toLowerCase();
    const first = lowerCase.indexOf(wanted);
    return first !== -1 && first === lowerCase.lastIndexOf(wanted) ? first : undefined;
  };
}

function mappedFields({
  known,
  mapping,
  mappingFileName,
}: AssignOptions): Omit<ColumnAssignment, 'recognized'> {
  const fields = new Map<string, FieldMapping>();
  const problems: ColumnProblem[] = [];
  for (const field of mapping?.fields ?? []) {
    fields.set(field.path, field);
    const name = nameOf(field.path);
    if (!field.path.startsWith('profile.') || explicitAttribute(name, known) === field.path) continue;
    const owner = known.isOrgSchema ? 'The org' : 'Okta';
    const hint = didYouMean(name, known.attributes.keys());
    const message = `${mappingFileName}:${field.line}: ${owner} has no profile attribute "${name}".${hint}`;
    problems.push({ code: 'attribute-unknown', column: undefined, message });
  }
  return { fields, problems };
}

function ignoredColumns(
  { header, mapping, mappingFileName, ignoreColumns }: AssignOptions,
  mappedColumns: ReadonlySet<number | undefined>,
): { indexes: readonly number[]; problems: readonly ColumnProblem[] } {
  const indexOf = createColumnFinder(header);
  const indexes: number[] = [];
  const problems: ColumnProblem[] = [];
  const ignore = (column: string, where: string): void => {
    const index = indexOf(column);
    if (index === undefined) {
      const message = `${where}: The file has no column "${column}".${didYouMean(column, header)}`;
      problems.push({ code: 'column-missing', column, message });
    } else if (mappedColumns.has(index)) {
      const message = `${where}: Column "${column}" is both mapped and ignored. Remove one of the two.`;
      problems.push({ code: 'column-ignored', column, message });
    } else {
      indexes.push(index);
    }
  };
  for (const { column, line } of mapping?.ignore ?? []) ignore(column, `${mappingFileName}:${line}`);
  for (const column of ignoreColumns) ignore(column, '--ignore-columns');
  return { indexes, problems };
}

/** The columns that are neither mapped nor ignored, by their names. */
function recognizedFields(
  { header, matcher, compileTemplate, mappingFileName, samples, required }: AssignOptions,
  mapped: ReadonlyMap<string, FieldMapping>,
  assigned: ReadonlySet<number | undefined>,
): ColumnAssignment {
  const indexOf = createColumnFinder(header);
  const inTemplates = columnsInTemplates(mapped, compileTemplate);
  // If the mapping file misspells a column, that is a problem of its own; the column that it means is not another one.
  const isMisspelled = (field: FieldMapping | undefined): boolean =>
    field !== undefined && columnsOf(field.source).some((column) => indexOf(column) === undefined);

  const excluded = new Set(assigned);
  for (const [index, column] of header.entries()) if (isGeneratedColumn(column)) excluded.add(index);
  const recognized: RecognizedColumn[] = [];
  const fields = new Map<string, FieldMapping>();
  const problems: ColumnProblem[] = [];
  const taken = new Set(mapped.keys());
  const columns = recognizeColumns(header, matcher, { samples, taken, excluded });
  for (const [index, found] of inOrderOfChoice(columns)) {
    if (excluded.has(index)) continue;
    const { column, confidence } = found;
    const isRead = inTemplates.has(column.trim());
    if (isRead && confidence !== 'certain') continue;
    const path = found.path ?? '';
    const field = mapped.get(path) ?? fields.get(path);
    const parts = [...(field === undefined ? [] : columnsOf(field.source)), column];
    const isPart = field !== undefined && !mapped.has(path) && isOneList(path, parts, matcher);
    if (found.isFullName && (path === '' || required.some((name) => NAMES.has(name)))) {
      problems.push(fullNames(column));
    } else if (isPart) {
      fields.set(path, { path, source: { kind: 'columns', columns: parts }, line: undefined });
      recognized.push(found);
    } else if (path !== '' && field === undefined) {
      fields.set(path, { path, source: { kind: 'column', column }, line: undefined });
      recognized.push(found);
    } else if (!isRead && !isMisspelled(field)) {
      problems.push(
        field === undefined
          ? unknownColumn(found, index, matcher)
          : redundantColumn(column, field, mappingFileName),
      );
    }
  }
  return { fields, problems, recognized };
}

const NAMES: ReadonlySet<string> = new Set(['firstName', 'lastName']);

function fullNames(column: string): ColumnProblem {
  const message = `Column ${quoted(column)} has whole names, but no column has the first and last names. To split them, map firstName: { fullName: ${JSON.stringify(column.trim())}, part: given } and lastName: { fullName: ${JSON.stringify(column.trim())}, part: family }.`;
  return { code: 'full-name', column, message };
}

function unknownColumn(
  { column, candidates, reason }: RecognizedColumn,
  index: number,
  matcher: HeaderMatcher,
): ColumnProblem {
  if (column.trim() === '') {
    const message = `Column ${index + 1} has no name. Name it or delete it.`;
    return { code: 'column-unknown', column, message };
  }
  if (candidates.length > 1) {
    const message = `Column ${quoted(column)} can mean ${listOf(candidates, 'or')}. Map it to one of them, or ignore it.`;
    return { code: 'column-ambiguous', column, message, candidates };
  }
  const closest = candidates.length > 0 || reason !== '' ? candidates : matcher.closestNames(column);
  const [name] = closest;
  const hint = name === undefined ? '' : ` Did you mean "${name}"?`;
  return {
    code: 'column-unknown',
    column,
    message: `Unknown column "${column}".${hint}`,
    candidates: closest,
  };
}

/** A column whose value already comes from `field`. */
function redundantColumn(
  column: string,
  { path, source, line }: FieldMapping,
  mappingFileName: string | undefined,
): ColumnProblem {
  const name = nameOf(path);
  if (line !== undefined) {
    const message = `Column "${column}" means ${name}, which ${mappingFileName}:${line} already maps. Map the column to another attribute, or ignore it.`;
    return { code: 'column-unused', column, message };
  }
  const [first = ''] = columnsOf(source);
  const message = `Columns "${first}" and "${column}" both mean ${name}. Ignore one of them, or map it to another attribute.`;
  return { code: 'column-repeated', column, message };
}

/** Columns that templates of the mapping file read are in use, whatever their names mean. */
function columnsInTemplates(
  fields: ReadonlyMap<string, FieldMapping>,
  compileTemplate: TemplateCompiler,
): ReadonlySet<string> {
  const sources = [...fields.values()].map(({ source }) => source);
  return new Set(
    sources.flatMap((source) => (source.kind === 'template' ? compileTemplate(source.template).columns : [])),
  );
}
