import type { CellProblem } from '../../api/check.js';
import { Button } from '../parts/button.js';
import { Icon } from '../parts/icon.js';
import { texts } from '../texts.js';
import { lineText } from '../texts/lines.js';
import type { CheckModel } from './check-model.js';
import { focusGrid } from './grid.js';

const words = texts.check.detail;

/** The current cell: its whole text, what is wrong with it, and what would solve that. */
export function DetailPanel({ model, id }: { readonly model: CheckModel; readonly id: string }) {
  const { index, column } = model.position.value;
  const row = model.current.value;
  if (row === undefined) return null;
  const text = model.cache.text(index, column) ?? '';
  const own = row.problems.filter(({ columns }) => columns.includes(column));
  const ofRow = row.problems.filter(({ columns }) => columns.length === 0);
  const others = row.problems.filter(({ columns }) => columns.length > 0 && !columns.includes(column));
  const isSecret = row.isMasked || model.isSecret(column);
  return (
    <section class="check-detail card" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        <span dir="auto">{model.columnName(column)}</span>
      </h2>
      <p class="soft">{texts.check.where(lineText(model.isWorkbook, row.line), model.file)}</p>
      <p class={text === '' ? 'check-value soft' : 'check-value'} dir="auto">
        {text === '' ? words.empty : text}
        {row.cut.includes(column) && ' …'}
      </p>
      {isSecret && <p class="soft">{words.secret}</p>}
      <div id={id} class="check-problems">
        {row.failure !== undefined && (
          <ProblemText problem={{ severity: 'warning', message: row.failure }} label={words.failure} />
        )}
        {own.length === 0 && ofRow.length === 0 && row.failure === undefined && (
          <p class="soft">{words.fine}</p>
        )}
        {own.map((problem) => (
          <ProblemText
            key={problem.code}
            problem={problem}
            onUse={(suggestion) => {
              // The button goes away with the problem.
              focusGrid();
              void model.edit(row, column, suggestion);
            }}
          />
        ))}
        {ofRow.map((problem) => (
          <ProblemText key={problem.code} problem={problem} label={words.wholeRow} />
        ))}
      </div>
      {others.length > 0 && (
        <div class="check-others">
          <h3>{words.otherColumns}</h3>
          <ul>
            {others.map(({ code, columns, severity }) => (
              <li key={`${code} ${columns.join(' ')}`}>
                <button
                  type="button"
                  class="check-link"
                  onClick={() => model.move({ index, column: columns[0] ?? 0 })}
                >
                  <Icon name={severity === 'problem' ? 'cross' : 'warning'} />
                  <span dir="auto">{model.columnName(columns[0] ?? 0)}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {row.isExcluded && <p>{words.isExcluded}</p>}
      <div class="button-row">
        <Button kind="quiet" onClick={() => void model.exclude(row, !row.isExcluded)}>
          {row.isExcluded ? words.include : words.exclude}
        </Button>
      </div>
    </section>
  );
}

function ProblemText({
  problem: { severity, message, suggestion },
  label,
  onUse,
}: {
  readonly problem: Pick<CellProblem, 'severity' | 'message'> & Partial<Pick<CellProblem, 'suggestion'>>;
  readonly label?: string;
  readonly onUse?: (suggestion: string) => void;
}) {
  return (
    <div class={`check-problem check-problem-${severity}`}>
      <Icon name={severity === 'problem' ? 'cross' : 'warning'} />
      <div>
        <p dir="auto">
          <span class="unseen">{texts.check.marks[severity]}: </span>
          {label !== undefined && <strong>{label}: </strong>}
          {message}
        </p>
        {suggestion !== undefined && onUse !== undefined && (
          <Button class="check-use" onClick={() => onUse(suggestion)}>
            <bdi>{words.use(suggestion)}</bdi>
          </Button>
        )}
      </div>
    </div>
  );
}
