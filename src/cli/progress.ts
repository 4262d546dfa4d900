import type { ProgressPoint } from '../engine/eta.js';

import { STATUSES } from '../rows/status-table.js';
import { TONE_COLORS } from '../report/colors.js';
import type { StatusPart } from './status-line.js';
import type { Counts } from '../rows/counts.js';
import type { Terminal } from './terminal.js';
import { escapeControlCharacters, formatDuration } from '../text.js';

/** How far a run is. */
export interface RunState {
  /** What is worked on: the name of a file, or of a run. */
  readonly name: string;
  /** What is being done with it, when it is not yet the run itself. */
  readonly doing?: string | undefined;
  readonly counts: Counts;
  /** Rows to be done in all; undefined while that is not known. */
  readonly records: number | undefined;
  /** Bytes read of a file; undefined when that says nothing. */
  readonly bytes?: { readonly read: number; readonly of: number } | undefined;
  /** What everything waits for, in words; `short` in fewer. */
  readonly wait?: { readonly words: string; readonly short: string } | undefined;
  readonly waitedMs: number;
  readonly windows: ProgressPoint['windows'];
}

/** What `Progress` reckons with; `Pace` of a run. */
export interface PaceMaker {
  add(moment: ProgressPoint): void;
  readonly rowsPerMinute: number;
  timeLeftMs(rowsLeft: number): number | undefined;
}

export interface ProgressOptions {
  readonly terminal: Terminal;
  readonly now: () => number;
  readonly pace: PaceMaker;
  /** Asked when something is to be shown, and only then. */
  readonly state: () => RunState;
}

const REDRAW_EVERY_MS = 200;
const PLAIN_LINE_EVERY_MS = 15_000;

/** Shows how far a run is, until stopped. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #timer: NodeJS.Timeout;
  #nextLineAtMs: number;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#nextLineAtMs = options.now() + PLAIN_LINE_EVERY_MS;
    this.#note();
    this.#timer = setInterval(() => this.#show(), REDRAW_EVERY_MS);
    this.#timer.unref();
  }

  /** Takes the line away, so that something else can be said. */
  stop(): void {
    clearInterval(this.#timer);
    this.#options.terminal.clearStatus();
  }

  #note(): RunState {
    const { state, pace, now } = this.#options;
    const current = state();
    const { counts, waitedMs, windows } = current;
    pace.add({ atMs: now(), rows: counts.total, waitedMs, windows });
    return current;
  }

  #show(): void {
    const { terminal, now, pace } = this.#options;
    const state = this.#note();
    const { counts, records } = state;
    const rowsPerMinute = pace.rowsPerMinute;
    const leftMs = timeLeftMs(state, pace);
    const isLineDue = now() >= this.#nextLineAtMs;
    const isDrawn = terminal.isInteractive && !terminal.isJson;
    if (!isDrawn && !isLineDue) return;
    const parts = partsOf(state, rowsPerMinute, leftMs, terminal);
    if (isDrawn) terminal.drawStatus(parts);
    if (!isLineDue) return;
    this.#nextLineAtMs = now() + PLAIN_LINE_EVERY_MS;
    terminal.log(
      'progress',
      {
        rows: counts.total,
        records,
        counts,
        rowsPerMinute,
        secondsLeft: leftMs === undefined ? undefined : Math.ceil(leftMs / 1000),
        waitingFor: state.wait?.words,
      },
      // Where the line is drawn over, it has been said.
      isDrawn ? [] : [parts.map(({ text }) => text).join(', ')],
    );
  }
}

function timeLeftMs({ counts, records, bytes }: RunState, pace: PaceMaker): number | undefined {
  if (records !== undefined) return pace.timeLeftMs(Math.max(0, records - counts.total));
  if (bytes === undefined || bytes.read === 0) return undefined;
  // As many rows a byte as until now.
  return pace.timeLeftMs((counts.total / bytes.read) * (bytes.of - bytes.read));
}

const BAR_CELLS = 20;

function partsOf(
  state: RunState,
  rowsPerMinute: number,
  leftMs: number | undefined,
  { isInteractive, colorize }: Terminal,
): StatusPart[] {
  const { name, doing, counts, records, wait } = state;
  const done = partDone(state);
  const shownName = escapeControlCharacters(name);
  const parts: StatusPart[] =
    doing === undefined
      ? [{ text: shownName, rank: 8, paint: colorize('dim') }]
      : [{ text: `${doing} ${shownName}`, short: doing, rank: 1 }];
  if (done !== undefined && isInteractive) parts.push({ text: bar(done), rank: 7, paint: colorize('dim') });
  if (records !== undefined) {
    parts.push({ text: `${counts.total}/${records} rows`, short: `${counts.total}/${records}`, rank: 1 });
  } else if (counts.total > 0) {
    parts.push({ text: `${counts.total} rows`, rank: 1 });
  }
  if (done !== undefined && records === undefined) {
    parts.push({ text: `${Math.floor(done * 100)} %`, rank: 0 });
  }
  for (const { count, label, tone } of STATUSES) {
    if (counts[count] === 0) continue;
    const color = TONE_COLORS[tone];
    const rank = tone === 'bad' ? 2 : 4;
    parts.push({ text: `${counts[count]} ${label}`, rank, paint: color && colorize(color) });
  }
  if (counts.total > 0) parts.push({ text: `${rowsPerMinute} rows/min`, rank: 5 });
  if (leftMs !== undefined) {
    const left = formatDuration(roundUp(leftMs));
    parts.push({ text: `about ${left} left`, short: left, rank: 3 });
  }
  if (wait !== undefined) {
    parts.push({ text: wait.words, short: wait.short, rank: 6, shortRank: 3, paint: colorize('yellow') });
  }
  return parts;
}

/** In [0, 1]; undefined when nothing tells. */
function partDone({ counts, records, bytes }: RunState): number | undefined {
  if (records !== undefined) return records === 0 ? undefined : Math.min(1, counts.total / records);
  // A packed file has been read to its end long before its rows are done.
  if (bytes === undefined || bytes.of === 0 || bytes.read >= bytes.of) return undefined;
  return bytes.read / bytes.of;
}

function bar(done: number): string {
  const full = Math.floor(done * BAR_CELLS);
  return `[${'='.repeat(full)}${' '.repeat(BAR_CELLS - full)}]`;
}

/** Rounded up to seconds, from 90 seconds on to minutes. */
function roundUp(ms: number): number {
  const unitMs = ms < 90_000 ? 1000 : 60_000;
  return Math.max(1, Math.ceil(ms / unitMs)) * unitMs;
}
