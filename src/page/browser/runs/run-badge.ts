import type { ListedRunView } from '../../api/run.js';
import type { Tone } from '../parts/badge.js';
import { runsTexts as words } from '../texts/run.js';
import { countsLine, statusText } from '../texts/status.js';

const TONES: Readonly<Record<ListedRunView['state'], Tone>> = {
  running: 'accent',
  ended: 'good',
  interrupted: 'warning',
  unfinished: 'neutral',
  unreadable: 'bad',
};

/** The state of a run. One with failed rows does not look like a success, in its words or its color. */
export function runBadge({
  state,
  counts,
  isUndone,
  problem,
}: Pick<ListedRunView, 'state' | 'counts' | 'isUndone' | 'problem'>): {
  readonly label: string;
  readonly tone: Tone;
} {
  if (isUndone) return { label: words.state.undone, tone: 'neutral' };
  if (state !== 'ended') return { label: words.state[state], tone: TONES[state] };
  const failures = Object.entries(counts).filter(([status]) => statusText(status).tone === 'bad');
  if (failures.length > 0) {
    return { label: words.endedWith(countsLine(Object.fromEntries(failures))), tone: 'warning' };
  }
  return { label: words.state.ended, tone: problem === undefined ? 'good' : 'warning' };
}
