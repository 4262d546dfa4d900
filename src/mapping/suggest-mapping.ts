import { groupsLine, listNotationOf, type ListNotation } from '../rows/group-list.js';
import { quoted } from '../text.js';
import { createColumnFinder, type BoundMapping } from './assign-columns.js';
import { bindToHeader } from './bind-to-header.js';
import { inOrderOfChoice } from './choose-column.js';
import { splitCell } from './convert.js';
import { splitName } from './full-name.js';
import { isGeneratedColumn } from './generated-file.js';
import { createHeaderMatcher, nameOf, type HeaderMatcher, type KnownAttributes } from './match-header.js';
import { readPreset } from './presets.js';
import { isOneList, recognizeColumns, type RecognizedColumn } from './recognize-columns.js';
import { createTemplateCompiler } from './template.js';
import { columnsOf, LIST_SEPARATOR, type ValueSource } from './value-source.js';

export interface SuggestedMapping {
  /** By path in Okta's request body. */
  readonly sources: ReadonlyMap<string, ValueSource>;
  /** Why a source is only likely, by path. */
  readonly comments: ReadonlyMap<string, string>;
  readonly unmapped: readonly UnmappedColumn[];
  /** What the names of the columns say, in the order of the header. */
  readonly recognized: readonly RecognizedColumn[];
  /** Indexes of the columns that the preset maps, and of those that it ignores. */
  readonly byPreset: { readonly mapped: ReadonlySet<number>; readonly ignored: ReadonlySet<number> };
  /** The line for the groups, if their cells need more than a separator; see `groupsLine`. */
  readonly groupsLine: string | undefined;
}

export interface UnmappedColumn {
  readonly column: string;
  /** What it may mean; '' for no idea. */
  readonly comment: string;
}

export interface SuggestOptions {
  readonly header: readonly string[];
  readonly known: KnownAttributes;
  readonly preset: string | undefined;
  /** Cells of some rows. */
  readonly samples: readonly (readonly string[])[];
  /** The path that the user chose for a column; undefined to ignore it. */
  readonly choices?: ReadonlyMap<string, string | undefined> | undefined;
}

/** Suggests a source for each path: as the preset has it, then by the names of the columns, and by the values in some rows. */
export function suggestMapping({
  header,
  known,
  preset,
  samples,
  choices = new Map(),
}: SuggestOptions): SuggestedMapping {
  const { fields, ignore } = bindPreset(header, preset);
  const matcher = createHeaderMatcher(known);
  const indexOf = createColumnFinder(header);
  const sources = new Map(fields.map(({ path, source }) => [path, source]));
  const comments = new Map<string, string>();
  const mapped = new Set(fields.flatMap(({ source }) => columnsOf(source).map((column) => indexOf(column))));
  const ignored = new Set(ignore.map(({ column }) => indexOf(column)));
  const generated = [...header.keys()].filter((index) => isGeneratedColumn(header[index] ?? ''));
  const chosen = [...header.keys()].filter((index) => choices.has((header[index] ?? '').trim()));
  const excluded = new Set([...mapped, ...ignored, ...generated, ...chosen]);

  const unmapped: UnmappedColumn[] = [];
  for (const [column, path] of choices) {
    if (path === undefined) unmapped.push({ column, comment: '' });
    else sources.set(path, { kind: 'column', column });
  }
  const recognized = recognizeColumns(header, matcher, { samples, taken: new Set(sources.keys()), excluded });
  for (const [index, found] of inOrderOfChoice(recognized)) {
    if (mapped.has(index) || generated.includes(index) || chosen.includes(index)) continue;
    const column = found.column.trim();
    const other = sources.get(found.path ?? '');
    const columns = [...(other === undefined ? [] : columnsOf(other)), column];
    const isPart = other !== undefined && isOneList(found.path ?? '', columns, matcher);
    if (found.isFullName) {
      for (const [path, part] of NAME_PARTS) {
        if (!known.attributes.has(nameOf(path)) || sources.has(path)) continue;
        sources.set(path, { kind: 'column', column, namePart: part });
        comments.set(path, doubtfulNames(samples.map((row) => row[index] ?? '')));
      }
    }
    if (found.path !== undefined && other === undefined) {
      sources.set(found.path, { kind: 'column', column });
      if (found.confidence === 'likely') comments.set(found.path, found.reason);
    } else if (found.path !== undefined && isPart) {
      sources.set(found.path, { kind: 'columns', columns });
    } else if (found.path !== undefined) {
      const [first] = other === undefined ? [] : columnsOf(other);
      const same = first === undefined ? '' : `, like ${quoted(first)}`;
      unmapped.push({ column, comment: nameOf(found.path) + same });
    } else if (!found.isFullName) {
      unmapped.push({ column, comment: ignored.has(index) ? '' : commentOn(found, matcher) });
    }
  }
  const login = sources.get('profile.login');
  if (login?.kind === 'column' && !sources.has('profile.email') && known.attributes.has('email')) {
    const index = indexOf(login.column) ?? -1;
    const logins = samples.map((row) => (row[index] ?? '').trim()).filter((cell) => cell !== '');
    if (logins.length > 0 && logins.every((cell) => cell.includes('@'))) {
      sources.set('profile.email', { kind: 'column', column: login.column });
      comments.set('profile.email', 'no email column, so the login is used');
    }
  }
  const groups = groupsIn(sources.get('groupIds'), header, samples);
  if (groups !== undefined) sources.set('groupIds', groups.source);
  for (const path of ['start', 'end']) {
    const source = sources.get(path);
    if (source?.kind !== 'column') continue;
    const index = indexOf(source.column) ?? -1;
    const date = dateFormatOf(samples.map((row) => (row[index] ?? '').trim()));
    if (date !== undefined) sources.set(path, { ...source, date });
  }
  return {
    sources,
    comments,
    unmapped,
    groupsLine: groups?.line,
    recognized,
    byPreset: { mapped: indexesOf(mapped), ignored: indexesOf(ignored) },
  };
}

