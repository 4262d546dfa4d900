import { createColumnFinder } from '../../mapping/assign-columns.js';
import { bindToHeader } from '../../mapping/bind-to-header.js';
import { isGeneratedColumn } from '../../mapping/generated-file.js';
import { parseMappingFile, type MappingFile } from '../../mapping/mapping-file.js';
import { nameOf, type KnownAttributes } from '../../mapping/match-header.js';
import { presetFor } from '../../mapping/presets.js';
import { suggestMapping } from '../../mapping/suggest-mapping.js';
import { createTemplateCompiler } from '../../mapping/template.js';
import { columnsOf, type FieldMapping, type ValueSource } from '../../mapping/value-source.js';
import type { WrittenMapping } from '../../mapping/write-mapping.js';
import type { ColumnUse, ColumnView } from '../api/columns.js';

/** What one column is for, and how that is known. */
export type DecidedUse = Pick<ColumnView, 'use' | 'confidence' | 'reason' | 'candidates'>;

type Field = Pick<FieldMapping, 'path' | 'source'>;

/** What every column of a file is for. Never changed: each change makes a new one. */
export interface ColumnUses extends Pick<WrittenMapping, 'isOptional' | 'timeZone'> {
  /** In the order of the header. */
  readonly columns: readonly DecidedUse[];
  /** Fields besides one per column: templates, constants, and second uses of a column. */
  readonly others: readonly Field[];
}

export interface TableColumns {
  readonly header: readonly string[];
  /** Cells of some rows. */
  readonly samples: readonly (readonly string[])[];
  readonly known: KnownAttributes;
}

const UNDECIDED: ColumnUse = { kind: 'undecided' };
const IGNORED: ColumnUse = { kind: 'ignore' };

/** What the names of the columns say, as the commands `mapping` and `import` read them. */
export function recognizedUses({ header, samples, known }: TableColumns): ColumnUses {
  const preset = presetFor(header);
  const suggested = suggestMapping({ header, known, preset, samples });
  const fields = [...suggested.sources].map(([path, source]) => ({ path, source }));
  if (suggested.groupsLine !== undefined) {
    const [groups] = parseMappingFile(suggested.groupsLine, 'groups').fields;
    const at = fields.findIndex(({ path }) => path === 'groupIds');
    if (groups !== undefined) fields[at] = groups;
  }
  const { columns, others } = distribute(fields, header);
  return {
    others,
    isOptional: hasAbsentColumns(others, header),
    timeZone: undefined,
    columns: header.map((name, index) => {
      const use = columns[index] ?? UNDECIDED;
      const found = suggested.recognized[index];
      const { confidence = 'none', reason = '', candidates = [] } = found ?? {};
      const { mapped, ignored } = suggested.byPreset;
      if (isGeneratedColumn(name)) return certain(IGNORED, 'added by a report');
      if (use.kind === 'undecided' && ignored.has(index)) return certain(IGNORED, 'not needed in Okta');
      if (mapped.has(index)) return certain(use, `export of ${preset ?? ''}`);
      if (use.kind === 'undecided') {
        const { path } = found ?? {};
        const unused = path === undefined ? candidates : [nameOf(path)];
        return { use, confidence: 'none', reason, candidates: unused };
      }
      return { use, confidence, reason, candidates };
    }),
  };
}

/** Whether templates name columns that the file lacks; an optional mapping reads them as empty. */
function hasAbsentColumns(fields: readonly Field[], header: readonly string[]): boolean {
  const names = new Set(header.map((name) => name.trim()));
  const compileTemplate = createTemplateCompiler(header);
  return fields.some(
    ({ source }) =>
      source.kind === 'template' &&
      compileTemplate(source.template).columns.some((column) => !names.has(column)),
  );
}

function certain(use: ColumnUse, reason: string): DecidedUse {
  return { use, confidence: 'certain', reason, candidates: [] };
}

