import type { FailureGroup } from '../failure-groups.js';

import { html, Markup, scriptJson } from './html.js';
import { renderHeader, renderOverview, renderTiles } from './overview.js';
import type { PageFacts } from './page-data.js';
import { renderAbout, renderCauses, renderCharts } from './sections.js';
import { instant, number, type ShownRun } from './text.js';

/** Everything that the page shows but its rows. */
export interface DocumentOptions {
  readonly run: ShownRun;
  /** Of the program that makes the page. */
  readonly version: string;
  /** ISO 8601: what the page shows is as of then. */
  readonly madeAt: string;
  readonly failures: readonly FailureGroup[];
  /** Rows with a cause that is not among them. */
  readonly rowsBeyond: number;
  readonly warnings: readonly FailureGroup[];
  /** How long processes were at work on the run. */
  readonly workedMs: number;
  readonly facts: PageFacts;
  readonly assets: PageAssets;
}

/** What is inlined, with the digests by which the page's policy knows it (`sha256-…`). */
export interface PageAssets {
  readonly style: { readonly text: string; readonly digest: string };
  readonly script: { readonly text: string; readonly digest: string };
}

/** All of the page before its rows' lines, and all after. */
export function renderDocument(options: DocumentOptions): {
  readonly before: string;
  readonly after: string;
} {
  const { run, assets, facts, madeAt } = options;
  const { summary } = run;
  // Nothing is fetched, sent, framed or evaluated, whatever text finds its way in: the page says so itself.
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
${renderHeader(run, madeAt)}
<main>
${renderOverview(run)}
${renderTiles(run, facts, options.workedMs)}
${renderCharts(facts)}
${renderCauses('Failures by cause', 'causes', options.failures, { beyond: options.rowsBeyond, isFilter: true })}
${renderCauses('Worth a look', 'warnings', options.warnings, { beyond: 0, isFilter: false })}
${rowsSection(facts)}
${renderAbout(run)}
</main>
<footer>
<p>Made by okta-csv-import ${options.version} on ${instant(madeAt)}. The page holds all that it shows: it loads nothing and sends nothing.</p>
</footer>
<script type="application/json" id="facts">${scriptJson(facts)}</script>
<script type="text/plain" id="rows">`;
  const after = html`</script>
<script>${raw(assets.script.text)}</script>
</body>
</html>
`;
  return { before: before.text, after: after.text };
}

function rowsSection({ rows }: PageFacts): Markup {
  return html`<section class="card rows" id="rows-section" aria-labelledby="rows-title" tabindex="-1">
    <div class="rows-head">
      <h2 id="rows-title">Rows</h2>
      <p id="rows-shown" role="status">
        ${number(rows)} rows; the complete list is <a href="results.csv">results.csv</a>
      </p>
    </div>
    <p class="note without-script">
      The list of rows needs scripts, which are off here. All of it stands in
      <a href="results.csv">results.csv</a> beside this page.
    </p>
    <div id="rows-app" class="needs-script" hidden></div>
  </section>`;
}

/** Our own style and script, which stand in the page as they are. */
function raw(text: string): Markup {
  return new Markup(text);
}
