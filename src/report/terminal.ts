import type { Writable } from 'node:stream';

import type { Outcome } from '../run/outcome.js';

import { messageOf } from './csv-files.js';
import type { Counts, Summary } from './summary.js';

/** What a run is doing right now. */
export interface RunState {
  readonly counts: Counts;
  /** Data records of the file; undefined while that is not known. */
  readonly records: number | undefined;
  /** What everything waits for, if so. */
  readonly wait: { readonly untilMs: number; readonly limit: number | undefined } | undefined;
}

export interface ProgressOptions {
  readonly stderr: Writable & { readonly columns?: number };
  readonly now: () => number;
  /** Whether one line is drawn over and over; else plain lines now and then. */
  readonly isInteractive: boolean;
  /** The clearing state of the run. */
  readonly state: () => RunState;
}

const REDRAW_EVERY_MS = 200;
const PLAIN_LINE_EVERY_MS = 15_000;

/** Shows how far a run is, until stopped. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #startedAtMs: number;
  readonly #timer: NodeJS.Timeout;
  #isDrawn = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#startedAtMs = options.now();
    this.#timer = setInterval(
      () => this.#show(),
      options.isInteractive ? REDRAW_EVERY_MS : PLAIN_LINE_EVERY_MS,
    );
    this.#timer.unref();
  }

  /** Takes the line away, so that something else can be said. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#isDrawn) this.#options.stderr.write('\r\x1b[2K');
  }

  #show(): void {
    const { stderr, isInteractive } = this.#options;
    const text = this.#line();
    if (!isInteractive) {
      stderr.write(`${text}\n`);
      return;
    }
    stderr.write(`\r\x1b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
    this.#isDrawn = true;
  }

  #line(): string {
    const { counts, records, wait } = this.#options.state();
    const nowMs = this.#options.now();
    const minutes = (nowMs - this.#startedAtMs) / 60_000;
    const rate = minutes > 0 ? Math.round(counts.total / minutes) : 0;
    const of = records === undefined ? '' : `/${records}`;
    const bad = counts.failed + counts.invalid;
    const good = counts.total - bad - counts.notAttempted - counts.kept;
    const parts = [`${counts.total}${of} rows`, `${good} good`];
    if (bad > 0) parts.push(`${bad} bad`);
    parts.push(`${rate} rows/min`);
    if (wait !== undefined) {
      const limit = wait.limit === undefined ? '' : ` (${wait.limit}/min)`;
      parts.push(
        `waiting ${Math.max(1, Math.ceil((wait.untilMs - nowMs) / 1000))} s for the org's rate limit${limit}`,
      );
    }
    return parts.join(', ');
  }
}

const MOST_CAUSES = 20;
const MOST_EXAMPLES = 3;

/** One of the reasons why rows are bad, for whoever does not print lines. */
export interface CauseGroup {
  readonly rows: number;
  /** Okta's or ours. */
  readonly code: string;
  /** With an ellipsis for what differs from row to row. */
  readonly message: string;
  /** The longest piece of the message that all of its rows have. */
  readonly fragment: string;
  /** Some of its rows, with what differs in them. */
  readonly examples: readonly string[];
}

interface Cause {
  readonly code: string;
  /** The message of the first row, cut where values stand: words, value, words, value, … */
  readonly parts: readonly string[];
  /** Which of the parts are not the same in every row. */
  readonly differs: Set<number>;
  rows: number;
  readonly examples: { readonly where: string; readonly parts: readonly string[] }[];
}

/** What differs from row to row in a message: what stands in quotes, ids of Okta's, numbers. */
const VALUES = /("[^"]*"|\b00[a-z][A-Za-z0-9]{17}\b|\d+)/;

/** Why rows are bad, grouped, so that ten thousand bad rows do not flood the terminal. Memory: bounded. */
export class Causes {
  readonly #causes = new Map<string, Cause>();
  #rowsBeyond = 0;