/** What a mapping file says about the columns of a file. Columns that it does not mention are recognized. */
export function loadedUses(file: MappingFile, table: TableColumns): ColumnUses {
  const { header } = table;
  const bound = bindToHeader(file, {
    header,
    ignoreColumns: [],
    compileTemplate: createTemplateCompiler(header),
  });
  const { columns, others } = distribute(bound.fields, header);
  const indexOf = createColumnFinder(header);
  const ignored = new Set(bound.ignore.map(({ column }) => indexOf(column)));
  const recognized = recognizedUses(table);
  const taken = new Set(bound.fields.map(({ path }) => path));
  return {
    others,
    isOptional: hasAbsentColumns(others, header),
    timeZone: file.timeZone,
    columns: header.map((_, index) => {
      const use = columns[index];
      if (use !== undefined) return { ...chosen(use), reason: `in ${file.fileName}` };
      if (ignored.has(index)) return { ...chosen(IGNORED), reason: `in ${file.fileName}` };
      const own = recognized.columns[index] ?? chosen(UNDECIDED);
      const isFree = own.use.kind === 'attribute' && !taken.has(own.use.path);
      return isFree || own.use.kind === 'ignore' ? own : { ...own, use: UNDECIDED, confidence: 'none' };
    }),
  };
}

export function chosen(use: ColumnUse): DecidedUse {
  return { use, confidence: 'chosen', reason: '', candidates: [] };
}

/** Another use of one column. What fed its attribute besides columns gives way. */
export function withUse(
  uses: ColumnUses,
  header: readonly string[],
  index: number,
  use: ColumnUse,
): ColumnUses {
  const indexOf = createColumnFinder(header);
  const paths = new Set(pathsOf(use));
  const before = uses.columns[index]?.use ?? UNDECIDED;
  const isSamePath = before.kind === use.kind && pathsOf(before).some((path) => paths.has(path));
  const others = uses.others.filter(({ path, source }) => {
    if (paths.has(path)) return false;
    const columns = columnsOf(source);
    return isSamePath || !(columns.length === 1 && indexOf(columns[0] ?? '') === index);
  });
  const fixed = new Set(others.map(({ path }) => path));
  const columns = uses.columns.map((each, at): DecidedUse => {
    if (at === index) return { ...chosen(use), candidates: each.candidates };
    if (each.use.kind !== 'fixed') return each;
    const left = each.use.paths.filter((path) => fixed.has(path));
    return left.length > 0 ? { ...each, use: { kind: 'fixed', paths: left } } : chosen(UNDECIDED);
  });
  return { ...uses, columns, others };
}

/** The paths that a use feeds. */
export function pathsOf(use: ColumnUse): readonly string[] {
  switch (use.kind) {
    case 'attribute':
      return [use.path];
    case 'full-name':
      return NAME_PARTS.map(([path]) => path);
    case 'fixed':
      return use.paths;
    case 'ignore':
    case 'undecided':
      return [];
    default:
      return use satisfies never;
  }
}

const NAME_PARTS = [
  ['profile.firstName', 'given'],
  ['profile.lastName', 'family'],
] as const;

/**
 * The mapping file of some uses. Of two columns for one attribute, only the first counts.
 *
 * @param isList - whether several columns can feed a path.
 */
export function toWritten(
  { columns, others, isOptional, timeZone }: ColumnUses,
  header: readonly string[],
  isList: (path: string) => boolean,
): WrittenMapping {
  const fields = new Map<string, ValueSource>();
  const add = (path: string, source: ValueSource): void => {
    const other = fields.get(path);
    if (other === undefined) fields.set(path, source);
    else if (isList(path) && isListPart(other) && isListPart(source)) {
      const split = other.split ?? source.split;
      fields.set(path, {
        kind: 'columns',
        columns: [...columnsOf(other), ...columnsOf(source)],
        ...(split && { split }),
      });
    }
  };
  for (const [index, { use }] of columns.entries()) {
    const column = (header[index] ?? '').trim();
    if (use.kind === 'attribute') add(use.path, sourceOf(column, use));
    if (use.kind === 'full-name') {
      const taken = new Set(
        columns.flatMap((each) => (each.use.kind === 'attribute' ? [each.use.path] : [])),
      );
      for (const [path, namePart] of NAME_PARTS) {
        if (!taken.has(path)) add(path, { kind: 'column', column, namePart });
      }
    }
  }
  for (const { path, source } of others) if (!fields.has(path)) fields.set(path, source);
  const ignore = header.filter(
    (name, index) => columns[index]?.use.kind === 'ignore' && !isGeneratedColumn(name),
  );
  return {
    fields: [...fields].map(([path, source]) => ({ path, source })),
    ignore: ignore.map((name) => name.trim()),
    isOptional,
    timeZone,
  };
}

