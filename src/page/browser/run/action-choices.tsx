import type { ActionOptions, ActionPlan } from '../../api/run.js';
import { Checkbox, RadioGroup } from '../parts/choice.js';
import { CommitField } from '../parts/commit-field.js';
import { actionDialogTexts as words } from '../texts/run.js';

/** The options of an action, where its plan gives a reason to choose. After a change, it is planned again. */
export function ActionChoices({
  plan: { action, changedUsers },
  options,
  onChange,
}: {
  readonly plan: ActionPlan;
  readonly options: ActionOptions;
  readonly onChange: (options: ActionOptions) => void;
}) {
  const set = (change: ActionOptions): void => onChange({ ...options, ...change });
  const { force = false, perMinute, links } = options;
  if (action === 'undo') {
    return changedUsers === 0 ? null : (
      <Checkbox
        label={words.force(changedUsers)}
        help={words.forceHelp}
        isChecked={force}
        onChange={(isForced) => set({ force: isForced })}
      />
    );
  }
  if (action !== 'activate' && action !== 'remind') return null;
  return (
    <>
      {action === 'activate' && (
        <RadioGroup
          legend={words.links}
          value={links ?? 'mail'}
          choices={(['mail', 'csv', 'html'] as const).map((value) => ({
            value,
            ...words.linksChoices[value],
          }))}
          onChange={(value) => set({ links: value === 'mail' ? undefined : value })}
        />
      )}
      <CommitField
        label={links === undefined ? words.perMinute : words.perMinuteLinks}
        help={words.perMinuteHelp}
        value={perMinute === undefined ? '' : String(perMinute)}
        inputMode="numeric"
        onCommit={(text) => set({ perMinute: text.trim() === '' ? undefined : Number(text) })}
      />
    </>
  );
}