  /** A row counts once for each of its causes, and once for all that are not told apart any more. */
  add(outcome: Outcome): void {
    let isBeyond = false;
    for (const [key, { code, message }] of causesOf(outcome)) {
      const parts = message.split(VALUES);
      let cause = this.#causes.get(key);
      if (cause === undefined) {
        if (this.#causes.size >= MOST_CAUSES) {
          isBeyond = true;
          continue;
        }
        cause = { code, parts, differs: new Set(), rows: 0, examples: [] };
        this.#causes.set(key, cause);
      }
      cause.rows += 1;
      for (const [index, part] of parts.entries()) if (part !== cause.parts[index]) cause.differs.add(index);
      if (cause.examples.length < MOST_EXAMPLES) {
        const login = outcome.login ? ` ${outcome.login}` : '';
        cause.examples.push({ where: `row ${outcome.row} (line ${outcome.line})${login}`, parts });
      }
    }
    if (isBeyond) this.#rowsBeyond += 1;
  }

  /** The most frequent cause first. */
  groups(): CauseGroup[] {
    const causes = [...this.#causes.values()].sort((one, other) => other.rows - one.rows);
    return causes.map(({ code, parts, differs, rows, examples }) => {
      const [value] = differs;
      const same = parts.map((part, index) => (differs.has(index) ? '' : part.trim()));
      return {
        rows,
        code,
        message: parts.map((part, index) => (differs.has(index) ? '…' : part)).join(''),
        fragment: same.reduce((longest, part) => (part.length > longest.length ? part : longest), ''),
        examples: examples.map(({ where, parts: own }) =>
          value === undefined ? where : `${where}: ${own[value] ?? ''}`,
        ),
      };
    });
  }

  /** Rows with a cause that is not told apart any more. */
  get rowsBeyond(): number {
    return this.#rowsBeyond;
  }

  /** The same in words. */
  lines(): string[] {
    const lines = this.groups().flatMap(({ rows, message, examples }) => [
      `  ${rows} ${rows === 1 ? 'row' : 'rows'}: ${printable(message)}`,
      `    ${printable(examples.join(', '))}${rows > examples.length ? ', …' : ''}`,
    ]);
    if (this.#rowsBeyond > 0) {
      const rows = this.#rowsBeyond === 1 ? 'row' : 'rows';
      lines.push(`  ${this.#rowsBeyond} ${rows} with other causes: see results.csv.`);
    }
    return lines;
  }
}

/** What is wrong with a row, by what two rows with the same cause have in common. */
function causesOf(outcome: Outcome): Map<string, { code: string; message: string }> {
  const causes = new Map<string, { code: string; message: string }>();
  const add = (code: string, column: string, message: string): void => {
    const words = message.split(VALUES).filter((_, index) => index % 2 === 0);
    causes.set(`${code} ${column} ${words.join('')}`, { code, message });
  };
  if (outcome.status === 'failed') add(outcome.error.errorCode, '', messageOf(outcome));
  if (outcome.status === 'invalid') {
    for (const { code, column, message } of outcome.problems) {
      add(code, column ?? '', column === undefined ? message : `${column}: ${message}`);
    }
  }
  return causes;
}

/** What a run says when it ends. */
export function closingWords(summary: Summary, causes: Causes, folder: string): string[] {
  const { counts } = summary;
  const where = summary.org === null ? '' : ` (${summary.org})`;
  const lines = [
    `${printable(summary.file.name)}${where}: ${counts.total} ${counts.total === 1 ? 'record' : 'records'}${counted(counts)}.`,
  ];
  if (counts.total === 0) lines.push('The file has a header and no records: there was nothing to do.');
  lines.push(...causes.lines());
  if (summary.stoppedBecause !== null) lines.push(`Stopped early: ${printable(summary.stoppedBecause)}`);
  lines.push(`Report: ${folder}`);
  return lines;
}

const WORDS: readonly (readonly [keyof Counts, string])[] = [
  ['created', 'created'],
  ['updated', 'updated'],
  ['unchanged', 'unchanged'],
  ['exists', 'there already'],
  ['valid', 'valid'],
  ['wouldCreate', 'would be created'],
  ['wouldUpdate', 'would be updated'],
  ['activated', 'activated'],
  ['removed', 'removed'],
  ['restored', 'restored'],
  ['kept', 'kept'],
  ['invalid', 'invalid'],
  ['failed', 'failed'],
  ['notAttempted', 'not attempted'],
];

function counted(counts: Counts): string {
  const parts = WORDS.flatMap(([key, word]) => (counts[key] > 0 ? [`${counts[key]} ${word}`] : []));
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}

/** Text of somebody else's file on a terminal: control characters, which could steer it, are shown instead of sent. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === '\n' ? ' ' : `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
