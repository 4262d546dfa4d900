import { createColumnFinder, isGeneratedColumn } from './assign-columns.js';
import type { BoundMapping } from './assign-columns.js';
import { bindToHeader } from './bind-to-header.js';
import { createHeaderMatcher, nameOf, type KnownAttributes } from './match-header.js';
import { readPreset } from './presets.js';
import { quoted } from '../text.js';
import type { ValueSource } from './value-source.js';
import { createTemplateCompiler } from './template.js';

/** A column without a place, and what it may mean. */
export interface Leftover {
  readonly column: string;
  readonly comment: string;
}

/** By path. */
export type Sources = ReadonlyMap<string, ValueSource>;

/** Guesses what feeds each path of Okta's body: the preset's word first, then the columns' names. */
export function suggestMapping(
  header: readonly string[],
  known: KnownAttributes,
  preset: string | undefined,
): { sources: Sources; leftover: readonly Leftover[] } {
  const { fields, ignore } = presetFields(header, preset);
  const matcher = createHeaderMatcher(known);
  const indexOf = createColumnFinder(header);
  const sources = new Map(fields.map(({ path, source }) => [path, source]));
  const taken = new Set(
    fields.map(({ source }) => (source.kind === 'column' ? indexOf(source.column) : undefined)),
  );
  const ignored = new Set(ignore.map(({ column }) => indexOf(column)));

  const leftover: Leftover[] = [];
  for (const [index, cell] of header.entries()) {
    const column = cell.trim();
    if (isGeneratedColumn(column) || taken.has(index)) continue;
    const path = ignored.has(index) ? undefined : matcher.pathOf(column);
    const other = sources.get(path ?? '');
    if (path !== undefined && other === undefined) {
      sources.set(path, { kind: 'column', column });
    } else if (path !== undefined) {
      const by = other?.kind === 'column' ? `, as ${quoted(other.column)} is` : '';
      leftover.push({ column, comment: nameOf(path) + by });
    } else {
      const near = ignored.has(index) ? [] : matcher.closestNames(column);
      leftover.push({ column, comment: near.length === 0 ? '' : `${near.join(', ')}?` });
    }
  }
  return { sources, leftover };
}

function presetFields(
  header: readonly string[],
  preset: string | undefined,
): Pick<BoundMapping, 'fields' | 'ignore'> {
  if (preset === undefined) return { fields: [], ignore: [] };
  const compileTemplate = createTemplateCompiler(header);
  return bindToHeader(readPreset(preset), { header, ignoreColumns: [], compileTemplate });
}
