import { formatDuration } from '../../text.js';
import type { FailureGroup } from '../failure-groups.js';

import { formatNumber, formatTime } from './format.js';
import { html, type Markup } from './html.js';
import type { Latency, PageData } from './page-data.js';
import type { RunView } from './run-text.js';

export function renderCharts({ timeline, latency }: PageData): Markup | undefined {
  const hasTimeline = timeline !== null && timeline.seconds.length > 2;
  if (!hasTimeline && latency === null) return undefined;
  return html`<section class="charts needs-script" aria-label="Charts" hidden>
    ${hasTimeline ? throughputFigure() : undefined}${latency === null ? undefined : latencyFigure(latency)}
  </section>`;
}

function throughputFigure(): Markup {
  return html`<figure class="chart wide" id="throughput">
    <figcaption>
      <h2>Rows per minute</h2>
      <p class="keys">
        <span class="key line">rows per minute</span><span class="key band">waiting for the rate limit</span
        ><span class="key mark">rate-limit response (429)</span>
      </p>
    </figcaption>
    <div class="plot" role="img" aria-label="Rows per minute during the run"></div>
  </figure>`;
}

function latencyFigure({ p50, p95, p99 }: Latency): Markup {
  const percentiles = `median ${formatDuration(p50)}, 95% within ${formatDuration(p95)}, 99% within ${formatDuration(p99)}`;
  return html`<figure class="chart" id="latency">
    <figcaption>
      <h2>Response times</h2>
      <p class="keys">${percentiles}</p>
    </figcaption>
    <div class="plot" role="img" aria-label="Distribution of response times: ${percentiles}"></div>
  </figure>`;
}

/** @param rowsBeyond - rows that are in none of the groups. */
export function renderFailures(groups: readonly FailureGroup[], rowsBeyond: number): Markup | undefined {
  const others =
    rowsBeyond === 0
      ? undefined
      : html`<li>
          ${rowCount(rowsBeyond)}
          <p class="group">Other causes: see the rows below.</p>
        </li>`;
  const items = groups.map((group, index) =>
    renderGroup(
      group,
      groups,
      html`<button
        type="button"
        class="quiet needs-script"
        data-code="${group.code}"
        data-fragment="${group.fragment}"
        aria-label="Show rows with cause ${index + 1}"
        hidden
      >
        Show rows
      </button>`,
    ),
  );
  return renderGroups('Failures by cause', 'failures', others === undefined ? items : [...items, others]);
}

export function renderWarnings(groups: readonly FailureGroup[]): Markup | undefined {
  const items = groups.map((group) => renderGroup(group, groups));
  return renderGroups('Warnings (these do not block rows)', 'warnings', items);
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
  { rows, code, message, hint, examples }: FailureGroup,
  all: readonly FailureGroup[],
  button?: Markup,
): Markup {
  const most = Math.max(...all.map((group) => group.rows));
  const more = rows > examples.length ? ', …' : '';
  return html`<li>
    ${rowCount(rows)}
    <div class="group">
      <p class="message"><bdi>${message}</bdi> <code>${code}</code></p>
      <svg class="share" viewBox="0 0 1000 4" preserveAspectRatio="none" aria-hidden="true">
        <rect width="${((rows / most) * 1000).toFixed(1)}" height="4" />
      </svg>
      <p class="examples"><bdi>${examples.join(', ')}${more}</bdi></p>
      ${hint === undefined ? undefined : html`<p class="hint">${hint}</p>`}
    </div>
    ${button}
  </li>`;
}

function rowCount(rows: number): Markup {
  return html`<p class="count"><b>${formatNumber(rows)}</b> ${rows === 1 ? 'row' : 'rows'}</p>`;
}

const DELIMITERS: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
};

export function renderAbout({ summary, totalRows }: RunView): Markup {
  const { file, plan } = summary;
  const hasEnded = summary.exitCode !== null;
  const isText = file.sheet === undefined;
  const minutes =
    plan?.minutes === undefined
      ? ''
      : `, in about ${formatNumber(Math.max(1, plan.minutes))} min at this rate-limit share`;
  const items: readonly (readonly [label: string, value: string | undefined])[] = [
    ['Run', summary.runId],
    ['Command', summary.command],
    ['Org', summary.org ?? 'none (offline)'],
    ['File', file.name],
    ['Rows', totalRows === undefined ? undefined : formatNumber(totalRows)],
    ['Sheet', file.sheet],
    ['Encoding', isText ? file.encoding : undefined],
    ['Delimiter', isText ? (DELIMITERS[file.delimiter] ?? file.delimiter) : undefined],
    ['Started', formatTime(summary.startedAt)],
    ['Finished', hasEnded ? formatTime(summary.finishedAt) : undefined],
    ['Exit code', hasEnded ? String(summary.exitCode) : undefined],
    ['Would create', plan === undefined ? undefined : `${formatNumber(plan.creates)} users${minutes}`],
    ['Activation emails', plan === undefined ? undefined : formatNumber(plan.activationMails)],
    ['SHA-256', file.sha256],
  ];
  const shown = items.flatMap(([label, value]) =>
    value === undefined || value === ''
      ? []
      : [
          html`<div>
            <dt>${label}</dt>
            <dd><bdi>${value}</bdi></dd>
          </div>`,
        ],
  );
  return html`<section class="card about" aria-labelledby="about-title">
    <h2 id="about-title">About this run</h2>
    <dl>${shown}</dl>
  </section>`;
}
