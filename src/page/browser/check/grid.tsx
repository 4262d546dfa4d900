import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

import { texts } from '../texts.js';
import { lineLabel } from '../texts/lines.js';
import { CellEditor, type EditEnd } from './cell-editor.js';
import type { CheckModel, Position } from './check-model.js';
import { GridCell, RowHead } from './grid-cell.js';
import { isTyping, positionAfter } from './grid-keys.js';
import { useVirtualizer } from './use-virtualizer.js';

const words = texts.check;

const ROW_HEIGHT = 32;
const HEAD_HEIGHT = 36;
const ROW_HEAD_WIDTH = 84;

/** The rows of the list, as a grid of which only the visible part is drawn. */
export function Grid({
  model,
  describedBy,
  detailId,
}: {
  readonly model: CheckModel;
  /** What says which keys there are. */
  readonly describedBy: string;
  /** What says what is wrong with the current cell. */
  readonly detailId: string;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const { cache } = model;
  const total = Math.max(0, model.total.value);
  const shown = model.columns.value;
  const columnCount = shown.length;
  const { index: currentIndex, column: currentColumn } = model.position.value;
  // Among the columns that are shown.
  const position: Position = { index: currentIndex, column: Math.max(0, shown.indexOf(currentColumn)) };
  const columnAt = (place: number): number => shown[place] ?? 0;
  const [editing, setEditing] = useState<{ readonly start: string | undefined }>();
  void model.drawing.value;

  const widthOf = useColumnWidths(model, shown);
  const rows = useVirtualizer({
    scroller,
    count: total,
    sizeOf: rowHeight,
    overscan: 6,
    paddingStart: HEAD_HEIGHT,
    current: position.index,
  });
  const columns = useVirtualizer({
    scroller,
    count: columnCount,
    sizeOf: widthOf,
    isHorizontal: true,
    overscan: 2,
    paddingStart: ROW_HEAD_WIDTH,
    current: position.column,
  });
  const shownRows = rows.items.map(({ index }) => index);
  const shownColumns = columns.items.map(({ index }) => columnAt(index));
  const visible = `${model.filter.value.show} ${shownRows.join(',')} ${shownColumns.join(',')} ${total}`;
  useLayoutEffect(() => {
    // The size of the list comes with its first rows.
    cache.request(total === 0 ? [0] : shownRows, shownColumns.length === 0 ? [columnAt(0)] : shownColumns);
  }, [visible, model.drawing.value]);

  // A move brings the cell into sight, and the focus to it if the grid has the focus.
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    rows.scrollTo(position.index);
    columns.scrollTo(position.column);
    const grid = scroller.current;
    if (grid?.contains(document.activeElement) === true) focusCell(grid);
  }, [position.index, position.column]);

  const move = (next: Position): void => {
    const index = Math.max(0, Math.min(total - 1, next.index));
    model.move({ index, column: columnAt(Math.max(0, Math.min(columnCount - 1, next.column))) });
  };
  const getsFocus = useRef(false);
  useLayoutEffect(() => {
    if (editing !== undefined || !getsFocus.current) return;
    getsFocus.current = false;
    if (scroller.current !== null) focusCell(scroller.current);
  }, [editing]);
  const finish = (end: EditEnd): void => {
    const { index, column } = model.position.peek();
    const row = cache.row(index);
    getsFocus.current = end.keepsFocus;
    setEditing(undefined);
    if (row !== undefined && end.value !== undefined) void model.edit(row, column, end.value);
    if (end.rows !== 0 || end.columns !== 0) {
      move({ index: index + end.rows, column: position.column + end.columns });
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isInCell = event.target instanceof Element && event.target.role === 'gridcell';
    if (editing !== undefined || !isInCell) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const next = positionAfter(event, position, { rows: total, columns: columnCount, page });
    if (next !== undefined) {
      event.preventDefault();
      move(next);
    } else if (event.key === 'Enter' || event.key === 'F2') {
      event.preventDefault();
      setEditing({ start: undefined });
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      finish({ value: '', rows: 0, columns: 0, keepsFocus: true });
    } else if (isTyping(event)) {
      event.preventDefault();
      setEditing({ start: event.key });
    }
  };
  const onClick = useCallback((index: number, column: number) => model.move({ index, column }), []);

  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      aria-label={words.grid}
      aria-rowcount={total + 1}
      aria-colcount={columnCount + 1}
      aria-describedby={describedBy}
      aria-multiselectable="false"
      onKeyDown={onKeyDown}
    >
      <div
        class="grid-head"
        role="row"
        aria-rowindex={1}
        style={{ width: `${columns.size}px`, height: `${HEAD_HEIGHT}px` }}
      >
        <div
          class="grid-corner"
          role="columnheader"
          aria-colindex={1}
          style={{ width: `${ROW_HEAD_WIDTH}px` }}
        >
          {lineLabel(model.isWorkbook)}
        </div>
        {columns.items.map(({ index, start, size }) => (
          <div
            key={index}
            class="grid-name"
            role="columnheader"
            aria-colindex={index + 2}
            dir="auto"
            title={model.columnName(columnAt(index))}
            style={{ insetInlineStart: `${start}px`, width: `${size}px` }}
          >
            {model.columnName(columnAt(index))}
          </div>
        ))}
      </div>
      <div
        class="grid-body"
        role="rowgroup"
        style={{ width: `${columns.size}px`, height: `${rows.size - HEAD_HEIGHT}px` }}
      >
        {rows.items.map(({ index, start }) => {
          const row = cache.row(index);
          return (
            <div
              key={index}
              class={row?.isExcluded === true ? 'grid-row grid-row-excluded' : 'grid-row'}
              role="row"
              aria-rowindex={index + 2}
              style={{ transform: `translateY(${start - HEAD_HEIGHT}px)`, height: `${ROW_HEIGHT}px` }}
            >
              <RowHead row={row} width={ROW_HEAD_WIDTH} />
              {columns.items.map((item) => {
                const column = columnAt(item.index);
                const isCurrent = index === position.index && item.index === position.column;
                const place = {
                  insetInlineStart: `${item.start}px`,
                  width: `${item.size}px`,
                };
                return isCurrent && editing !== undefined && row !== undefined ? (
                  <CellEditor
                    key={column}
                    model={model}
                    row={row}
                    column={column}
                    position={item.index}
                    place={place}
                    start={editing.start}
                    onEnd={finish}
                  />
                ) : (
                  <GridCell
                    key={column}
                    index={index}
                    column={column}
                    position={item.index}
                    row={row}
                    text={cache.text(index, column)}
                    isCurrent={isCurrent}
                    describedBy={isCurrent ? detailId : undefined}
                    place={place}
                    onClick={onClick}
                    onEdit={() => setEditing({ start: undefined })}
                  />
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function rowHeight(): number {
  return ROW_HEIGHT;
}

/** The current cell is the only one that can have the focus. */
function focusCell(grid: Element): void {
  grid.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus({ preventScroll: true });
}

/** For what closes or goes away beside the grid. */
export function focusGrid(): void {
  const grid = document.querySelector('[role="grid"]');
  if (grid !== null) focusCell(grid);
}

/** By the header and the first rows that were read. */
function useColumnWidths(model: CheckModel, shown: readonly number[]): (place: number) => number {
  const widths = useRef(new Map<number, number>());
  const isKnown = model.total.value >= 0;
  return useMemo(() => {
    widths.current.clear();
    return (place) => {
      const column = shown[place] ?? 0;
      const known = widths.current.get(column);
      if (known !== undefined) return known;
      const longest = Array.from({ length: 20 }, (_, index) => model.cache.text(index, column)?.length ?? 0);
      const width = Math.max(model.columnName(column).length * 8.8 + 32, Math.max(...longest) * 7.4 + 34);
      const rounded = Math.round(Math.min(300, Math.max(96, width)));
      widths.current.set(column, rounded);
      return rounded;
    };
  }, [isKnown, model.filter.value]);
}
