import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface TableColumn<Row> {
  readonly head: ComponentChildren;
  readonly cell: (row: Row) => ComponentChildren;
  /** Aligned at the end. */
  readonly isNumber?: boolean;
  /** Names the row for screen readers; one column. */
  readonly isRowHead?: boolean;
}

/**
 * A table of at most some hundred rows; for more, use the grid of Check. A wide one scrolls by itself, also with the keyboard.
 *
 * `<DataTable caption="Runs" rows={runs} keyOf={(run) => run.runId} columns={[{ head: 'File', cell: (run) => run.file, isRowHead: true }]} />`
 */
export function DataTable<Row>({
  caption,
  isCaptionHidden = false,
  columns,
  rows,
  keyOf,
}: {
  readonly caption: ComponentChildren;
  /** For a table below a heading that says the same. */
  readonly isCaptionHidden?: boolean;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}) {
  const id = useId();
  return (
    // A scrolled area must be reachable for the arrow keys.
    <div class="table-frame" role="region" aria-labelledby={id} tabIndex={0}>
      <table class="table">
        <caption id={id} class={isCaptionHidden ? 'unseen' : undefined}>
          {caption}
        </caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col" class={column.isNumber === true ? 'number' : undefined}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ cell, isNumber, isRowHead }, index) => {
                const className = isNumber === true ? 'number' : undefined;
                return isRowHead === true ? (
                  <th key={index} scope="row" class={className} dir="auto">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={index} class={className} dir="auto">
                    {cell(row)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
