import type { AttributeView, ColumnUse, ColumnView } from '../../api/columns.js';
import type { PageState } from '../../api/state.js';
import { Badge, type Tone } from '../parts/badge.js';
import { Icon } from '../parts/icon.js';
import { texts } from '../texts.js';
import { UseCombobox } from './use-combobox.js';
import { UseForm } from './use-form.js';
import { labelOf } from './use-labels.js';

const words = texts.columns;

/** One column: its name, some values, and what it feeds. */
export function ColumnCard({
  column,
  attributes,
  onUse,
  onOptions,
}: {
  readonly column: ColumnView;
  readonly attributes: readonly AttributeView[];
  readonly onUse: (use: ColumnUse) => void;
  readonly onOptions: (use: ColumnUse) => Promise<PageState>;
}) {
  const { use, alsoFeeds, sampleProblem } = column;
  return (
    <li class={`column-card column-${use.kind}`}>
      <div class="column-name">
        <p class="soft column-position">{words.position(column.position)}</p>
        <h2 dir="auto">{column.name}</h2>
      </div>
      <Samples column={column} />
      <div class="column-use">
        <UseCombobox column={column} attributes={attributes} onChange={onUse} />
        <p class="column-reason">
          <Confidence column={column} />
          <span class="soft">{column.reason}</span>
        </p>
        {alsoFeeds.length > 0 && (
          <p class="soft column-note">
            {words.alsoFeeds(alsoFeeds.map((path) => labelOf(path, attributes)))}
          </p>
        )}
        {use.kind === 'attribute' && (use.path === 'start' || use.path === 'end') && (
          <p class="soft column-note">{words.dateNotes[use.path]}</p>
        )}
        {sampleProblem !== undefined && (
          <p class="column-problem">
            <Icon name="warning" />
            <span dir="auto">{sampleProblem}</span>
          </p>
        )}
        {use.kind === 'attribute' && !use.path.startsWith('credentials.') && (
          <details class="column-options">
            <summary>{words.options}</summary>
            <UseForm
              key={use.path}
              column={column}
              use={use}
              attribute={attributes.find(({ path }) => path === use.path)}
              onApply={onOptions}
            />
          </details>
        )}
      </div>
    </li>
  );
}

function Samples({ column: { samples, use } }: { readonly column: ColumnView }) {
  if (samples.length === 0) return <p class="soft column-samples">{words.noValues}</p>;
  return (
    <ul class="column-samples">
      {samples.map(({ text, sent }, index) => (
        <li key={index}>
          <bdi>{text}</bdi>
          {use.kind !== 'ignore' && sent !== undefined && sent !== text && (
            <span class="soft sample-sent">
              <span class="unseen">, {words.sentAs} </span>
              <span aria-hidden="true">→ </span>
              {sent === '' ? words.notSent : <bdi>{sent}</bdi>}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

const TONES: Readonly<Record<ColumnView['confidence'], Tone>> = {
  certain: 'good',
  likely: 'warning',
  none: 'warning',
  chosen: 'accent',
};

function Confidence({ column: { use, confidence } }: { readonly column: ColumnView }) {
  if (use.kind === 'ignore') return <Badge>{words.ignored}</Badge>;
  if (use.kind === 'undecided') return <Badge tone="warning">{words.confidence.none}</Badge>;
  return (
    <Badge tone={TONES[confidence]} icon={confidence === 'chosen' ? 'check' : undefined}>
      {words.confidence[confidence]}
    </Badge>
  );
}
