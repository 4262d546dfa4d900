import type { GridRow } from '../../api/check.js';
import { Icon } from '../parts/icon.js';
import { texts } from '../texts.js';
import { numberText } from '../texts/numbers.js';

const words = texts.check;

/** Where a cell is in its row. */
export type CellPlace = Readonly<Record<'insetInlineStart' | 'width', string>>;

/** `problem`, `warning`, or neither. */
export function stateOf(row: GridRow | undefined, column: number): 'problem' | 'warning' | undefined {
  const found = row?.problems.filter(({ columns }) => columns.includes(column)) ?? [];
  if (found.some(({ severity }) => severity === 'problem')) return 'problem';
  return found.length > 0 ? 'warning' : undefined;
}

/** One cell. Its color and its icon say the same. */
export function GridCell({
  index,
  column,
  position,
  row,
  text,
  isCurrent,
  describedBy,
  place,
  onClick,
  onEdit,
}: {
  readonly index: number;
  readonly column: number;
  /** Among the columns that are shown. */
  readonly position: number;
  readonly row: GridRow | undefined;
  /** Undefined while it is read. */
  readonly text: string | undefined;
  readonly isCurrent: boolean;
  readonly describedBy: string | undefined;
  readonly place: CellPlace;
  readonly onClick: (index: number, column: number) => void;
  readonly onEdit: () => void;
}) {
  const state = stateOf(row, column);
  const isEdited = row?.edited.includes(column) === true;
  const classes = [
    'grid-cell',
    state === undefined ? '' : `grid-cell-${state}`,
    isEdited ? 'grid-cell-edited' : '',
  ];
  return (
    <div
      class={classes.filter((name) => name !== '').join(' ')}
      role="gridcell"
      aria-colindex={position + 2}
      aria-selected={isCurrent ? 'true' : undefined}
      aria-describedby={describedBy}
      aria-invalid={state === 'problem' ? 'true' : undefined}
      tabIndex={isCurrent ? 0 : -1}
      style={place}
      onFocus={() => onClick(index, column)}
      onDblClick={onEdit}
    >
      {state !== undefined && (
        <Mark icon={state === 'problem' ? 'cross' : 'warning'} text={words.marks[state]} />
      )}
      <span class="grid-text" dir="auto">
        {text ?? (row === undefined ? words.loading : '')}
      </span>
      {isEdited && <Mark icon="pencil" text={words.marks.edited} />}
    </div>
  );
}

function Mark({
  icon,
  text,
}: {
  readonly icon: 'cross' | 'warning' | 'pencil' | 'minus';
  readonly text: string;
}) {
  return (
    <span class="grid-mark">
      <Icon name={icon} />
      <span class="unseen">{text}: </span>
    </span>
  );
}

/** The line of the row, and whether the row as a whole has a problem. */
export function RowHead({ row, width }: { readonly row: GridRow | undefined; readonly width: number }) {
  const problem = row?.problems.find(({ severity }) => severity === 'problem');
  const state = problem === undefined ? (row?.problems.length ? 'warning' : undefined) : 'problem';
  return (
    <div class="grid-number" role="rowheader" aria-colindex={1} style={{ width: `${width}px` }}>
      {row?.isExcluded === true ? (
        <Mark icon="minus" text={words.marks.excluded} />
      ) : (
        state !== undefined && (
          <span class={`grid-mark-${state}`}>
            <Mark icon={state === 'problem' ? 'cross' : 'warning'} text={words.marks[state]} />
          </span>
        )
      )}
      <span>{row === undefined ? words.loading : numberText(row.line)}</span>
    </div>
  );
}
