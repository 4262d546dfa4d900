import { useState } from 'preact/hooks';

import type { ColumnFix, FixRequest } from '../../api/check.js';
import { Button } from '../parts/button.js';
import { Checkbox } from '../parts/choice.js';
import { Dialog } from '../parts/dialog.js';
import { SelectField, TextField } from '../parts/field.js';
import { texts } from '../texts.js';
import type { CheckModel } from './check-model.js';
import { FixPreviewTable } from './fix-dialog.js';

const words = texts.check.replaceDialog;

type Kind = 'replace' | ColumnFix;
const KINDS = [
  'replace',
  'trim',
  'lower-case',
  'upper-case',
  'title-case',
] as const satisfies readonly Kind[];

/** Changes the cells of one column in all rows: another text, another case, fewer spaces. */
export function ReplaceDialog({
  model,
  onClose,
}: {
  readonly model: CheckModel;
  readonly onClose: () => void;
}) {
  const [column, setColumn] = useState(model.position.peek().column);
  const [kind, setKind] = useState<Kind>('replace');
  const [find, setFind] = useState('');
  const [replaceWith, setReplaceWith] = useState('');
  const [isWholeCell, setWholeCell] = useState(false);
  const [isCaseSensitive, setCaseSensitive] = useState(false);
  const [fix, setFix] = useState<FixRequest>();
  const change = <Value,>(set: (value: Value) => void): ((value: Value) => void) => {
    return (value) => {
      set(value);
      // What was previewed is something else.
      setFix(undefined);
    };
  };
  const columns = model.columns.value
    .filter((index) => !model.isSecret(index))
    .map((index) => ({ value: String(index), label: model.columnName(index) }));
  return (
    <Dialog title={words.title} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          setFix(
            kind === 'replace'
              ? { kind, column, find, replaceWith, isWholeCell, isCaseSensitive }
              : { kind: 'column', column, fix: kind },
          );
        }}
      >
        <SelectField
          label={words.column}
          value={String(column)}
          choices={columns}
          onChange={change((value: string) => setColumn(Number(value)))}
        />
        <SelectField
          label={words.what}
          value={kind}
          choices={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
          onChange={change(setKind)}
        />
        {kind === 'replace' && (
          <>
            <TextField label={words.find} value={find} onInput={change(setFind)} />
            <TextField label={words.replaceWith} value={replaceWith} onInput={change(setReplaceWith)} />
            <Checkbox label={words.isWholeCell} isChecked={isWholeCell} onChange={change(setWholeCell)} />
            <Checkbox
              label={words.isCaseSensitive}
              isChecked={isCaseSensitive}
              onChange={change(setCaseSensitive)}
            />
          </>
        )}
        <div class="button-row">
          <Button type="submit" disabled={kind === 'replace' && find === '' && !isWholeCell}>
            {words.preview}
          </Button>
        </div>
      </form>
      {fix !== undefined && <FixPreviewTable model={model} fix={fix} onClose={onClose} />}
    </Dialog>
  );
}