type ListPart = Extract<ValueSource, { kind: 'column' | 'columns' }>;

/** Whether a source may be one column of several that feed a list. */
function isListPart(source: ValueSource): source is ListPart {
  if (source.kind === 'columns') return true;
  return (
    source.kind === 'column' && Object.keys(source).every((key) => ['kind', 'column', 'split'].includes(key))
  );
}

function sourceOf(
  column: string,
  { split, date, phoneCountry, values }: Extract<ColumnUse, { kind: 'attribute' }>,
): ValueSource {
  return {
    kind: 'column',
    column,
    ...(split && { split }),
    ...(date !== undefined && { date }),
    ...(phoneCountry !== undefined && { e164: phoneCountry }),
    ...(values && { values: new Map(Object.entries(values)) }),
  };
}

/** Keys of a source that a column of the page can have. */
const OWN_KEYS: ReadonlySet<string> = new Set(['kind', 'column', 'split', 'date', 'e164', 'values']);

/** Gives each field to the column that it is read from; a column has one, the rest are `others`. */
function distribute(
  fields: readonly Field[],
  header: readonly string[],
): { readonly columns: readonly (ColumnUse | undefined)[]; readonly others: readonly Field[] } {
  const indexOf = createColumnFinder(header);
  const columns: (ColumnUse | undefined)[] = header.map(() => undefined);
  const others: Field[] = [];
  const compileTemplate = createTemplateCompiler(header);
  const paths = new Set(fields.map(({ path }) => path));
  // A split that feeds only one of the names is nothing that the page can write.
  const isWholeSplit = NAME_PARTS.every(([path]) => paths.has(path));
  for (const { path, source } of fields) {
    const indexes = columnsOf(source).map((column) => indexOf(column));
    const free = indexes.filter((index) => index !== undefined && columns[index] === undefined);
    const use = useOf(path, source, isWholeSplit);
    if (use !== undefined && free.length === indexes.length) {
      for (const index of free) if (index !== undefined) columns[index] = use;
    } else if (
      source.kind === 'column' &&
      source.namePart !== undefined &&
      isSplit(columns[indexes[0] ?? -1])
    ) {
      // The other part of the same name.
    } else {
      others.push({ path, source });
    }
  }
  for (const { path, source } of others) {
    const names = source.kind === 'template' ? compileTemplate(source.template).columns : columnsOf(source);
    for (const name of names) {
      const index = indexOf(name) ?? -1;
      const use = columns[index];
      if (use === undefined && header[index] !== undefined) columns[index] = { kind: 'fixed', paths: [path] };
      else if (use?.kind === 'fixed') columns[index] = { kind: 'fixed', paths: [...use.paths, path] };
    }
  }
  return { columns, others };
}

function isSplit(use: ColumnUse | undefined): boolean {
  return use?.kind === 'full-name';
}

/** @returns undefined for what the page can only show. */
function useOf(path: string, source: ValueSource, isWholeSplit: boolean): ColumnUse | undefined {
  if (source.kind === 'columns') {
    return { kind: 'attribute', path, ...(source.split && { split: source.split }) };
  }
  if (source.kind !== 'column') return undefined;
  if (source.namePart !== undefined) {
    return isWholeSplit && NAME_PARTS.some(([own, part]) => own === path && part === source.namePart)
      ? { kind: 'full-name' }
      : undefined;
  }
  if (!Object.keys(source).every((key) => OWN_KEYS.has(key))) return undefined;
  const { split, date, e164, values } = source;
  return {
    kind: 'attribute',
    path,
    ...(split && { split }),
    ...(date !== undefined && { date }),
    ...(e164 !== undefined && { phoneCountry: e164 }),
    ...(values && { values: Object.fromEntries(values) }),
  };
}
