import type { ColumnView } from '../../api/columns.js';
import { Button } from '../parts/button.js';
import { RadioGroup } from '../parts/choice.js';
import { Empty } from '../parts/empty.js';
import { TextField } from '../parts/field.js';
import { texts } from '../texts.js';

const words = texts.columns;

/** A file can have thousands of columns. */
const PAGE_SIZE = 50;

const FILTERS = {
  all: () => true,
  undecided: ({ use }: ColumnView) => use.kind === 'undecided',
  used: ({ use }: ColumnView) => use.kind !== 'undecided' && use.kind !== 'ignore',
  ignored: ({ use }: ColumnView) => use.kind === 'ignore',
} as const;

/** Which columns are shown. */
export interface Shown {
  readonly filter: keyof typeof FILTERS;
  readonly search: string;
  /** From 0. */
  readonly page: number;
}

export function shownColumns(
  columns: readonly ColumnView[],
  { filter, search, page }: Shown,
): { readonly matching: number; readonly page: readonly ColumnView[] } {
  const wanted = search.trim().toLowerCase();
  const matching = columns.filter(
    (column) => FILTERS[filter](column) && column.name.toLowerCase().includes(wanted),
  );
  const last = Math.max(0, Math.ceil(matching.length / PAGE_SIZE) - 1);
  const first = Math.min(page, last) * PAGE_SIZE;
  return { matching: matching.length, page: matching.slice(first, first + PAGE_SIZE) };
}

export function ColumnFilter({
  columns,
  shown,
  onChange,
  isOrgSchema,
}: {
  readonly columns: readonly ColumnView[];
  readonly shown: Shown;
  readonly onChange: (shown: Shown) => void;
  readonly isOrgSchema: boolean;
}) {
  const names = ['all', 'undecided', 'used', 'ignored'] as const;
  return (
    <div class="column-filter">
      <RadioGroup
        legend={words.show}
        look="segments"
        value={shown.filter}
        choices={names.map((name) => ({
          value: name,
          label: words.filters[name](columns.filter(FILTERS[name]).length),
        }))}
        onChange={(filter) => onChange({ ...shown, filter, page: 0 })}
      />
      <TextField
        label={words.search}
        type="search"
        value={shown.search}
        onInput={(search) => onChange({ ...shown, search, page: 0 })}
      />
      {!isOrgSchema && <p class="soft">{words.baseOnly}</p>}
    </div>
  );
}

export function PageButtons({
  total,
  shown,
  onChange,
}: {
  readonly total: number;
  readonly shown: Shown;
  readonly onChange: (shown: Shown) => void;
}) {
  if (total === 0) return <Empty title={words.none}>{words.noneNote}</Empty>;
  if (total <= PAGE_SIZE) return null;
  const last = Math.ceil(total / PAGE_SIZE) - 1;
  const page = Math.min(shown.page, last);
  const go = (to: number): void => {
    onChange({ ...shown, page: to });
    document.querySelector('.column-cards')?.scrollIntoView();
  };
  return (
    <div class="button-row column-pages">
      <Button disabled={page === 0} onClick={() => go(page - 1)}>
        {words.previous}
      </Button>
      <span role="status">
        {words.page(page * PAGE_SIZE + 1, Math.min(total, (page + 1) * PAGE_SIZE), total)}
      </span>
      <Button disabled={page === last} onClick={() => go(page + 1)}>
        {words.next}
      </Button>
    </div>
  );
}
