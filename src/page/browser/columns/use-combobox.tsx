import { useEffect, useId, useRef, useState } from 'preact/hooks';

import type { AttributeView, ColumnUse, ColumnView } from '../../api/columns.js';
import { texts } from '../texts.js';
import { matchingOptions, useLabel, useOptions, type UseOption } from './use-labels.js';

const words = texts.columns;

/**
 * Chooses what a column feeds: a field to search in, with a list that opens below it (the combobox pattern of the ARIA Authoring
 * Practices). Arrow keys move in the list, Enter takes an entry, Escape leaves everything as it was.
 */
export function UseCombobox({
  column,
  attributes,
  onChange,
}: {
  readonly column: ColumnView;
  readonly attributes: readonly AttributeView[];
  readonly onChange: (use: ColumnUse) => void;
}) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [query, setQuery] = useState<string>();
  const [active, setActive] = useState(0);
  const isOpen = query !== undefined;
  const current = useLabel(column.use, attributes);
  const options = isOpen ? matchingOptions(useOptions(column, attributes), query) : [];
  const at = Math.min(active, options.length - 1);

  useEffect(() => {
    if (isOpen) list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [isOpen, at]);

  const open = (text: string, position: number): void => {
    setQuery(text);
    setActive(position);
  };
  const close = (): void => setQuery(undefined);
  const take = (option: UseOption | undefined): void => {
    close();
    if (option !== undefined) onChange(option.use);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        event.preventDefault();
        const step = event.key === 'ArrowDown' ? 1 : -1;
        if (!isOpen) open('', 0);
        else if (options.length > 0) setActive((at + step + options.length) % options.length);
        break;
      }
      case 'Enter':
        if (!isOpen) break;
        event.preventDefault();
        take(options[at]);
        break;
      case 'Escape':
        if (!isOpen) break;
        event.preventDefault();
        close();
        break;
      default:
    }
  };
  return (
    <div class="combobox">
      <input
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-label={words.feeds(column.name)}
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && options.length > 0 ? `${id}-${at}` : undefined}
        placeholder={words.placeholder}
        value={query ?? current}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onClick={() => {
          if (!isOpen) open('', 0);
        }}
        onInput={({ currentTarget }) => open(currentTarget.value, 0)}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <ul
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={words.feeds(column.name)}
        class="combobox-list"
        hidden={!isOpen}
        // The field keeps the focus.
        onMouseDown={(event) => event.preventDefault()}
      >
        {options.map((option, index) => (
          <li
            key={option.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            class="combobox-option"
            onClick={() => take(option)}
          >
            <span>{option.label}</span>
            {option.name !== option.label && <span class="soft mono">{option.name}</span>}
            {option.note !== '' && <span class="combobox-note">{option.note}</span>}
          </li>
        ))}
        {isOpen && options.length === 0 && (
          <li class="combobox-option soft" role="option" aria-selected={false} aria-disabled="true">
            {words.noMatch}
          </li>
        )}
      </ul>
    </div>
  );
}
