import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

import type { Choice } from './field.js';

/** `<Checkbox label="Activate the users" help="Okta sends each an email." isChecked={…} onChange={…} />` */
export function Checkbox({
  label,
  help,
  isChecked,
  isDisabled = false,
  onChange,
}: {
  readonly label: ComponentChildren;
  readonly help?: ComponentChildren;
  readonly isChecked: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isChecked: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="choice">
      <input
        id={id}
        type="checkbox"
        checked={isChecked}
        disabled={isDisabled}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <div>
        <label for={id}>{label}</label>
        {help !== undefined && (
          <p id={`${id}-help`} class="field-help">
            {help}
          </p>
        )}
      </div>
    </div>
  );
}

/**
 * One of a few choices, all visible: `<RadioGroup legend="Existing users" value="skip" choices={…} onChange={…} />`.
 * As `segments`, they are side by side, for what is shown rather than what is done: `All rows | Problems`.
 */
export function RadioGroup<Value extends string>({
  legend,
  value,
  choices,
  onChange,
  look = 'list',
}: {
  readonly legend: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
  readonly look?: 'list' | 'segments';
}) {
  const id = useId();
  return (
    <fieldset class={look === 'list' ? 'choices' : 'segments'}>
      <legend class={look === 'list' ? 'label' : 'unseen'}>{legend}</legend>
      {choices.map((choice) => (
        <div key={choice.value} class="choice">
          <input
            id={`${id}-${choice.value}`}
            type="radio"
            name={id}
            value={choice.value}
            checked={choice.value === value}
            aria-describedby={choice.help === undefined ? undefined : `${id}-${choice.value}-help`}
            onChange={() => onChange(choice.value)}
          />
          <div>
            <label for={`${id}-${choice.value}`}>{choice.label}</label>
            {choice.help !== undefined && (
              <p id={`${id}-${choice.value}-help`} class="field-help">
                {choice.help}
              </p>
            )}
          </div>
        </div>
      ))}
    </fieldset>
  );
}