function indexesOf(found: ReadonlySet<number | undefined>): ReadonlySet<number> {
  return new Set([...found].filter((index) => index !== undefined));
}

const NAME_PARTS = [
  ['profile.firstName', 'given'],
  ['profile.lastName', 'family'],
] as const;

function commentOn(
  { column, candidates, reason }: ReturnType<typeof recognizeColumns>[number],
  { closestNames }: HeaderMatcher,
): string {
  const similar = candidates.length > 0 || reason !== '' ? candidates : closestNames(column);
  return similar.length === 0 ? '' : `${similar.join(', ')}?`;
}

function doubtfulNames(names: readonly string[]): string {
  const doubtful = names.map((name) => name.trim()).find((name) => name !== '' && splitName(name).doubt);
  return doubtful === undefined ? '' : `check names such as ${quoted(doubtful)}`;
}

/** The source of the groups with the separators that its cells have. */
function groupsIn(
  source: ValueSource | undefined,
  header: readonly string[],
  samples: readonly (readonly string[])[],
): { readonly source: ValueSource; readonly line: string | undefined } | undefined {
  if (source === undefined || source.kind === 'constant' || source.kind === 'template') return undefined;
  const indexOf = createColumnFinder(header);
  const columns = columnsOf(source);
  const cells = columns.flatMap((column) => samples.map((row) => (row[indexOf(column) ?? -1] ?? '').trim()));
  const notations = cells
    .flatMap((cell) => splitCell(cell, /[;\r\n]/))
    .map(listNotationOf)
    .filter((notation) => notation !== undefined);
  const odd = notations.find(({ kind }) => kind !== 'separated');
  if (odd !== undefined) return { source, line: groupsLine(columns, odd) };
  const separators = new Set(notations.flatMap(separatorsIn));
  if (cells.some((cell) => cell.includes(LIST_SEPARATOR))) separators.add(LIST_SEPARATOR);
  const split = separators.size === 0 ? undefined : [...separators];
  return { source: { ...source, ...(split && { split }) }, line: undefined };
}

/** The format of most dates; undefined if they are written as `2026-03-01` or day and month cannot be told apart. */
export function dateFormatOf(cells: readonly string[]): string | undefined {
  const matches = cells
    .map((cell) => /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$/.exec(cell))
    .filter((match) => match !== null);
  const [first] = matches;
  if (first === undefined) return undefined;
  const separator = first[2] ?? '.';
  const isDayFirst = separator === '.' || matches.some((match) => Number(match[1]) > 12);
  const isMonthFirst = matches.some((match) => Number(match[3]) > 12);
  if (isDayFirst === isMonthFirst) return undefined;
  const width = matches.every((match) => match[1]?.length === 2 && match[3]?.length === 2) ? 2 : 1;
  const parts = isDayFirst ? ['d'.repeat(width), 'M'.repeat(width)] : ['M'.repeat(width), 'd'.repeat(width)];
  return [...parts, 'yyyy'].join(separator);
}

function separatorsIn(notation: ListNotation): readonly string[] {
  return notation.kind === 'separated' ? notation.separators : [];
}

function bindPreset(
  header: readonly string[],
  preset: string | undefined,
): Pick<BoundMapping, 'fields' | 'ignore'> {
  if (preset === undefined) return { fields: [], ignore: [] };
  const compileTemplate = createTemplateCompiler(header);
  return bindToHeader(readPreset(preset), { header, ignoreColumns: [], compileTemplate });
}
