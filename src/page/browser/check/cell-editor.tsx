import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { GridRow } from '../../api/check.js';
import { usePage } from '../page-context.js';
import { texts } from '../texts.js';
import { lineText } from '../texts/lines.js';
import { toRequestError } from '../use-action.js';
import type { CheckModel } from './check-model.js';
import type { CellPlace } from './grid-cell.js';

const words = texts.check;

/** How an edit ended. */
export interface EditEnd {
  /** Undefined for no change. */
  readonly value: string | undefined;
  readonly rows: number;
  readonly columns: number;
  /** Whether the grid keeps the focus; otherwise it went elsewhere. */
  readonly keepsFocus: boolean;
}

/** The field in which a cell is typed. Escape cancels; leaving it keeps what was typed. */
export function CellEditor({
  model,
  row,
  column,
  position,
  place,
  start,
  onEnd,
}: {
  readonly model: CheckModel;
  readonly row: GridRow;
  readonly column: number;
  /** Among the columns that are shown. */
  readonly position: number;
  readonly place: CellPlace;
  /** What was typed first, in place of the text; undefined to change the text. */
  readonly start: string | undefined;
  readonly onEnd: (end: EditEnd) => void;
}) {
  const { api } = usePage();
  const field = useRef<HTMLTextAreaElement>(null);
  const isSecret = row.isMasked || model.isSecret(column);
  const before = isSecret ? '' : (model.cache.text(model.position.peek().index, column) ?? '');
  const isCut = row.cut.includes(column) && start === undefined && !isSecret;
  const [whole, setWhole] = useState(isCut ? undefined : before);
  const isDone = useRef(false);

  useEffect(() => {
    if (!isCut) return;
    api.readCell(row.row, column).then(
      ({ text }) => setWhole(text),
      (thrown: unknown) => {
        model.error.value = toRequestError(thrown);
        end(undefined);
      },
    );
  }, []);
  useLayoutEffect(() => {
    const area = field.current;
    if (area === null) return;
    area.value = start ?? whole ?? '';
    area.focus({ preventScroll: true });
    area.setSelectionRange(start === undefined ? 0 : area.value.length, area.value.length);
  }, [whole]);

  const end = (value: string | undefined, how: Partial<EditEnd> = {}): void => {
    // It also loses the focus when it is removed.
    if (isDone.current) return;
    isDone.current = true;
    onEnd({ value, rows: 0, columns: 0, keepsFocus: true, ...how });
  };
  /** Nothing was typed into a secret, or the text is the same. */
  const typed = (): string | undefined => {
    const value = field.current?.value ?? '';
    return value === (start === undefined ? whole : undefined) || whole === undefined ? undefined : value;
  };
  return (
    <div class="grid-cell grid-cell-editing" role="gridcell" aria-colindex={position + 2} style={place}>
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        spellcheck={false}
        readOnly={whole === undefined}
        aria-label={words.detail.editOf(model.columnName(column), lineText(model.isWorkbook, row.line))}
        onBlur={() => end(typed(), { keepsFocus: false })}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.isComposing) return;
          if (event.key === 'Escape') end(undefined);
          else if (event.key === 'Enter' && (event.altKey || event.shiftKey)) {
            event.preventDefault();
            field.current?.setRangeText(
              '\n',
              field.current.selectionStart,
              field.current.selectionEnd,
              'end',
            );
          } else if (event.key === 'Enter') {
            event.preventDefault();
            end(typed(), { rows: 1 });
          } else if (event.key === 'Tab') {
            event.preventDefault();
            end(typed(), { columns: event.shiftKey ? -1 : 1 });
          }
        }}
      />
    </div>
  );
}
