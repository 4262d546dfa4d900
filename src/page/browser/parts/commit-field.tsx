import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { Field } from './field.js';

/** A text field that takes effect on Enter or when it loses the focus, not at each key. */
export function CommitField({
  label,
  help,
  value,
  inputMode = 'text',
  onCommit,
}: {
  readonly label: string;
  readonly help?: ComponentChildren;
  readonly value: string;
  readonly inputMode?: 'text' | 'numeric';
  readonly onCommit: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  return (
    <Field label={label} help={help}>
      {(control) => (
        <input
          type="text"
          autocomplete="off"
          dir="auto"
          inputMode={inputMode}
          {...control}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onChange={(event) => {
            if (event.currentTarget.value !== value) onCommit(event.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}
