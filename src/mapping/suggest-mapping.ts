import { createColumnFinder, isOwnColumn } from './assign-columns.js';
import type { FittedMapping } from './assign-columns.js';
import { fitToHeader } from './bind-to-header.js';
import { createHeaderRecogniser, nameOf, type KnownAttributes } from './match-header.js';
import { readPreset } from './presets.js';
import { quoted } from '../text.js';
import type { Source } from './value-source.js';
import { createTemplateCompiler } from './template.js';

/** A column without a place, and what it may mean. */
export interface Leftover {
  readonly column: string;
  readonly comment: string;
}

/** By path. */
export type Sources = ReadonlyMap<string, Source>;

/** Guesses what feeds each path of Okta's body: the preset's word first, then the columns' names. */
export function guessSources(
  header: readonly string[],
  known: KnownAttributes,
  preset: string | undefined,
): { sources: Sources; leftover: readonly Leftover[] } {
  const { feeds, ignore } = presetFeeds(header, preset);
  const recogniser = createHeaderRecogniser(known);
  const indexOf = createColumnFinder(header);
  const sources = new Map(feeds.map(({ path, source }) => [path, source]));
  const taken = new Set(
    feeds.map(({ source }) => (source.kind === 'column' ? indexOf(source.column) : undefined)),
  );
  const ignored = new Set(ignore.map(({ column }) => indexOf(column)));

  const leftover: Leftover[] = [];
  for (const [index, cell] of header.entries()) {
    const column = cell.trim();
    if (isOwnColumn(column) || taken.has(index)) continue;
    const path = ignored.has(index) ? undefined : recogniser.pathOf(column);
    const other = sources.get(path ?? '');
    if (path !== undefined && other === undefined) {
      sources.set(path, { kind: 'column', column });
    } else if (path !== undefined) {
      const by = other?.kind === 'column' ? `, as ${quoted(other.column)} is` : '';
      leftover.push({ column, comment: nameOf(path) + by });
    } else {
      const near = ignored.has(index) ? [] : recogniser.nearestNames(column);
      leftover.push({ column, comment: near.length === 0 ? '' : `${near.join(', ')}?` });
    }
  }
  return { sources, leftover };
}

function presetFeeds(
  header: readonly string[],
  preset: string | undefined,
): Pick<FittedMapping, 'feeds' | 'ignore'> {
  if (preset === undefined) return { feeds: [], ignore: [] };
  const compileTemplate = createTemplateCompiler(header);
  return fitToHeader(readPreset(preset), { header, ignoreColumns: [], compileTemplate });
}
