import type { Causes } from '../report/failure-groups.js';
import { colouring, type Painter } from '../report/colors.js';
import { COUNT_WORDS } from '../report/count-text.js';
import { printable } from '../report/escape-control-characters.js';
import type { Counts, Summary } from '../report/summary.js';

/**
 * What a run says when it ends.
 *
 * @param next - what to do now: sentences that may end in a command to type.
 */
export function closingWords(
  summary: Summary,
  { causes, warnings, folder, next = [], paint = colouring(false) }: ClosingDetails,
): string[] {
  const { counts } = summary;
  const where = summary.org === null ? '' : ` (${summary.org})`;
  const lines = [
    `${paint('bold')(printable(summary.file.name))}${where}: ${counts.total} ${counts.total === 1 ? 'record' : 'records'}${counted(counts, paint)}.`,
  ];
  const isEmpty = counts.total === 0 && summary.stoppedBecause === null;
  if (isEmpty) lines.push('The file has a header and no records: there was nothing to do.');
  lines.push(...causes.lines(paint));
  if (summary.stoppedBecause !== null) {
    lines.push(`${paint('yellow')('Stopped early:')} ${printable(summary.stoppedBecause)}`);
  }
  const oddities = warnings?.lines(paint) ?? [];
  if (oddities.length > 0) lines.push('Worth a look; these keep no row from being sent:', ...oddities);
  lines.push(`Report: ${folder}`);
  lines.push(...next.map((sentence) => withCommand(sentence, paint)));
  return lines;
}

export interface ClosingDetails {
  readonly causes: Causes;
  /** What was odd about rows that were not kept from being sent. */
  readonly warnings?: Causes | undefined;
  readonly folder: string;
  readonly next?: readonly string[] | undefined;
  readonly paint?: Painter | undefined;
}

function counted(counts: Counts, paint: Painter): string {
  const parts = COUNT_WORDS.flatMap(({ key, words, colour }) => {
    if (counts[key] === 0) return [];
    const text = `${counts[key]} ${words}`;
    return [colour === undefined ? text : paint(colour)(text)];
  });
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}

/** The command stands alone on its line, so that it can be copied whole. */
function withCommand(sentence: string, paint: Painter): string {
  return sentence.replace(/ (okta-csv-import .*)$/s, (_, command: string) => `\n  ${paint('bold')(command)}`);
}
