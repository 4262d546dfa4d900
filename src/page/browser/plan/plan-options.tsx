import type { PlanOptions } from '../../api/plan.js';
import { Checkbox, RadioGroup } from '../parts/choice.js';
import { CommitField } from '../parts/commit-field.js';
import { planTexts } from '../texts/plan.js';

const words = planTexts.options;

export const DEFAULT_OPTIONS: PlanOptions = {
  ifExists: 'fail',
  activate: true,
  groups: [],
  createGroups: false,
  clearEmpty: false,
  changePassword: false,
  canary: undefined,
  maxFailures: undefined,
  allOrNothing: false,
};

const DEFAULT_CANARY = 10;
const DEFAULT_MAX_FAILURES = '5%';

/** What the command line has flags for, as plain choices. A change takes effect at once: everything is planned again. */
export function OptionsForm({
  options,
  isSandbox,
  onChange,
}: {
  readonly options: PlanOptions;
  /** Whether nobody gets an email. */
  readonly isSandbox: boolean;
  readonly onChange: (options: PlanOptions) => void;
}) {
  const set = (change: Partial<PlanOptions>): void => onChange({ ...options, ...change });
  const { ifExists, activate, groups, canary, maxFailures } = options;
  const { active, staged } = words.newUsersChoices;
  return (
    <section class="card plan-options" aria-labelledby="plan-options">
      <h2 id="plan-options">{words.title}</h2>
      <div class="stack">
        <RadioGroup
          legend={words.existing}
          value={ifExists}
          choices={(['fail', 'skip', 'update'] as const).map((value) => ({
            value,
            ...words.existingChoices[value],
          }))}
          onChange={(value) => set({ ifExists: value, ...(value !== 'update' && { clearEmpty: false }) })}
        />
        {ifExists === 'update' && (
          <Checkbox
            label={words.clearEmpty}
            help={words.clearEmptyHelp}
            isChecked={options.clearEmpty}
            onChange={(clearEmpty) => set({ clearEmpty })}
          />
        )}
      </div>
      <div class="stack">
        <RadioGroup
          legend={words.newUsers}
          value={activate ? 'active' : 'staged'}
          choices={[
            { value: 'active', ...active, help: isSandbox ? active.helpInSandbox : active.help },
            { value: 'staged', ...staged },
          ]}
          onChange={(value) => set({ activate: value === 'active' })}
        />
        <Checkbox
          label={words.changePassword}
          help={words.changePasswordHelp}
          isChecked={options.changePassword}
          onChange={(changePassword) => set({ changePassword })}
        />
        <CommitField
          label={words.groups}
          help={words.groupsHelp}
          value={groups.join(', ')}
          onCommit={(text) =>
            set({
              groups: text
                .split(',')
                .map((group) => group.trim())
                .filter((group) => group !== ''),
            })
          }
        />
        <Checkbox
          label={words.createGroups}
          help={words.createGroupsHelp}
          isChecked={options.createGroups}
          onChange={(createGroups) => set({ createGroups })}
        />
      </div>
      <fieldset class="stack">
        <legend class="label">{words.safety}</legend>
        <Checkbox
          label={words.canary}
          help={words.canaryHelp}
          isChecked={canary !== undefined}
          onChange={(isOn) => set({ canary: isOn ? DEFAULT_CANARY : undefined })}
        />
        {canary !== undefined && (
          <CommitField
            label={words.canaryRows}
            value={String(canary)}
            inputMode="numeric"
            onCommit={(text) => set({ canary: Number(text) })}
          />
        )}
        <Checkbox
          label={words.maxFailures}
          help={words.maxFailuresHelp}
          isChecked={maxFailures !== undefined}
          onChange={(isOn) => set({ maxFailures: isOn ? DEFAULT_MAX_FAILURES : undefined })}
        />
        {maxFailures !== undefined && (
          <CommitField
            label={words.maxFailuresRows}
            value={maxFailures}
            onCommit={(text) => set({ maxFailures: text.trim() })}
          />
        )}
        <Checkbox
          label={words.allOrNothing}
          help={words.allOrNothingHelp}
          isChecked={options.allOrNothing}
          onChange={(allOrNothing) => set({ allOrNothing })}
        />
      </fieldset>
    </section>
  );
}
