import type { ColumnProblem } from './columns-error.js';
import { explicitAttribute, nameOf, type HeaderRecogniser, type KnownAttributes } from './header.js';
import type { MappingFile } from './mapping-file.js';
import { suggestion } from './nearest.js';
import type { Feed } from './source.js';

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
  readonly mappingFile: MappingFile | undefined;
  readonly ignoreColumns: readonly string[];
}

/**
 * Decides what every column of the file is for.
 *
 * The mapping file decides first. A column that it neither takes as it is nor ignores is then recognised by its name,
 * as without a mapping file, unless the mapping file already says where that value comes from. What is left over is a
 * problem: nothing is dropped silently.
 */
export function assignColumns({
  header,
  known,
  recogniser,
  mappingFile,
  ignoreColumns,
}: ColumnsOptions): Columns {
  const problems: ColumnProblem[] = [];
  const indexOf = createColumnFinder(header);
  const feeds = new Map<string, Feed>();
  const taken = new Set<number>();

  for (const feed of mappingFile?.feeds ?? []) {
    const problem = attributeProblem(feed, known, mappingFile?.fileName);
    if (problem !== undefined) problems.push(problem);
    else feeds.set(feed.path, feed);
    if (feed.source.kind === 'column') {
      const index = indexOf(feed.source.column);
      if (index !== undefined) taken.add(index);
    }
  }

  const ignored = [
    ...(mappingFile?.ignore ?? []).map(({ column, line }) => ({
      column,
      by: `${mappingFile?.fileName}:${line}`,
    })),
    ...ignoreColumns.map((column) => ({ column, by: '--ignore-columns' })),
  ];
  const ignoredIndexes = new Set<number>();
  for (const { column, by } of ignored) {
    const index = indexOf(column);
    if (index === undefined) {
      const hint = suggestion(column, header);
      problems.push({
        code: 'column-missing',
        column,
        message: `${by}: the file has no column "${column}".${hint}`,
      });
    } else if (taken.has(index)) {
      problems.push({
        code: 'column-ignored',
        column,
        message: `${by}: "${column}" is mapped and ignored; do one.`,
      });
    } else {
      ignoredIndexes.add(index);
    }
  }

  const isInTemplate = templateMentions(mappingFile);
  // A line that names a column wrongly is a problem of its own; the column that it means is none.
  const isBroken = (feed: Feed | undefined): boolean =>
    feed?.source.kind === 'column' && indexOf(feed.source.column) === undefined;
  for (const [index, column] of header.entries()) {
    if (taken.has(index) || ignoredIndexes.has(index) || isOwnColumn(column)) continue;
    const path = recogniser.pathOf(column);
    const feed = path === undefined ? undefined : feeds.get(path);
    if (path !== undefined && feed === undefined) {
      feeds.set(path, { path, source: { kind: 'column', column }, line: undefined });
    } else if (!isInTemplate(column) && !isBroken(feed)) {
      problems.push(leftoverProblem({ index, column, path, feed, recogniser, mappingFile }));
    }
  }

  return { feeds, problems };
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

function attributeProblem(feed: Feed, known: KnownAttributes, fileName = ''): ColumnProblem | undefined {
  if (!feed.path.startsWith('profile.')) return undefined;
  if (explicitAttribute(nameOf(feed.path), known) === feed.path) return undefined;
  const name = nameOf(feed.path);
  const whose = known.isOrgSchema ? 'The org' : 'Okta';
  const hint = suggestion(name, known.attributes.keys());
  return {
    code: 'attribute-unknown',
    column: undefined,
    message: `${fileName}:${feed.line}: ${whose} has no profile attribute "${name}".${hint}`,
  };
}

interface Leftover {
  readonly index: number;
  readonly column: string;
  readonly path: string | undefined;
  /** What feeds the path already. */
  readonly feed: Feed | undefined;
  readonly recogniser: HeaderRecogniser;
  readonly mappingFile: MappingFile | undefined;
}

function leftoverProblem({ index, column, path, feed, recogniser, mappingFile }: Leftover): ColumnProblem {
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
    const where = `${mappingFile?.fileName}:${feed.line}`;
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

/** Whether a template of the mapping file spells out the column's name: then it is used, whatever else it may be. */
function templateMentions(mappingFile: MappingFile | undefined): (column: string) => boolean {
  const templates = (mappingFile?.feeds ?? []).flatMap(({ source }) =>
    source.kind === 'template' ? [source.template] : [],
  );
  return (column) => templates.some((template) => template.includes(column.trim()));
}
