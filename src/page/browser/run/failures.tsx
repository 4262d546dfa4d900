import type { RunView } from '../../api/run.js';
import { DataTable } from '../parts/data-table.js';
import { runTexts as words } from '../texts/run.js';
import { lineLabel } from '../texts/lines.js';
import { numberText } from '../texts/numbers.js';

/** Rows that did not succeed: during the run, the newest first; after it, in the order of the file. */
export function Failures({
  failures,
  isEnded = true,
  isWorkbook,
  caption,
}: {
  readonly failures: RunView['failures'];
  readonly isEnded?: boolean;
  readonly isWorkbook: boolean;
  readonly caption: string;
}) {
  if (failures.length === 0) return null;
  return (
    <div class="stack-tight">
      <DataTable
        caption={caption}
        rows={isEnded ? failures.toSorted((one, other) => one.row - other.row) : failures}
        keyOf={({ row, line, login }) => `${row} ${line} ${login}`}
        columns={[
          {
            head: lineLabel(isWorkbook),
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
