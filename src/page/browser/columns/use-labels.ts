import type { AttributeView, ColumnUse, ColumnView } from '../../api/columns.js';
import { texts } from '../texts.js';

const words = texts.columns;

/** The label of a path: `First name`. */
export function labelOf(path: string, attributes: readonly AttributeView[]): string {
  const found = attributes.find((attribute) => attribute.path === path);
  return found?.label ?? path.replace(/^profile\./, '');
}

/** What a column is for, in words. */
export function useLabel(use: ColumnUse, attributes: readonly AttributeView[]): string {
  switch (use.kind) {
    case 'undecided':
      return words.use.undecided;
    case 'ignore':
      return words.use.ignore;
    case 'full-name':
      return words.use.fullName;
    case 'fixed':
      return words.use.fixed(use.paths.map((path) => labelOf(path, attributes)));
    case 'attribute':
      return labelOf(use.path, attributes);
    default:
      return use satisfies never;
  }
}

/** One entry of the list of what a column can feed. */
export interface UseOption {
  readonly key: string;
  readonly label: string;
  /** Beside the label: the name in Okta. */
  readonly name: string;
  readonly note: string;
  readonly use: ColumnUse;
}

/** All that a column can feed; what is likely comes first. */
export function useOptions(column: ColumnView, attributes: readonly AttributeView[]): readonly UseOption[] {
  const isSuggested = ({ name, path }: AttributeView): boolean =>
    column.candidates.includes(name) || column.candidates.includes(path);
  const all = attributes.map((attribute): UseOption => {
    const { path, label, name, isRequired, isCustom } = attribute;
    const notes = [
      isSuggested(attribute) ? words.suggested : [],
      isRequired ? words.required : [],
      isCustom ? words.custom : [],
    ];
    return { key: path, label, name, note: notes.flat().join(', '), use: useOfPath(column, path) };
  });
  const suggested = new Set(attributes.filter(isSuggested).map(({ path }) => path));
  return [
    ...all.filter(({ key }) => suggested.has(key)),
    { key: 'ignore', label: words.use.ignore, name: '', note: '', use: { kind: 'ignore' } },
    ...all.filter(({ key }) => !suggested.has(key)),
    { key: 'full-name', label: words.use.fullName, name: '', note: '', use: { kind: 'full-name' } },
  ];
}

/** The same attribute again keeps its options. */
function useOfPath({ use }: ColumnView, path: string): ColumnUse {
  return use.kind === 'attribute' && use.path === path ? use : { kind: 'attribute', path };
}

/** Those whose label or name has all words of the query, in any case and without accents. */
export function matchingOptions(options: readonly UseOption[], query: string): readonly UseOption[] {
  const wanted = plain(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  return options.filter(({ label, name }) => {
    const text = plain(`${label} ${name}`);
    return wanted.every((word) => text.includes(word));
  });
}

function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
