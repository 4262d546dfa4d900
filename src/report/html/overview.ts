import { syncText } from '../sync-text.js';

import { formatNumber, formatTime } from './format.js';
import { html, type Markup } from './html.js';
import {
  headline,
  inTheEndText,
  orgName,
  remainder,
  runStatus,
  statusCounts,
  type RunView,
  type StatusCount,
} from './run-text.js';

/** @param createdAt - ISO 8601: the page shows the run as of then. */
export function renderHeader(run: RunView, createdAt: string): Markup {
  const { summary } = run;
  const { label, tone } = runStatus(run);
  const offset = run.startedBy?.utcOffsetMinutes;
  const note = {
    ended: undefined,
    running: html`<p class="note" role="note">
      The run is still in progress. This page shows its state at
      <time datetime="${createdAt}">${formatTime(createdAt, offset)}</time>; rebuild it to see later results.
    </p>`,
    interrupted: html`<p class="note" role="note">The process ended before the run was complete.</p>`,
  }[run.state];
  const stopped =
    summary.stoppedBecause === null
      ? undefined
      : html`<p class="note" role="note">Stopped early: <bdi>${summary.stoppedBecause}</bdi></p>`;
  return html`<header class="top">
    <p class="eyebrow">
      <span>${summary.command}</span><span><bdi>${orgName(summary.org)}</bdi></span
      ><time datetime="${summary.startedAt}">${formatTime(summary.startedAt, offset)}</time>
    </p>
    <h1><bdi>${summary.file.name}</bdi></h1>
    <p class="run-status tone-${tone}"><span class="dot" aria-hidden="true"></span>${label}</p>
    ${note} ${stopped}
  </header>`;
}

/** Width of the bar in units of its drawing. */
const BAR_WIDTH = 1000;
/** One row in a million is still visible. */
const MIN_SEGMENT_WIDTH = 6;

export function renderOverview(run: RunView): Markup {
  const { counts } = run.summary;
  const shown = statusCounts(counts);
  const rows = Math.max(run.totalRows ?? 0, counts.total);
  const open = rows - counts.total;
  const rest = remainder(run);
  const inTheEnd = inTheEndText(run.summary);
  const { sync } = run.summary;
  const label = shown.map(({ rows, label }) => `${formatNumber(rows)} ${label}`).join(', ');
  const legend = shown.map(
    ({ status, tone, label, rows }) =>
      html`<li class="tone-${tone} s-${status}">
        <span class="swatch" aria-hidden="true"></span><b>${formatNumber(rows)}</b><span>${label}</span>
      </li>`,
  );
  const openItem =
    open === 0
      ? undefined
      : html`<li class="open">
          <span class="swatch" aria-hidden="true"></span><b>${formatNumber(open)}</b
          ><span>${run.state === 'running' ? 'remaining' : 'without an outcome'}</span>
        </li>`;
  return html`<section class="overview" aria-label="Outcomes">
    <p class="headline">${headline(run)}${rest === '' ? '' : html` <span>${rest}</span>`}</p>
    ${inTheEnd === undefined ? undefined : html`<p class="in-the-end"><bdi>${inTheEnd}</bdi></p>`}
    ${sync === undefined ? undefined : html`<p class="in-the-end"><bdi>${syncText(sync)}</bdi></p>`}
    <svg
      class="bar"
      viewBox="0 0 ${BAR_WIDTH} 10"
      preserveAspectRatio="none"
      role="img"
      aria-label="${label === '' ? 'No rows' : label}"
    >
      ${barSegments(shown, rows)}
    </svg>
    <ul class="legend">
      ${legend}${openItem}
    </ul>
  </section>`;
}

function barSegments(counts: readonly StatusCount[], totalRows: number): Markup[] {
  if (totalRows === 0) return [];
  const widths = counts.map(({ rows }) => Math.max(MIN_SEGMENT_WIDTH, (rows / totalRows) * BAR_WIDTH));
  // The large segments shrink in proportion to make room for the widened small ones.
  const surplus = widths.reduce((sum, width) => sum + width, 0) - BAR_WIDTH;
  const large = widths.filter((width) => width > MIN_SEGMENT_WIDTH).reduce((sum, width) => sum + width, 0);
  let x = 0;
  return counts.map(({ status, tone }, index) => {
    const full = widths[index] ?? 0;
    const width = full > MIN_SEGMENT_WIDTH && surplus > 0 ? full - (surplus * full) / large : full;
    const segment = html`<rect
      class="tone-${tone} s-${status}"
      x="${x.toFixed(2)}"
      y="0"
      width="${Math.max(1, width - 2).toFixed(2)}"
      height="10"
    />`;
    x += width;
    return segment;
  });
}
