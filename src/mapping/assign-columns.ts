import type { ColumnProblem } from './columns-error.js';
import { explicitAttribute, nameOf, type HeaderMatcher, type KnownAttributes } from './match-header.js';
import type { MappingFile } from './mapping-file.js';
import type { FieldMapping } from './value-source.js';
import type { TemplateCompiler } from './template.js';
import { didYouMean } from '../text.js';

/** What a mapping file comes to for one file's columns. */
export interface BoundMapping {
  readonly fields: readonly FieldMapping[];
  readonly ignore: MappingFile['ignore'];
  /** Columns that templates name, that the file lacks, and that are read as empty. */
  readonly absentColumns: ReadonlySet<string>;
}

/** Which column feeds which field. */
export interface ColumnAssignment {
  /** By path in Okta's body; every path once. */
  readonly fields: ReadonlyMap<string, FieldMapping>;
  readonly problems: readonly ColumnProblem[];
}

export interface AssignOptions {
  readonly header: readonly string[];
  readonly known: KnownAttributes;
  readonly matcher: HeaderMatcher;
  readonly compileTemplate: TemplateCompiler;
  /** Fitted to the header. */
  readonly mapping: BoundMapping | undefined;
  /** For messages. */
  readonly mappingFileName: string | undefined;
  readonly ignoreColumns: readonly string[];
}

/**
 * Decides what every column of the file is for.
 *
 * The mapping file decides first. A column that it neither takes as it is nor ignores is then recognized by its name,
 * as without a mapping file, unless the mapping file already says where that value comes from. What is left over is a
 * problem: nothing is dropped silently.
 */
export function assignColumns(options: AssignOptions): ColumnAssignment {
  const indexOf = createColumnFinder(options.header);
  const mapped = mappedFields(options);
  const taken = new Set(
    [...mapped.fields.values()].flatMap(({ source }) =>
      source.kind === 'column' ? [indexOf(source.column)] : [],
    ),
  );
  const ignored = ignoredColumns(options, taken);
  const recognized = recognizedFields(options, mapped.fields, new Set([...taken, ...ignored.indexes]));
  return {
    fields: new Map([...mapped.fields, ...recognized.fields]),
    problems: [...mapped.problems, ...ignored.problems, ...recognized.problems],
  };
}

/** Columns that begin with `_` are ours, as in failed.csv, and feed nothing. */
export function isGeneratedColumn(column: string): boolean {
  return column.trim().startsWith('_');
}

/** Finds columns as people name them: to the letter, or else in any case where only one fits. */
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

function mappedFields({ known, mapping, mappingFileName }: AssignOptions): ColumnAssignment {
  const fields = new Map<string, FieldMapping>();
  const problems: ColumnProblem[] = [];
  for (const field of mapping?.fields ?? []) {
    fields.set(field.path, field);
    const isAttribute = field.path.startsWith('profile.');
    const name = nameOf(field.path);
    if (!isAttribute || explicitAttribute(name, known) === field.path) continue;
    const whose = known.isOrgSchema ? 'The org' : 'Okta';
    const hint = didYouMean(name, known.attributes.keys());
    problems.push({
      code: 'attribute-unknown',
      column: undefined,
      message: `${mappingFileName}:${field.line}: ${whose} has no profile attribute "${name}".${hint}`,
    });
  }
  return { fields, problems };
}

function ignoredColumns(
  { header, mapping, mappingFileName, ignoreColumns }: AssignOptions,
  taken: ReadonlySet<number | undefined>,
): { indexes: readonly number[]; problems: readonly ColumnProblem[] } {
  const indexOf = createColumnFinder(header);
  const indexes: number[] = [];
  const problems: ColumnProblem[] = [];
  const ignore = (column: string, by: string): void => {
    const index = indexOf(column);
    if (index === undefined) {
      const message = `${by}: the file has no column "${column}".${didYouMean(column, header)}`;
      problems.push({ code: 'column-missing', column, message });
    } else if (taken.has(index)) {
      problems.push({
        code: 'column-ignored',
        column,
        message: `${by}: "${column}" is mapped and ignored; do one.`,
      });
    } else {
      indexes.push(index);
    }
  };
  for (const { column, line } of mapping?.ignore ?? []) {
    ignore(column, `${mappingFileName}:${line}`);
  }
  for (const column of ignoreColumns) ignore(column, '--ignore-columns');
  return { indexes, problems };
}

/** Columns that nobody has spoken of yet, by their names. */
function recognizedFields(
  { header, matcher, compileTemplate, mappingFileName }: AssignOptions,
  mapped: ReadonlyMap<string, FieldMapping>,
  assigned: ReadonlySet<number | undefined>,
): ColumnAssignment {
  const indexOf = createColumnFinder(header);
  const inTemplates = columnsInTemplates(mapped, compileTemplate);
  // A line that names a column wrongly is a problem of its own; the column that it means is none.
  const isBroken = (field: FieldMapping | undefined): boolean =>
    field?.source.kind === 'column' && indexOf(field.source.column) === undefined;

  const fields = new Map<string, FieldMapping>();
  const problems: ColumnProblem[] = [];
  for (const [index, column] of header.entries()) {
    if (assigned.has(index) || isGeneratedColumn(column)) continue;
    const path = matcher.pathOf(column);
    const field = mapped.get(path ?? '') ?? fields.get(path ?? '');
    if (path !== undefined && field === undefined) {
      fields.set(path, { path, source: { kind: 'column', column }, line: undefined });
    } else if (!inTemplates.has(column.trim()) && !isBroken(field)) {
      problems.push(leftoverProblem({ index, column, path, field, matcher, mappingFileName }));
    }
  }
  return { fields, problems };
}

interface Leftover {
  readonly index: number;
  readonly column: string;
  readonly path: string | undefined;
  /** What the field is mapped to already. */
  readonly field: FieldMapping | undefined;
  readonly matcher: HeaderMatcher;
  readonly mappingFileName: string | undefined;
}

function leftoverProblem({ index, column, path, field, matcher, mappingFileName }: Leftover): ColumnProblem {
  if (column.trim() === '') {
    return {
      code: 'column-unknown',
      column,
      message: `Column ${index + 1} has no name: name it, or take it out.`,
    };
  }
  if (path === undefined || field === undefined) {
    const near = matcher.closestName(column);
    const hint = near === undefined ? '' : ` The nearest is "${near}".`;
    return {
      code: 'column-unknown',
      column,
      message: `Column "${column}" is nothing that Okta knows.${hint}`,
    };
  }
  if (field.line !== undefined) {
    const where = `${mappingFileName}:${field.line}`;
    return {
      code: 'column-unused',
      column,
      message: `Column "${column}" means ${nameOf(path)}, which ${where} takes from elsewhere: map it, or ignore it.`,
    };
  }
  const first = field.source.kind === 'column' ? field.source.column : '';
  return {
    code: 'column-repeated',
    column,
    message: `Columns "${first}" and "${column}" both mean ${nameOf(path)}: ignore one of them, or map it to another attribute.`,
  };
}

/** The columns that templates of the mapping file read: they are used, whatever else they may be. */
function columnsInTemplates(
  fields: ReadonlyMap<string, FieldMapping>,
  compileTemplate: TemplateCompiler,
): ReadonlySet<string> {
  const sources = [...fields.values()].map(({ source }) => source);
  return new Set(
    sources.flatMap((source) => (source.kind === 'template' ? compileTemplate(source.template).columns : [])),
  );
}
