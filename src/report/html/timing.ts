import { formatDuration } from '../../text.js';

import { formatNumber } from './format.js';
import { html, type Markup } from './html.js';
import type { Latency, PageData } from './page-data.js';
import type { RunView } from './run-text.js';

/** How long a run took. */
export interface RunTime {
  /** How long processes worked on the run. */
  readonly workedMs: number;
  /** The most rows per minute that the rate limits allow in the long run; undefined when unknown. */
  readonly rowsPerMinuteLimit: number | undefined;
}

/** What interests last: durations, requests and charts. */
export function renderTiming(run: RunView, data: PageData, time: RunTime): Markup {
  return html`<section class="timing" aria-labelledby="timing-title">
    <h2 id="timing-title">Timing</h2>
    ${renderTiles(run, data, time)} ${renderCharts(data)}
  </section>`;
}

function renderTiles({ summary }: RunView, { latency }: PageData, time: RunTime): Markup {
  const { requests, counts, durationMs } = summary;
  const ms = time.workedMs > 0 ? time.workedMs : durationMs;
  const tiles = [tile('Duration', formatDuration(ms), rateText(counts.total, ms, time))];
  if (requests.sent > 0) {
    const { sent, retried, waits, waitedMs, rateLimited, concurrencyLimited } = requests;
    tiles.push(
      tile(
        'Requests',
        formatNumber(sent),
        retried === 0 ? 'no retries' : `${formatNumber(retried)} ${retried === 1 ? 'retry' : 'retries'}`,
      ),
      tile(
        'Waited for the rate limit',
        waits === 0 ? 'never' : formatDuration(waitedMs),
        waits === 0 ? '' : `${formatNumber(waits)} ${waits === 1 ? 'wait' : 'waits'}`,
      ),
      tile(
        'Rate-limit responses (429)',
        formatNumber(rateLimited),
        concurrencyLimited === 0 ? '' : `${formatNumber(concurrencyLimited)} for concurrent requests`,
      ),
    );
    if (latency !== null) {
      const { p50, p95 } = latency;
      tiles.push(tile('Median response time', formatDuration(p50), `95% within ${formatDuration(p95)}`));
    }
  }
  return html`<dl class="tiles">${tiles}</dl>`;
}

/** The speed of a burst says nothing about a minute, and no run is faster than its rate limit for long. */
function rateText(rows: number, ms: number, { rowsPerMinuteLimit = Infinity }: RunTime): string {
  if (ms < 60_000) return `${formatNumber(rows)} ${rows === 1 ? 'row' : 'rows'}`;
  return `${formatNumber(Math.min((rows / ms) * 60_000, rowsPerMinuteLimit))} rows per minute`;
}

function tile(label: string, value: string, note: string): Markup {
  return html`<div>
    <dt>${label}</dt>
    <dd><b>${value}</b><span>${note}</span></dd>
  </div>`;
}

function renderCharts({ timeline, latency }: PageData): Markup | undefined {
  const hasTimeline = timeline !== null && timeline.seconds.length > 2;
  if (!hasTimeline && latency === null) return undefined;
  return html`<div class="charts needs-script" hidden>
    ${hasTimeline ? progressFigure() : undefined}${latency === null ? undefined : latencyFigure(latency)}
  </div>`;
}

function progressFigure(): Markup {
  return html`<figure class="chart wide" id="progress">
    <figcaption>
      <h3>Completed rows</h3>
      <p class="keys">
        <span class="key line">completed rows</span><span class="key band">waiting for the rate limit</span
        ><span class="key mark">rate-limit response (429)</span>
      </p>
    </figcaption>
    <div class="plot" role="img" aria-label="Completed rows during the run"></div>
  </figure>`;
}

function latencyFigure({ p50, p95, p99 }: Latency): Markup {
  const percentiles = `median ${formatDuration(p50)}, 95% within ${formatDuration(p95)}, 99% within ${formatDuration(p99)}`;
  return html`<figure class="chart" id="latency">
    <figcaption>
      <h3>Response times</h3>
      <p class="keys">${percentiles}</p>
    </figcaption>
    <div class="plot" role="img" aria-label="Distribution of response times: ${percentiles}"></div>
  </figure>`;
}
