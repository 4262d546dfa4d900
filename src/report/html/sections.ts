import type { FailureGroup } from '../failure-groups.js';

import { html, type Markup } from './html.js';
import type { Latency, PageFacts } from './page-data.js';
import { formatDuration } from '../../text.js';
import { instant, number, type ShownRun } from './text.js';

export function renderCharts({ timeline, latency }: PageFacts): Markup | undefined {
  const hasTimeline = timeline !== null && timeline.seconds.length > 2;
  if (!hasTimeline && latency === null) return undefined;
  const throughput = html`<figure class="chart wide" id="throughput">
    <figcaption>
      <h2>Rows a minute</h2>
      <p class="keys">
        <span class="key line">rows a minute</span><span class="key band">waiting for the rate limit</span
        ><span class="key mark">429</span>
      </p>
    </figcaption>
    <div class="plot" role="img" aria-label="Rows a minute over the time of the run"></div>
  </figure>`;
  const answers = html`<figure class="chart" id="latency">
    <figcaption>
      <h2>Answer times</h2>
      <p class="keys">${latency === null ? '' : latencyWords(latency)}</p>
    </figcaption>
    <div
      class="plot"
      role="img"
      aria-label="How long answers took: ${latency === null ? '' : latencyWords(latency)}"
    ></div>
  </figure>`;
  return html`<section class="charts needs-script" aria-label="The course of the run" hidden>
    ${hasTimeline ? throughput : undefined}${latency === null ? undefined : answers}
  </section>`;
}

function latencyWords({ p50, p95, p99 }: Latency): string {
  return `half within ${formatDuration(p50)}, 95 % within ${formatDuration(p95)}, 99 % within ${formatDuration(p99)}`;
}

export function renderCauses(
  title: string,
  id: string,
  causes: readonly FailureGroup[],
  { beyond, isFilter }: { beyond: number; isFilter: boolean },
): Markup | undefined {
  if (causes.length === 0 && beyond === 0) return undefined;
  const most = Math.max(...causes.map(({ rows }) => rows));
  const items = causes.map(({ rows, code, message, fragment, examples }, index) => {
    const button = isFilter
      ? html`<button
          type="button"
          class="quiet needs-script"
          data-code="${code}"
          data-fragment="${fragment}"
          aria-label="Show rows of cause ${index + 1}"
          hidden
        >
          Show rows
        </button>`
      : undefined;
    const more = rows > examples.length ? ', …' : '';
    return html`<li>
      <p class="count"><b>${number(rows)}</b> ${rows === 1 ? 'row' : 'rows'}</p>
      <div class="cause">
        <p class="message"><bdi>${message}</bdi> <code>${code}</code></p>
        <svg class="share" viewBox="0 0 1000 4" preserveAspectRatio="none" aria-hidden="true">
          <rect width="${((rows / most) * 1000).toFixed(1)}" height="4" />
        </svg>
        <p class="examples"><bdi>${examples.join(', ')}${more}</bdi></p>
      </div>
      ${button}
    </li>`;
  });
  const others =
    beyond === 0
      ? undefined
      : html`<li>
          <p class="count"><b>${number(beyond)}</b> ${beyond === 1 ? 'row' : 'rows'}</p>
          <p class="cause">with other causes: see the rows.</p>
        </li>`;
  return html`<section class="card causes" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <ol>
      ${items}${others}
    </ol>
  </section>`;
}

const DELIMITERS: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
};

export function renderAbout({ summary, records }: ShownRun): Markup {
  const { file, plan } = summary;
  const isOver = summary.exitCode !== null;
  const minutes =
    plan?.minutes === undefined ? '' : `, in about ${number(Math.max(1, plan.minutes))} min at this share`;
  const items: readonly (readonly [label: string, value: string | undefined])[] = [
    ['Run', summary.runId],
    ['Command', summary.command],
    ['Org', summary.org ?? 'none: offline'],
    ['File', file.name],
    ['Records', records === undefined ? undefined : number(records)],
    ['Encoding', file.encoding],
    ['Delimiter', DELIMITERS[file.delimiter] ?? file.delimiter],
    ['Started', instant(summary.startedAt)],
    ['Finished', isOver ? instant(summary.finishedAt) : undefined],
    ['Exit code', isOver ? String(summary.exitCode) : undefined],
    ['Would create', plan === undefined ? undefined : `${number(plan.creates)} users${minutes}`],
    ['Activation mails', plan === undefined ? undefined : number(plan.activationMails)],
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
