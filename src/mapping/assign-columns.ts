import type { ColumnProblem } from './columns-error.js';
import { explicitAttribute, nameOf, type HeaderRecogniser, type KnownAttributes } from './match-header.js';
import type { MappingFile } from './mapping-file.js';
import type { Feed } from './value-source.js';
import type { TemplateCompiler } from './template.js';
import { didYouMean } from '../text.js';

/** What a mapping file comes to for one file's columns. */
export interface FittedMapping {
  readonly feeds: readonly Feed[];
  readonly ignore: MappingFile['ignore'];
  /** Columns that templates name, that the file lacks, and that are read as empty. */
  readonly absentColumns: ReadonlySet<string>;
}

/** Which column feeds what. */
export interface Columns {
  /** By path in Okta's body; every path once. */
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly problems: readonly ColumnProblem[];
}

export interface ColumnsOptions {
  readonly header: readonly string[];
  readonly known: KnownAttributes;
  readonly recogniser: HeaderRecogniser;
  readonly compileTemplate: TemplateCompiler;
  /** Fitted to the header. */
  readonly mapping: FittedMapping | undefined;
  /** For messages. */
  readonly mappingFileName: string | undefined;
  readonly ignoreColumns: readonly string[];
}

/**
 * Decides what every column of the file is for.
 *
 * The mapping file decides first. A column that it neither takes as it is nor ignores is then recognised by its name,
 * as without a mapping file, unless the mapping file already says where that value comes from. What is left over is a
 * problem: nothing is dropped silently.
 */
export function assignColumns(options: ColumnsOptions): Columns {
  const indexOf = createColumnFinder(options.header);
  const mapped = mappedFeeds(options);
  const taken = new Set(
    [...mapped.feeds.values()].flatMap(({ source }) =>
      source.kind === 'column' ? [indexOf(source.column)] : [],
    ),
  );
  const ignored = ignoredColumns(options, taken);
  const recognised = recognisedFeeds(options, mapped.feeds, new Set([...taken, ...ignored.indexes]));
  return {
    feeds: new Map([...mapped.feeds, ...recognised.feeds]),
    problems: [...mapped.problems, ...ignored.problems, ...recognised.problems],
  };
}

/** Columns that begin with `_` are ours, as in failed.csv, and feed nothing. */
export function isOwnColumn(column: string): boolean {
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

function mappedFeeds({ known, mapping, mappingFileName }: ColumnsOptions): Columns {
  const feeds = new Map<string, Feed>();
  const problems: ColumnProblem[] = [];
  for (const feed of mapping?.feeds ?? []) {
    feeds.set(feed.path, feed);
    const isAttribute = feed.path.startsWith('profile.');
    const name = nameOf(feed.path);
    if (!isAttribute || explicitAttribute(name, known) === feed.path) continue;
    const whose = known.isOrgSchema ? 'The org' : 'Okta';
    const hint = didYouMean(name, known.attributes.keys());
    problems.push({
      code: 'attribute-unknown',
      column: undefined,
      message: `${mappingFileName}:${feed.line}: ${whose} has no profile attribute "${name}".${hint}`,
    });
  }
  return { feeds, problems };
}

function ignoredColumns(
  { header, mapping, mappingFileName, ignoreColumns }: ColumnsOptions,
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
function recognisedFeeds(
  { header, recogniser, compileTemplate, mappingFileName }: ColumnsOptions,
  mapped: ReadonlyMap<string, Feed>,
  spokenOf: ReadonlySet<number | undefined>,
): Columns {
  const indexOf = createColumnFinder(header);
  const inTemplates = columnsInTemplates(mapped, compileTemplate);
  // A line that names a column wrongly is a problem of its own; the column that it means is none.
  const isBroken = (feed: Feed | undefined): boolean =>
    feed?.source.kind === 'column' && indexOf(feed.source.column) === undefined;

  const feeds = new Map<string, Feed>();
  const problems: ColumnProblem[] = [];
  for (const [index, column] of header.entries()) {
    if (spokenOf.has(index) || isOwnColumn(column)) continue;
    const path = recogniser.pathOf(column);
    const feed = mapped.get(path ?? '') ?? feeds.get(path ?? '');
    if (path !== undefined && feed === undefined) {
      feeds.set(path, { path, source: { kind: 'column', column }, line: undefined });
    } else if (!inTemplates.has(column.trim()) && !isBroken(feed)) {
      problems.push(leftoverProblem({ index, column, path, feed, recogniser, mappingFileName }));
    }
  }
  return { feeds, problems };
}

interface Leftover {
  readonly index: number;
  readonly column: string;
  readonly path: string | undefined;
  /** What feeds the path already. */
  readonly feed: Feed | undefined;
  readonly recogniser: HeaderRecogniser;
  readonly mappingFileName: string | undefined;
}

function leftoverProblem({
  index,
  column,
  path,
  feed,
  recogniser,
  mappingFileName,
}: Leftover): ColumnProblem {
  if (column.trim() === '') {
    return {
      code: 'column-unknown',
      column,
      message: `Column ${index + 1} has no name: name it, or take it out.`,
    };
  }
  if (path === undefined || feed === undefined) {
    const near = recogniser.nearestName(column);
    const hint = near === undefined ? '' : ` The nearest is "${near}".`;
    return {
      code: 'column-unknown',
      column,
      message: `Column "${column}" is nothing that Okta knows.${hint}`,
    };
  }
  if (feed.line !== undefined) {
    const where = `${mappingFileName}:${feed.line}`;
    return {
      code: 'column-unused',
      column,
      message: `Column "${column}" means ${nameOf(path)}, which ${where} takes from elsewhere: map it, or ignore it.`,
    };
  }
  const first = feed.source.kind === 'column' ? feed.source.column : '';
  return {
    code: 'column-repeated',
    column,
    message: `Columns "${first}" and "${column}" both mean ${nameOf(path)}: ignore one of them, or map it to another attribute.`,
  };
}

/** The columns that templates of the mapping file read: they are used, whatever else they may be. */
function columnsInTemplates(
  feeds: ReadonlyMap<string, Feed>,
  compileTemplate: TemplateCompiler,
): ReadonlySet<string> {
  const sources = [...feeds.values()].map(({ source }) => source);
  return new Set(
    sources.flatMap((source) => (source.kind === 'template' ? compileTemplate(source.template).columns : [])),
  );
}
