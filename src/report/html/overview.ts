import { html, type Markup } from './html.js';
import type { PageFacts } from './page-data.js';
import { formatDuration } from '../../text.js';
import { headline, instant, number, orgName, remainder, statusCounts, verdict } from './text.js';
import type { ShownRun, StatusCount } from './text.js';

/** @param madeAt - ISO 8601: what the page shows is as of then. */
export function renderHeader(run: ShownRun, madeAt: string): Markup {
  const { summary } = run;
  const { words, tone } = verdict(run);
  const note = {
    ended: undefined,
    running: html`<p class="note" role="note">
      The run is still going on. This page shows it as of
      <time datetime="${madeAt}">${instant(madeAt)}</time>; make it again for a later look.
    </p>`,
    interrupted: html`<p class="note" role="note">
      The process of this run is gone without having come to an end. <code>okta-csv-import resume</code> finds
      out about what is in doubt, and goes on.
    </p>`,
  }[run.state];
  const stopped =
    summary.stoppedBecause === null
      ? undefined
      : html`<p class="note" role="note">Stopped early: <bdi>${summary.stoppedBecause}</bdi></p>`;
  return html`<header class="top">
    <p class="eyebrow">
      <span>${summary.command}</span><span><bdi>${orgName(summary.org)}</bdi></span
      ><time datetime="${summary.startedAt}">${instant(summary.startedAt)}</time>
    </p>
    <h1><bdi>${summary.file.name}</bdi></h1>
    <p class="verdict tone-${tone}"><span class="dot" aria-hidden="true"></span>${words}</p>
    ${note} ${stopped}
  </header>`;
}

/** The bar's width in the units of its drawing, and the least that a status is drawn as, so that one row in a million shows. */
const BAR = 1000;
const LEAST = 6;

export function renderOverview(run: ShownRun): Markup {
  const counts = statusCounts(run.summary);
  const { records = run.summary.counts.total } = run;
  const toCome = Math.max(0, records - run.summary.counts.total);
  const rest = remainder(run);
  const words = counts.map(({ rows, label }) => `${number(rows)} ${label}`).join(', ');
  const legend = counts.map(
    ({ status, tone, label, rows }) =>
      html`<li class="tone-${tone} s-${status}">
        <span class="swatch" aria-hidden="true"></span><b>${number(rows)}</b><span>${label}</span>
      </li>`,
  );
  const open =
    toCome === 0
      ? undefined
      : html`<li class="to-come">
          <span class="swatch" aria-hidden="true"></span><b>${number(toCome)}</b
          ><span>${run.state === 'running' ? 'still to come' : 'without an outcome'}</span>
        </li>`;
  return html`<section class="overview" aria-label="What came of the rows">
    <p class="headline">${headline(run)}${rest === '' ? '' : html` <span>${rest}</span>`}</p>
    <svg
      class="bar"
      viewBox="0 0 ${BAR} 10"
      preserveAspectRatio="none"
      role="img"
      aria-label="${words === '' ? 'No rows' : words}"
    >
      ${barPieces(counts, Math.max(records, run.summary.counts.total))}
    </svg>
    <ul class="legend">
      ${legend}${open}
    </ul>
  </section>`;
}

function barPieces(counts: readonly StatusCount[], records: number): Markup[] {
  if (records === 0) return [];
  const widths = counts.map(({ rows }) => Math.max(LEAST, (rows / records) * BAR));
  // What the small ones were given, the others give in proportion.
  const surplus = widths.reduce((sum, width) => sum + width, 0) - BAR;
  const large = widths.filter((width) => width > LEAST).reduce((sum, width) => sum + width, 0);
  let x = 0;
  return counts.map(({ status, tone }, index) => {
    const own = widths[index] ?? 0;
    const width = own > LEAST && surplus > 0 ? own - (surplus * own) / large : own;
    const piece = html`<rect
      class="tone-${tone} s-${status}"
      x="${x.toFixed(2)}"
      y="0"
      width="${Math.max(1, width - 2).toFixed(2)}"
      height="10"
    />`;
    x += width;
    return piece;
  });
}

/** @param workedMs - how long processes were at work on the run. */
export function renderTiles({ summary }: ShownRun, { latency }: PageFacts, workedMs: number): Markup {
  const { requests, counts, durationMs } = summary;
  const ms = workedMs > 0 ? workedMs : durationMs;
  const list = [
    tile(
      'Took',
      formatDuration(ms),
      ms < 1000 ? `${number(counts.total)} rows` : `${number((counts.total / ms) * 60_000)} rows a minute`,
    ),
  ];
  if (requests.sent > 0) {
    list.push(
      tile(
        'Requests',
        number(requests.sent),
        requests.retried === 0 ? 'none sent again' : `${number(requests.retried)} sent again`,
      ),
      tile(
        'Waited for the rate limit',
        requests.waits === 0 ? 'not at all' : formatDuration(requests.waitedMs),
        requests.waits === 0
          ? 'the org had room'
          : `${number(requests.waits)} ${requests.waits === 1 ? 'window' : 'windows'}`,
      ),
      tile(
        'Answers of 429',
        number(requests.rateLimited),
        requests.concurrencyLimited === 0
          ? 'none for too many at once'
          : `${number(requests.concurrencyLimited)} for too many at once`,
      ),
    );
    if (latency !== null) {
      list.push(
        tile(
          'Half of the answers within',
          formatDuration(latency.p50),
          `95 % within ${formatDuration(latency.p95)}`,
        ),
      );
    }
  }
  return html`<dl class="tiles">${list}</dl>`;
}

function tile(label: string, value: string, note: string): Markup {
  return html`<div>
    <dt>${label}</dt>
    <dd><b>${value}</b><span>${note}</span></dd>
  </div>`;
}
