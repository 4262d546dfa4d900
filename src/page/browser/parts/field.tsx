import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';

import { Icon } from './icon.js';

interface FieldTexts {
  readonly label: ComponentChildren;
  /** Below the control. */
  readonly help?: ComponentChildren;
  /** What is wrong with the value. */
  readonly error?: string | undefined;
}

/** Connects a control with its texts. Spread it into the control. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}

/**
 * A label, a control, a help text and an error, connected for screen readers.
 *
 * `<Field label="Header row" help="…">{(control) => <input {...control} type="number" />}</Field>`
 */
export function Field({
  label,
  help,
  error,
  children,
}: FieldTexts & { readonly children: (control: ControlProps) => VNode }) {
  const id = useId();
  const describedBy = [help === undefined ? [] : `${id}-help`, error === undefined ? [] : `${id}-error`];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-describedby': describedBy.flat().join(' ') || undefined,
        'aria-invalid': error === undefined ? undefined : 'true',
      })}
      {help !== undefined && (
        <p id={`${id}-help`} class="field-help">
          {help}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} class="field-error" role="alert">
          <Icon name="warning" />
          <span dir="auto">{error}</span>
        </p>
      )}
    </div>
  );
}

/** `<TextField label="Group" value={group} onInput={setGroup} />` */
export function TextField({
  label,
  help,
  error,
  value,
  onInput,
  type = 'text',
  ...rest
}: FieldTexts & {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'search' | 'url' | 'password';
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly inputMode?: 'text' | 'numeric';
}) {
  return (
    <Field label={label} help={help} error={error}>
      {(control) => (
        <input
          // Preact's types take one type of input at a time.
          {...({ type } as { type: 'text' })}
          autocomplete="off"
          dir="auto"
          {...rest}
          {...control}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export interface Choice<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
  /** Of radio buttons: what the choice means. */
  readonly help?: ComponentChildren;
}

/** `<SelectField label="Sheet" value={sheet} choices={[{ value: 'People', label: 'People, 60 rows' }]} onChange={…} />` */
export function SelectField<Value extends string>({
  label,
  help,
  error,
  value,
  choices,
  onChange,
}: FieldTexts & {
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <Field label={label} help={help} error={error}>
      {(control) => (
        <select
          {...control}
          value={value}
          onChange={({ currentTarget }) => {
            const chosen = choices[currentTarget.selectedIndex];
            if (chosen !== undefined) onChange(chosen.value);
          }}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} selected={choice.value === value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
