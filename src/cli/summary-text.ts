import type { FailureGroup, FailureGroups } from '../report/failure-groups.js';
import { emptyRunText, type RetryResult, type Summary } from '../report/summary.js';
import type { Counts } from '../rows/counts.js';
import { lineLabelOf, type LineLabel } from '../rows/place.js';
import { STATUSES } from '../rows/status-table.js';
import { escapeControlCharacters, plural } from '../text.js';

import { createColorize, TONE_COLORS, type Colorize } from './colors.js';

export interface SummaryTextOptions {
  readonly failures: FailureGroups;
  /** A row with a warning is sent, unless it has problems as well. */
  readonly warnings?: FailureGroups | undefined;
  readonly folder: string;
  /** Next steps: sentences that may end in a command. */
  readonly next?: readonly string[] | undefined;
  readonly colorize?: Colorize | undefined;
}

/** The text printed at the end of a run: counts, failures by cause, warnings, next steps. */
export function summaryText(
  summary: Summary,
  { failures, warnings, folder, next = [], colorize = createColorize(false) }: SummaryTextOptions,
): string[] {
  const { counts, stoppedBecause, command } = summary;
  const org = summary.org === null ? '' : ` (${summary.org})`;
  const name = colorize('bold')(escapeControlCharacters(summary.file.name));
  const lines = [`${name}${org}: ${[totalText(summary), ...countTexts(counts, colorize)].join(', ')}.`];
  const { doneBefore = {}, inTheEnd } = summary;
  if (inTheEnd !== undefined) lines.push(inTheEndText(inTheEnd));
  if (Object.keys(doneBefore).length > 0) lines.push(doneBeforeText(counts, doneBefore));
  if (stoppedBecause !== null) {
    lines.push(`${colorize('yellow')('Stopped early:')} ${escapeControlCharacters(stoppedBecause)}`);
  } else if (counts.total === 0) {
    lines.push(emptyRunText(command));
  }
  const lineLabel = lineLabelOf(summary.file);
  const failureLines = groupLines(failures, { lineLabel, command, colorize });
  if (failureLines.length > 0) lines.push('Failures:', ...failureLines);
  lines.push(...warningsText(warnings, 'Warnings', { lineLabel, colorize }));
  return [...lines, `Report: ${folder}`, ...next.map((sentence) => onItsOwnLine(sentence, colorize))];
}

/**
 * The warnings about rows; empty when there are none.
 *
 * @param title - the beginning of their heading.
 */
export function warningsText(
  warnings: FailureGroups | undefined,
  title: string,
  options: GroupLinesOptions,
): readonly string[] {
  const lines = warnings === undefined ? [] : groupLines(warnings, options);
  return lines.length === 0 ? [] : [`${title} (these do not block rows):`, ...lines];
}

/** `In the end, 59 of 60 rows of people.csv succeeded (with run 2026-11-24T02-00-00Z-people).` */
function inTheEndText({ rows, succeeded, file, runId }: RetryResult): string {
  const count = succeeded === rows ? `all ${rows}` : `${succeeded} of ${rows}`;
  return `In the end, ${count} rows of ${escapeControlCharacters(file)} succeeded (with run ${runId}).`;
}

/** `26 rows` */
function totalText({ command, counts: { total }, sync }: Summary): string {
  // Leavers have no rows in the file.
  if (sync !== undefined) return plural(total, 'person', 'people');
  const isAboutUsers = command === 'undo' || command === 'activate' || command === 'remind';
  return plural(total, isAboutUsers ? 'user' : 'row');
}

/** `11 created`, `13 invalid`, `2 failed` */
function countTexts(counts: Counts, colorize: Colorize): string[] {
  return STATUSES.flatMap(({ count, label, tone }) => {
    if (counts[count] === 0) return [];
    const color = TONE_COLORS[tone];
    const text = `${counts[count]} ${label}`;
    return [color === undefined ? text : colorize(color)(text)];
  });
}

/** `Already done before: 40 deleted. Done now: 4 deleted.` */
function doneBeforeText(counts: Counts, doneBefore: NonNullable<Summary['doneBefore']>): string {
  const before = STATUSES.flatMap(({ count, label }) => {
    const rows = doneBefore[count] ?? 0;
    return rows === 0 ? [] : [`${rows} ${label}`];
  });
  const now = STATUSES.flatMap(({ count, label }) => {
    const rows = counts[count] - (doneBefore[count] ?? 0);
    return rows === 0 ? [] : [`${rows} ${label}`];
  });
  return `Already done before: ${before.join(', ')}. Done now: ${now.join(', ') || 'nothing'}.`;
}

interface GroupLinesOptions {
  readonly lineLabel?: LineLabel;
  readonly command?: string;
  readonly colorize: Colorize;
}

function groupLines(groups: FailureGroups, { lineLabel, command, colorize }: GroupLinesOptions): string[] {
  const all = groups.groups(lineLabel, command);
  const width = Math.max(0, ...all.map((group) => countText(group).length));
  const lines = all.flatMap((group) => {
    const { rows, message, hint, examples } = group;
    const more = rows - examples.length;
    return [
      `  ${colorize('bold')(countText(group).padStart(width))}: ${escapeControlCharacters(message)}`,
      ...examples.map((example) => `      ${colorize('dim')(escapeControlCharacters(example))}`),
      ...(more > 0 ? [`      ${colorize('dim')(`and ${more} more`)}`] : []),
      ...(hint === undefined ? [] : [`      ${colorize('cyan')(hint)}`]),
    ];
  });
  if (groups.rowsBeyond > 0) {
    lines.push(`  ${plural(groups.rowsBeyond, 'row')} with other causes: see results.csv.`);
  }
  return lines;
}

/** `2 rows`; `2 people` of leavers, who have no row in the file. */
function countText({ rows, people }: FailureGroup): string {
  return people.every(({ line, login }) => line === 0 && login !== undefined)
    ? plural(rows, 'person', 'people')
    : plural(rows, 'row');
}

/** Puts the command of a sentence on its own line, to be copied as a whole. */
function onItsOwnLine(sentence: string, colorize: Colorize): string {
  return sentence.replace(
    / (okta-csv-import .*)$/s,
    (_, command: string) => `\n  ${colorize('bold')(command)}`,
  );
}
