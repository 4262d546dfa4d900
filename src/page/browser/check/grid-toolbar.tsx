import { useEffect, useState } from 'preact/hooks';

import type { CheckState } from '../../api/check.js';
import { Button } from '../parts/button.js';
import { RadioGroup } from '../parts/choice.js';
import { TextField } from '../parts/field.js';
import { texts } from '../texts.js';
import type { CheckModel, Show } from './check-model.js';

const words = texts.check;

const SHOWS = [
  'attention',
  'problems',
  'warnings',
  'edited',
  'excluded',
  'all',
] as const satisfies readonly Show[];
const SEARCH_AFTER_MS = 250;

/** Which rows are shown, and what can be done with the edits. */
export function GridToolbar({
  model,
  onReplace,
}: {
  readonly model: CheckModel;
  readonly onReplace: () => void;
}) {
  const check = model.check.value;
  const { show, group, search } = model.filter.value;
  const [typed, setTyped] = useState(search);
  useEffect(() => {
    if (typed === model.filter.peek().search) return undefined;
    const timer = setTimeout(() => model.list({ search: typed }), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const title = check.groups.find(({ id }) => id === group)?.title;
  const isOld =
    group === undefined &&
    search === '' &&
    model.total.value >= 0 &&
    model.total.value !== countOf(check, show);
  return (
    <div class="check-toolbar">
      <RadioGroup
        legend={words.show}
        look="segments"
        value={show}
        choices={SHOWS.map((value) => ({
          value,
          label: words.chip(words.filters[value], countOf(check, value)),
        }))}
        onChange={(value) => model.list({ show: value, group: undefined })}
      />
      {group !== undefined && (
        <p class="check-only">
          <span dir="auto">{words.onlyGroup(title ?? words.groups.none)}</span>
          <Button kind="quiet" onClick={() => model.list({ group: undefined })}>
            {words.showAllKinds}
          </Button>
        </p>
      )}
      <div class="check-tools" role="group" aria-label={words.toolbar}>
        <TextField
          label={<span class="unseen">{words.search}</span>}
          type="search"
          placeholder={words.searchPlaceholder}
          value={typed}
          onInput={setTyped}
        />
        <Button onClick={() => void model.goToProblem(1)}>{words.nextProblem}</Button>
        {/* Reachable, so that the last undo does not lose the focus. */}
        <Button aria-disabled={check.canUndo ? undefined : 'true'} onClick={() => void model.undo()}>
          {words.undo}
        </Button>
        <Button aria-disabled={check.canRedo ? undefined : 'true'} onClick={() => void model.redo()}>
          {words.redo}
        </Button>
        <Button onClick={onReplace}>{words.replace}</Button>
      </div>
      {isOld && (
        <p class="check-old soft">
          {words.listIsOld}
          <Button kind="quiet" onClick={() => model.list({})}>
            {words.updateList}
          </Button>
        </p>
      )}
    </div>
  );
}

function countOf(check: CheckState, show: Show): number {
  switch (show) {
    case 'attention':
      return check.attentionRows;
    case 'problems':
      return check.problemRows;
    case 'warnings':
      return check.warningRows;
    case 'edited':
      return check.editedRows;
    case 'excluded':
      return check.excludedRows;
    case 'all':
      return check.rows;
    default:
      return show satisfies never;
  }
}
