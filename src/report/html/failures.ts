import type { FailedPerson, FailureGroup } from '../failure-groups.js';
import { OTHER_CAUSES } from '../failure-groups.js';

import { formatNumber } from './format.js';
import { html, type Markup } from './html.js';

/** What to do now: sentences that may end in a command. */
export function renderNextSteps(steps: readonly string[] = []): Markup | undefined {
  if (steps.length === 0) return undefined;
  const items = steps.map((step) => {
    const [, sentence = step, command] = /^(.*?) ?(okta-csv-import .*)?$/s.exec(step) ?? [];
    return html`<li>
      <p><bdi>${sentence}</bdi></p>
      ${command === undefined ? undefined : html`<pre tabindex="0" aria-label="Command"><code>${command}</code></pre>`}
    </li>`;
  });
  return html`<section class="card steps" aria-labelledby="steps-title">
    <h2 id="steps-title">Next steps</h2>
    <ul>
      ${items}
    </ul>
  </section>`;
}

export interface GroupsOptions {
  /** What the rows of the file are counted in: `line`, or `row` of a spreadsheet. */
  readonly lineLabel: string;
  /** Rows that are in none of the groups. */
  readonly rowsBeyond?: number | undefined;
}

export function renderFailures(
  groups: readonly FailureGroup[],
  { lineLabel, rowsBeyond = 0 }: GroupsOptions,
): Markup | undefined {
  const items = groups.map((group, index) =>
    renderGroup(group, groups, lineLabel, showRowsButton(group.cause, group.message, index)),
  );
  if (rowsBeyond > 0) {
    items.push(
      html`<li>
        ${rowCount(rowsBeyond)}
        <p class="group">Other causes</p>
        ${showRowsButton(OTHER_CAUSES, 'Other causes', groups.length)}
      </li>`,
    );
  }
  return renderGroups('Failures by cause', 'failures', items);
}

export function renderWarnings(
  groups: readonly FailureGroup[],
  { lineLabel }: GroupsOptions,
): Markup | undefined {
  const items = groups.map((group) => renderGroup(group, groups, lineLabel));
  return renderGroups('Warnings (these do not block rows)', 'warnings', items);
}

function showRowsButton(cause: number, message: string, index: number): Markup {
  return html`<button
    type="button"
    class="quiet needs-script"
    data-cause="${cause}"
    data-message="${message}"
    aria-label="Show rows with cause ${index + 1}"
    hidden
  >
    Show rows
  </button>`;
}

function renderGroups(title: string, id: string, items: readonly Markup[]): Markup | undefined {
  if (items.length === 0) return undefined;
  return html`<section class="card groups" id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <ol>
      ${items}
    </ol>
  </section>`;
}

function renderGroup(
  { rows, code, message, hint, people }: FailureGroup,
  all: readonly FailureGroup[],
  lineLabel: string,
  button?: Markup,
): Markup {
  const most = Math.max(...all.map((group) => group.rows));
  const more = rows - people.length;
  return html`<li>
    ${rowCount(rows)}
    <div class="group">
      <p class="message"><bdi>${message}</bdi> <code>${code}</code></p>
      ${hint === undefined ? undefined : html`<p class="hint">${hint}</p>`}
      <svg class="share" viewBox="0 0 1000 4" preserveAspectRatio="none" aria-hidden="true">
        <rect width="${((rows / most) * 1000).toFixed(1)}" height="4" />
      </svg>
      <ul class="people">
        ${people.map((person) => renderPerson(person, lineLabel))}
        ${more > 0 ? html`<li>and ${formatNumber(more)} more</li>` : undefined}
      </ul>
    </div>
    ${button}
  </li>`;
}

/** `Ann Lee, row 5, ann@example.com: "Enginering"` */
function renderPerson({ name, row, line, login = '', value }: FailedPerson, lineLabel: string): Markup {
  const isLogin = value === `"${login}"`;
  // Leavers have no row in the file, and the journal lacks the lines of rows that were not reached.
  const where = line > 0 ? `${lineLabel.toLowerCase()} ${line}` : login === '' ? `row ${row}` : '';
  return html`<li>
    ${
      name === ''
        ? undefined
        : html`<b><bdi>${name}</bdi></b
            >, `
    }${where}${
      login === '' ? undefined : html`${where === '' ? '' : ', '}<bdi>${login}</bdi>`
    }${value === undefined || isLogin ? undefined : html`: <bdi>${value}</bdi>`}
  </li>`;
}

function rowCount(rows: number): Markup {
  return html`<p class="count"><b>${formatNumber(rows)}</b> ${rows === 1 ? 'row' : 'rows'}</p>`;
}
