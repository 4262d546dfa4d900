import type { PlanEstimate } from '../../engine/plan-estimate.js';
import { plural, quoteForShell } from '../../text.js';

import { formatNumber, formatOffset, formatTime } from './format.js';
import { html, type Markup } from './html.js';
import { isWorkbook, type RunView } from './run-text.js';

const DELIMITERS: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
};

type Item = readonly [label: string, value: string | undefined];

/** What was run, by whom, on which file. */
export function renderAbout(run: RunView): Markup {
  const { summary, totalRows, startedBy, flags = [] } = run;
  const { file, plan } = summary;
  const offset = startedBy?.utcOffsetMinutes;
  const hasEnded = summary.exitCode !== null;
  const items: readonly Item[] = [
    ['Run', summary.runId],
    ['Command', summary.command],
    ['Flags', flags.map(quoteForShell).join(' ') || 'none'],
    ['Org', summary.org ?? 'none (offline)'],
    ['File', file.isEdited === true ? `${file.name}, as edited on the local page` : file.name],
    ...formatItems(run),
    ['Rows', totalRows === undefined ? undefined : formatNumber(totalRows)],
    ['Operator', operatorOf(run)],
    ['Started', formatTime(summary.startedAt, offset)],
    ['Finished', hasEnded ? formatTime(summary.finishedAt, offset) : undefined],
    ['Time zone', timeZoneOf(run)],
    ['Exit code', hasEnded ? String(summary.exitCode) : undefined],
    ['Plan', plan && planText(plan)],
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

/** `Create 40 users, update 1 user, in about 2 min at this rate-limit share` */
function planText({ creates, updates, minutes }: PlanEstimate): string {
  const parts = [
    ...(creates > 0 ? [`create ${plural(creates, 'user')}`] : []),
    ...(updates > 0 ? [`update ${plural(updates, 'user')}`] : []),
  ];
  if (parts.length === 0) return 'no changes';
  const time = minutes === undefined ? [] : [`in about ${Math.max(1, minutes)} min at this rate-limit share`];
  return [...parts, ...time].join(', ');
}

/** A workbook has neither an encoding nor a delimiter. */
function formatItems(run: RunView): readonly Item[] {
  const { encoding, delimiter, sheet } = run.summary.file;
  if (isWorkbook(run)) return [['Sheet', sheet]];
  return [
    ['Encoding', encoding],
    ['Delimiter', DELIMITERS[delimiter] ?? delimiter],
  ];
}

function operatorOf({ startedBy }: RunView): string | undefined {
  if (startedBy?.user === undefined) return startedBy?.host;
  return startedBy.host === undefined ? startedBy.user : `${startedBy.user} on ${startedBy.host}`;
}

function timeZoneOf({ startedBy }: RunView): string {
  const offset = formatOffset(startedBy?.utcOffsetMinutes ?? 0);
  const name = startedBy?.timeZone ?? offset;
  return offset === 'UTC' || name === offset ? offset : `${name} (${offset})`;
}
