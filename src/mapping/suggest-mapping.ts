import { quoted } from '../text.js';
import { createColumnFinder, type BoundMapping } from './assign-columns.js';
import { bindToHeader } from './bind-to-header.js';
import { isGeneratedColumn } from './generated-file.js';
import { createHeaderMatcher, nameOf, type KnownAttributes } from './match-header.js';
import { readPreset } from './presets.js';
import { createTemplateCompiler } from './template.js';
import type { ValueSource } from './value-source.js';

export interface SuggestedMapping {
  /** By path in Okta's request body. */
  readonly sources: ReadonlyMap<string, ValueSource>;
  readonly unmapped: readonly UnmappedColumn[];
}

export interface UnmappedColumn {
  readonly column: string;
  /** What it may mean; '' for no idea. */
  readonly comment: string;
}

/** Suggests a source for each path: as the preset has it, then by the names of the columns. */
export function suggestMapping(
  header: readonly string[],
  known: KnownAttributes,
  preset: string | undefined,
): SuggestedMapping {
  const { fields, ignore } = bindPreset(header, preset);
  const matcher = createHeaderMatcher(known);
  const indexOf = createColumnFinder(header);
  const sources = new Map(fields.map(({ path, source }) => [path, source]));
  const mapped = new Set(
    fields.map(({ source }) => (source.kind === 'column' ? indexOf(source.column) : undefined)),
  );
  const ignored = new Set(ignore.map(({ column }) => indexOf(column)));

  const unmapped: UnmappedColumn[] = [];
  for (const [index, cell] of header.entries()) {
    const column = cell.trim();
    if (isGeneratedColumn(column) || mapped.has(index)) continue;
    const path = ignored.has(index) ? undefined : matcher.pathOf(column);
    const other = sources.get(path ?? '');
    if (path !== undefined && other === undefined) {
      sources.set(path, { kind: 'column', column });
    } else if (path !== undefined) {
      const same = other?.kind === 'column' ? `, like ${quoted(other.column)}` : '';
      unmapped.push({ column, comment: nameOf(path) + same });
    } else {
      const similar = ignored.has(index) ? [] : matcher.closestNames(column);
      unmapped.push({ column, comment: similar.length === 0 ? '' : `${similar.join(', ')}?` });
    }
  }
  return { sources, unmapped };
}

function bindPreset(
  header: readonly string[],
  preset: string | undefined,
): Pick<BoundMapping, 'fields' | 'ignore'> {
  if (preset === undefined) return { fields: [], ignore: [] };
  const compileTemplate = createTemplateCompiler(header);
  return bindToHeader(readPreset(preset), { header, ignoreColumns: [], compileTemplate });
}
