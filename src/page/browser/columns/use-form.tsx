import { useId, useState } from 'preact/hooks';

import type { AttributeView, ColumnUse, ColumnView } from '../../api/columns.js';
import type { PageState } from '../../api/state.js';
import { usePage } from '../page-context.js';
import { Button } from '../parts/button.js';
import { Field, TextField } from '../parts/field.js';
import { ErrorNotice } from '../parts/notice.js';
import { texts } from '../texts.js';
import { useAction } from '../use-action.js';

const words = texts.columns;

type AttributeUse = Extract<ColumnUse, { kind: 'attribute' }>;

const DATE_FORMATS = [
  'dd/MM/yyyy',
  'MM/dd/yyyy',
  'dd.MM.yyyy',
  'yyyy-MM-dd',
  'd/M/yyyy',
  'M/d/yyyy',
  'yyyy/MM/dd',
];

/** How the values of a column are read: separators, dates, phone numbers, replacements. */
export function UseForm({
  column,
  use,
  attribute,
  onApply,
}: {
  readonly column: ColumnView;
  readonly use: AttributeUse;
  readonly attribute: AttributeView | undefined;
  readonly onApply: (use: AttributeUse) => Promise<PageState>;
}) {
  const { announce } = usePage();
  const action = useAction();
  const id = useId();
  const [split, setSplit] = useState(use.split?.join(' ') ?? '');
  const [date, setDate] = useState(use.date ?? '');
  const [phoneCountry, setCountry] = useState(use.phoneCountry ?? '');
  const [values, setValues] = useState(
    Object.entries(use.values ?? {})
      .map(([from, to]) => `${from} = ${to}`)
      .join('\n'),
  );
  const isList = attribute?.type === 'array' || attribute?.type === 'groups';
  const replacements = readValues(values);
  return (
    <form
      class="use-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (typeof replacements === 'string') return;
        const { path } = use;
        const separators = split.split(/\s+/).filter((each) => each !== '');
        const next: AttributeUse = {
          kind: 'attribute',
          path,
          ...(isList && separators.length > 0 && { split: separators }),
          ...(!isList && date.trim() !== '' && { date: date.trim() }),
          ...(!isList && phoneCountry.trim() !== '' && { phoneCountry: phoneCountry.trim() }),
          ...(Object.keys(replacements).length > 0 && { values: replacements }),
        };
        void action
          .run(() => onApply(next))
          .then((isDone) => {
            if (isDone) announce(words.applied(column.name));
          });
      }}
    >
      {isList ? (
        <TextField label={words.split} help={words.splitHelp} value={split} onInput={setSplit} />
      ) : (
        <>
          <Field
            label={words.date}
            help={
              <>
                {column.dateFormat !== undefined && `${words.dateFound(column.dateFormat)} `}
                {words.dateHelp}
              </>
            }
          >
            {(control) => (
              <input
                {...control}
                type="text"
                autocomplete="off"
                list={`${id}-dates`}
                value={date}
                onInput={({ currentTarget }) => setDate(currentTarget.value)}
              />
            )}
          </Field>
          <datalist id={`${id}-dates`}>
            {[...new Set([column.dateFormat ?? [], DATE_FORMATS].flat())].map((format) => (
              <option key={format} value={format} />
            ))}
          </datalist>
          <TextField label={words.phone} help={words.phoneHelp} value={phoneCountry} onInput={setCountry} />
        </>
      )}
      <Field
        label={words.values}
        help={words.valuesHelp}
        error={typeof replacements === 'string' ? words.valuesWrong(replacements) : undefined}
      >
        {(control) => (
          <textarea
            {...control}
            rows={3}
            dir="auto"
            placeholder={words.valuesExample}
            value={values}
            onInput={({ currentTarget }) => setValues(currentTarget.value)}
          />
        )}
      </Field>
      <ErrorNotice error={action.error} onDismiss={action.dismiss} />
      <div class="button-row">
        <Button type="submit" isBusy={action.isBusy}>
          {words.apply}
        </Button>
      </div>
    </form>
  );
}

/** @returns a line that is none. */
function readValues(text: string): Readonly<Record<string, string>> | string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const wrong = lines.find((line) => !line.includes('='));
  if (wrong !== undefined) return wrong;
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}
