import type { FailureGroup } from '../failure-groups.js';

import { renderAbout } from './about.js';
import { renderAccounts } from './accounts.js';
import { renderFailures, renderNextSteps, renderWarnings } from './failures.js';
import { formatNumber, formatTime } from './format.js';
import { html, Markup, scriptJson } from './html.js';
import { renderHeader, renderOverview } from './overview.js';
import type { PageData } from './page-data.js';
import { lineLabelOf, type RunView } from './run-text.js';
import { renderTiming, type RunTime } from './timing.js';

/** Everything that the page shows except its rows. */
export interface DocumentOptions {
  readonly run: RunView;
  /** Version of the program that creates the page. */
  readonly version: string;
  /** ISO 8601: the page shows the run as of then. */
  readonly createdAt: string;
  readonly failures: readonly FailureGroup[];
  /** Failed rows that are in none of the groups. */
  readonly rowsBeyond: number;
  readonly warnings: readonly FailureGroup[];
  readonly time: RunTime;
  readonly data: PageData;
  readonly assets: PageAssets;
}

/** Inlined style and script, with the digests that the page's policy allows (`sha256-…`). */
export interface PageAssets {
  readonly style: { readonly text: string; readonly digest: string };
  readonly script: { readonly text: string; readonly digest: string };
}

/** The parts of the page before and after its rows. */
export function renderDocument(options: DocumentOptions): {
  readonly before: string;
  readonly after: string;
} {
  const { run, assets, data, createdAt } = options;
  const { summary } = run;
  const lineLabel = lineLabelOf(run);
  // Whatever text gets in, the browser loads, sends, frames and evaluates nothing.
  const policy = [
    "default-src 'none'",
    `script-src '${assets.script.digest}'`,
    `style-src '${assets.style.digest}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const before = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${summary.file.name}: ${summary.command} report</title>
<style>${raw(assets.style.text)}</style>
</head>
<body>
<a class="skip" href="#rows-section">Skip to the rows</a>
${renderHeader(run, createdAt)}
<main>
${renderOverview(run)}
${renderNextSteps(run.nextSteps)}
${renderFailures(options.failures, { lineLabel, rowsBeyond: options.rowsBeyond })}
${renderWarnings(options.warnings, { lineLabel })}
${renderAccounts(run)}
${rowsSection(data)}
${renderAbout(run)}
${renderTiming(run, data, options.time)}
</main>
<footer>
<p>Created by okta-csv-import ${options.version} on ${formatTime(createdAt, run.startedBy?.utcOffsetMinutes)}. This page is self-contained: it loads nothing and sends nothing.</p>
</footer>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script type="text/plain" id="rows">`;
  const after = html`</script>
<script>${raw(assets.script.text)}</script>
</body>
</html>
`;
  return { before: before.text, after: after.text };
}

function rowsSection({ rows }: PageData): Markup {
  return html`<section class="card rows" id="rows-section" aria-labelledby="rows-title" tabindex="-1">
    <div class="rows-head">
      <h2 id="rows-title">Rows</h2>
      <p id="rows-shown" role="status">
        ${formatNumber(rows)} ${rows === 1 ? 'row' : 'rows'}. Complete list:
        <a href="results.csv">results.csv</a>
      </p>
    </div>
    <p class="note without-script">
      The list of rows needs JavaScript, which is turned off. Every row is in
      <a href="results.csv">results.csv</a>, next to this page.
    </p>
    <div id="rows-app" class="needs-script" hidden></div>
  </section>`;
}

/** The page's own style and script need no escaping. */
function raw(text: string): Markup {
  return new Markup(text);
}
