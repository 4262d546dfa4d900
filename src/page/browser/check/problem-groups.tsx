import { useId, useState } from 'preact/hooks';

import type { FixId, ProblemGroup } from '../../api/check.js';
import { Button } from '../parts/button.js';
import { Icon } from '../parts/icon.js';
import { texts } from '../texts.js';
import type { CheckModel } from './check-model.js';

const words = texts.check.groups;

const FIRST = 6;

/** What is to be done with all rows of a kind. */
export interface GroupFix {
  readonly group: ProblemGroup;
  readonly fix: FixId;
  readonly label: string;
}

/** The kinds of problems, the most frequent first, with what can be done about all rows of a kind. */
export function ProblemGroups({
  model,
  onFix,
}: {
  readonly model: CheckModel;
  readonly onFix: (fix: GroupFix) => void;
}) {
  const id = useId();
  const [isWhole, setWhole] = useState(false);
  const { groups } = model.check.value;
  const current = model.filter.value.group;
  if (groups.length === 0) return null;
  const shown = isWhole ? groups : groups.slice(0, FIRST);
  return (
    <section class="check-groups card" aria-labelledby={id}>
      <h2 id={id}>{words.title}</h2>
      <ul>
        {shown.map((group) => (
          <li key={group.id} class={`check-group check-group-${group.severity}`}>
            <Icon name={group.severity === 'problem' ? 'cross' : 'warning'} />
            <div>
              <p>
                <span class="unseen">{texts.check.marks[group.severity]}: </span>
                <span dir="auto">{group.title}</span> <span class="soft">{words.rows(group.rows)}</span>
              </p>
              <div class="check-group-buttons">
                {group.fixes.map(({ id: fix, label, cells }) => {
                  const text = fix === 'exclude' ? words.exclude(cells) : words.fix(label, cells);
                  return (
                    <Button
                      key={fix}
                      kind={fix === 'exclude' ? 'quiet' : 'secondary'}
                      aria-label={words.actionOf(text, group.title)}
                      onClick={() => onFix({ group, fix, label })}
                    >
                      {text}
                    </Button>
                  );
                })}
                <Button
                  kind="quiet"
                  aria-pressed={current === group.id ? 'true' : 'false'}
                  aria-label={words.showOf(group.title)}
                  onClick={() => model.list({ group: current === group.id ? undefined : group.id })}
                >
                  {words.show}
                </Button>
              </div>
            </div>
          </li>
        ))}
      </ul>
      {!isWhole && groups.length > FIRST && (
        <Button kind="quiet" onClick={() => setWhole(true)}>
          {words.more(groups.length - FIRST)}
        </Button>
      )}
    </section>
  );
}
