import type { RunProgress, Wait } from '../jobs/run-observer.js';
import { STATUSES } from '../rows/status-table.js';
import { escapeControlCharacters, formatDuration } from '../text.js';

import { TONE_COLORS } from './colors.js';
import type { StatusPart } from './status-line.js';
import type { Terminal } from './terminal.js';

const PLAIN_LINE_EVERY_MS = 15_000;

/** Shows the progress of a run: a status line on a terminal, otherwise a line every 15 seconds. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #nextLineAtMs: number;

  constructor({ terminal, now }: { readonly terminal: Terminal; readonly now: () => number }) {
    this.#terminal = terminal;
    this.#now = now;
    this.#nextLineAtMs = now() + PLAIN_LINE_EVERY_MS;
  }

  show(progress: RunProgress): void {
    const isLineDue = this.#now() >= this.#nextLineAtMs;
    const isDrawn = this.#terminal.isInteractive && !this.#terminal.isJson;
    if (!isDrawn && !isLineDue) return;
    const parts = partsOf(progress, this.#terminal);
    if (isDrawn) this.#terminal.drawStatus(parts);
    if (!isLineDue) return;
    this.#nextLineAtMs = this.#now() + PLAIN_LINE_EVERY_MS;
    const { counts, rows, rowsPerMinute, timeLeftMs, wait } = progress;
    this.#terminal.log(
      'progress',
      {
        rows: counts.total,
        records: rows,
        counts,
        rowsPerMinute,
        secondsLeft: timeLeftMs === undefined ? undefined : Math.ceil(timeLeftMs / 1000),
        waitingFor: wait && waitText(wait).text,
      },
      // The status line shows it already.
      isDrawn ? [] : [parts.map(({ text }) => text).join(', ')],
    );
  }

  /** Removes the status line. */
  clear(): void {
    this.#terminal.clearStatus();
  }
}

function waitText(wait: Wait): { readonly text: string; readonly short: string } {
  const { kind, seconds } = wait;
  switch (kind) {
    case 'org-unavailable':
      return { text: `no response from the org for ${seconds} s`, short: `no response for ${seconds} s` };
    case 'rate-limit': {
      const limit = wait.limit === undefined ? '' : ` (${wait.limit}/min)`;
      return { text: `waiting ${seconds} s for the org's rate limit${limit}`, short: `waiting ${seconds} s` };
    }
    default:
      return kind satisfies never;
  }
}

const BAR_CELLS = 20;

function partsOf(progress: RunProgress, { isInteractive, colorize }: Terminal): StatusPart[] {
  const { name, phase, counts, rows, rowsPerMinute, timeLeftMs, wait } = progress;
  const done = shareDone(progress);
  const shownName = escapeControlCharacters(name);
  const parts: StatusPart[] =
    phase === 'running'
      ? [{ text: shownName, rank: 8, paint: colorize('dim') }]
      : [{ text: `reading ${shownName}`, short: 'reading', rank: 1 }];
  if (done !== undefined && isInteractive) parts.push({ text: bar(done), rank: 7, paint: colorize('dim') });
  if (rows !== undefined) {
    parts.push({ text: `${counts.total}/${rows} rows`, short: `${counts.total}/${rows}`, rank: 1 });
  } else if (counts.total > 0) {
    parts.push({ text: `${counts.total} rows`, rank: 1 });
  }
  if (done !== undefined && rows === undefined) {
    parts.push({ text: `${Math.floor(done * 100)}%`, rank: 0 });
  }
  for (const { count, label, tone } of STATUSES) {
    if (counts[count] === 0) continue;
    const color = TONE_COLORS[tone];
    const rank = tone === 'bad' ? 2 : 4;
    parts.push({ text: `${counts[count]} ${label}`, rank, paint: color && colorize(color) });
  }
  if (counts.total > 0) parts.push({ text: `${rowsPerMinute} rows/min`, rank: 5 });
  if (timeLeftMs !== undefined) {
    const left = formatDuration(roundUp(timeLeftMs));
    parts.push({ text: `about ${left} left`, short: left, rank: 3 });
  }
  if (wait !== undefined) {
    parts.push({ ...waitText(wait), rank: 6, shortRank: 3, paint: colorize('yellow') });
  }
  return parts;
}

/** In [0, 1]; undefined if unknown. */
function shareDone({ counts, rows, bytes }: RunProgress): number | undefined {
  if (rows !== undefined) return rows === 0 ? undefined : Math.min(1, counts.total / rows);
  // A compressed file has been read to its end long before its rows are done.
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
