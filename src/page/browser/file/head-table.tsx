import { useId, useRef } from 'preact/hooks';

import type { FileState, Reading } from '../../api/file.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { texts } from '../texts.js';

const words = texts.file;

/** The first rows as they are written, to see how the file is read, and to choose the header. */
export function HeadTable({
  file: { head, found, reading },
  onRead,
}: {
  readonly file: FileState;
  readonly onRead: (reading: Reading) => void;
}) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const width = Math.max(...head.map(({ cells }) => cells.length));
  return (
    // A scrolled area must be reachable for the arrow keys.
    <div ref={frame} class="table-frame" role="region" aria-labelledby={id} tabIndex={0}>
      <table class="table head-table">
        <caption id={id}>
          {words.head}
          <span class="caption-note">{words.headNote}</span>
        </caption>
        <tbody>
          {head.map(({ row, cells, moreCells }) => (
            <tr key={row} class={rowClass(row, found.headerRow)}>
              <th scope="row" class="number">
                {row}
              </th>
              <td class="head-choice">
                {row === found.headerRow ? (
                  <Badge tone="accent" icon="check">
                    {words.isHeader}
                  </Badge>
                ) : (
                  <Button
                    kind="quiet"
                    aria-label={words.useRowAsHeader(row)}
                    onClick={() => {
                      onRead({ ...reading, headerRow: row });
                      // The button is gone when the row is the header.
                      frame.current?.focus({ preventScroll: true });
                    }}
                  >
                    {words.useAsHeader}
                  </Button>
                )}
              </td>
              {Array.from({ length: width }, (_, index) => (
                <td key={index} dir="auto">
                  {cells[index] ?? ''}
                </td>
              ))}
              {moreCells > 0 && <td class="soft">{words.moreCells(moreCells)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function rowClass(row: number, headerRow: number): string | undefined {
  if (row === headerRow) return 'is-header';
  return row < headerRow ? 'is-skipped' : undefined;
}
