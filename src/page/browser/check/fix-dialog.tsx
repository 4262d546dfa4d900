import { useEffect, useState } from 'preact/hooks';

import type { FixPreview, FixRequest } from '../../api/check.js';
import { usePage } from '../page-context.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorNotice } from '../parts/notice.js';
import type { RequestError } from '../request-error.js';
import { texts } from '../texts.js';
import { lineLabel } from '../texts/lines.js';
import { numberText } from '../texts/numbers.js';
import { toRequestError } from '../use-action.js';
import type { CheckModel } from './check-model.js';

const words = texts.check.fix;

/** Shows what a fix would change, and makes it. */
export function FixDialog({
  model,
  title,
  fix,
  onClose,
}: {
  readonly model: CheckModel;
  readonly title: string;
  readonly fix: FixRequest;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <FixPreviewTable model={model} fix={fix} onClose={onClose} />
    </Dialog>
  );
}

/** What a fix would change, with the button that makes it. */
export function FixPreviewTable({
  model,
  fix,
  onClose,
}: {
  readonly model: CheckModel;
  readonly fix: FixRequest;
  readonly onClose: () => void;
}) {
  const { api } = usePage();
  const [preview, setPreview] = useState<FixPreview>();
  const [error, setError] = useState<RequestError>();
  const [isBusy, setBusy] = useState(false);
  const key = JSON.stringify(fix);
  useEffect(() => {
    let isCurrent = true;
    setPreview(undefined);
    setError(undefined);
    api.previewFix(fix).then(
      (found) => isCurrent && setPreview(found),
      (thrown: unknown) => isCurrent && setError(toRequestError(thrown)),
    );
    return () => {
      isCurrent = false;
    };
  }, [key]);

  const isExclude = fix.kind === 'group' && fix.fix === 'exclude';
  const count = preview?.cells ?? 0;
  const apply = async (): Promise<void> => {
    setBusy(true);
    const isDone = await model.fix(fix, isExclude ? words.doneRows(count) : words.done(count));
    setBusy(false);
    if (isDone) onClose();
    else setError(model.error.peek());
  };
  return (
    <>
      <ErrorNotice error={error} />
      {preview !== undefined && (
        <p role="status">
          {count === 0 ? words.nothing : isExclude ? words.rows(count) : words.cells(count)}
        </p>
      )}
      {preview !== undefined && preview.examples.length > 0 && (
        <DataTable
          caption={words.examples}
          isCaptionHidden
          rows={preview.examples}
          keyOf={({ row, column }) => `${row} ${column}`}
          columns={[
            { head: lineLabel(model.isWorkbook), cell: ({ line }) => numberText(line), isNumber: true },
            { head: words.before, cell: ({ from }) => <span class="check-text">{from}</span> },
            { head: words.after, cell: ({ to }) => <span class="check-text">{to}</span> },
          ]}
        />
      )}
      <div class="button-row">
        <Button kind="primary" isBusy={isBusy} disabled={count === 0} onClick={() => void apply()}>
          {isExclude ? words.applyRows(count) : words.apply(count)}
        </Button>
        <Button onClick={onClose}>{words.cancel}</Button>
      </div>
    </>
  );
}
