import type { RefObject } from 'preact';

import type { FileState, Reading } from '../../api/file.js';
import { Button } from '../parts/button.js';
import { RadioGroup } from '../parts/choice.js';
import { SelectField } from '../parts/field.js';
import { texts } from '../texts.js';

const words = texts.file;

/** How the file is read: what was detected, each with what the other choices give. */
export function ReadingForm({
  file,
  asked,
  onRead,
  headingRef,
}: {
  readonly file: FileState;
  /** What is being read now. */
  readonly asked: Reading | undefined;
  readonly onRead: (reading: Reading) => void;
  readonly headingRef: RefObject<HTMLHeadingElement | null>;
}) {
  const { choices } = file;
  const reading = asked ?? file.reading;
  const found = { ...file.found, ...shownOf(asked) };
  const change = (part: Reading): void => onRead({ ...reading, ...part });
  return (
    <section class="card reading">
      <div class="reading-head">
        <h2 ref={headingRef} tabIndex={-1}>
          {words.howRead}
        </h2>
        {Object.keys(reading).length > 0 && (
          <Button kind="quiet" onClick={() => onRead({})}>
            {words.detectAgain}
          </Button>
        )}
      </div>
      <div class="reading-fields">
        {choices.sheets.length > 0 && (
          <SelectField
            label={words.sheet}
            help={words.sheetHelp}
            value={found.sheet ?? ''}
            choices={[
              ...(found.sheet === undefined ? [{ value: '', label: words.undecided }] : []),
              ...choices.sheets.map(({ name, rows, columns, isHidden }) => ({
                value: name,
                label: words.sheetChoice(name, rows, columns, isHidden),
              })),
            ]}
            // The header of another sheet may be elsewhere.
            onChange={(sheet) => onRead(sheet === '' ? {} : { sheet })}
          />
        )}
        {choices.encodings.length > 0 && (
          <SelectField
            label={words.encoding}
            help={choices.encodings.length > 1 ? words.encodingHelp : words.encodingAlike}
            value={found.encoding ?? choices.encodings[0]?.name ?? ''}
            choices={choices.encodings.map(({ name, sample }) => ({
              value: name,
              label: words.encodingChoice(name, sample),
            }))}
            onChange={(encoding) => change({ encoding })}
          />
        )}
        {choices.delimiters.length > 0 && (
          <SelectField
            label={words.delimiter}
            value={found.delimiter ?? ''}
            choices={[
              ...(found.delimiter === undefined ? [{ value: '', label: words.undecided }] : []),
              ...choices.delimiters.map(({ value, label, columns }) => ({
                value,
                label: words.delimiterChoice(label, columns),
              })),
            ]}
            onChange={(delimiter) => change({ delimiter: delimiter === '' ? undefined : delimiter })}
          />
        )}
        <SelectField
          label={words.headerRow}
          help={words.headerRowHelp}
          value={String(found.headerRow)}
          choices={headerRows(file).map((row) => ({ value: String(row), label: String(row) }))}
          onChange={(row) => change({ headerRow: Number(row) })}
        />
      </div>
      {found.hiddenRows > 0 && (
        <RadioGroup
          legend={words.hiddenRows(found.hiddenRows)}
          value={reading.hiddenRows ?? ''}
          choices={[
            { value: 'skip', label: words.hiddenSkip },
            { value: 'include', label: words.hiddenInclude },
          ]}
          onChange={(hiddenRows) => {
            if (hiddenRows !== '') change({ hiddenRows });
          }}
        />
      )}
    </section>
  );
}

/** The parts of a reading that `found` has as well. */
function shownOf(asked: Reading = {}): Partial<FileState['found']> {
  const { sheet, encoding, delimiter, headerRow } = asked;
  const given = Object.entries({ sheet, encoding, delimiter, headerRow });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function headerRows({ head, found }: FileState): readonly number[] {
  const rows = new Set([...head.map(({ row }) => row), found.headerRow]);
  return [...rows].toSorted((one, other) => one - other);
}
