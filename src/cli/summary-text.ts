import type { FailureGroups } from '../report/failure-groups.js';
import { createColorize, TONE_COLORS, type Colorize } from '../report/colors.js';
import { STATUSES } from '../rows/status-table.js';
import type { Counts } from '../rows/counts.js';
import type { Summary } from '../report/summary.js';
import { escapeControlCharacters, plural } from '../text.js';

/**
 * What a run says when it ends.
 *
 * @param next - what to do now: sentences that may end in a command to type.
 */
export function summaryText(
  summary: Summary,
  { failures, warnings, folder, next = [], paint = createColorize(false) }: SummaryTextOptions,
): string[] {
  const { counts } = summary;
  const where = summary.org === null ? '' : ` (${summary.org})`;
  const lines = [
    `${paint('bold')(escapeControlCharacters(summary.file.name))}${where}: ${plural(counts.total, 'record')}${counted(counts, paint)}.`,
  ];
  const isEmpty = counts.total === 0 && summary.stoppedBecause === null;
  if (isEmpty) lines.push('The file has a header and no records: there was nothing to do.');
  lines.push(...failures.lines(paint));
  if (summary.stoppedBecause !== null) {
    lines.push(`${paint('yellow')('Stopped early:')} ${escapeControlCharacters(summary.stoppedBecause)}`);
  }
  const oddities = warnings?.lines(paint) ?? [];
  if (oddities.length > 0) lines.push('Worth a look; these keep no row from being sent:', ...oddities);
  lines.push(`Report: ${folder}`);
  lines.push(...next.map((sentence) => withCommand(sentence, paint)));
  return lines;
}

export interface SummaryTextOptions {
  readonly failures: FailureGroups;
  /** What was odd about rows that were not kept from being sent. */
  readonly warnings?: FailureGroups | undefined;
  readonly folder: string;
  readonly next?: readonly string[] | undefined;
  readonly paint?: Colorize | undefined;
}

function counted(counts: Counts, paint: Colorize): string {
  const parts = STATUSES.flatMap(({ count, label, tone }) => {
    if (counts[count] === 0) return [];
    const color = TONE_COLORS[tone];
    const text = `${counts[count]} ${label}`;
    return [color === undefined ? text : paint(color)(text)];
  });
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}

/** The command stands alone on its line, so that it can be copied whole. */
function withCommand(sentence: string, paint: Colorize): string {
  return sentence.replace(/ (okta-csv-import .*)$/s, (_, command: string) => `\n  ${paint('bold')(command)}`);
}
