import type { RunView } from '../../api/run.js';
import { DataTable } from '../parts/data-table.js';
import { runTexts as words } from '../texts/run.js';
import { numberText } from '../texts/numbers.js';

/** Rows that did not succeed, the newest first. */
export function Failures({
  failures,
  caption,
}: {
  readonly failures: RunView['failures'];
  readonly caption: string;
}) {
  if (failures.length === 0) return null;
  return (
    <div class="stack-tight">
      <DataTable
        caption={caption}
        rows={failures}
        keyOf={({ row, line, login }) => `${row} ${line} ${login}`}
        columns={[
          { head: words.columns.row, isNumber: true, cell: ({ row }) => numberText(row) },
          {
            head: words.columns.line,
            isNumber: true,
            cell: ({ line }) => (line === 0 ? '' : numberText(line)),
          },
          { head: words.columns.login, isRowHead: true, cell: ({ login }) => login },
          { head: words.columns.message, cell: ({ message }) => message },
        ]}
      />
      {failures.length >= 100 && <p class="soft">{words.newest(failures.length)}</p>}
    </div>
  );
}
