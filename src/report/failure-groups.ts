import type { RowOutcome } from '../rows/outcome.js';

import { oktaErrorHint } from './okta-error-hints.js';
import { createColorize, type Colorize } from './colors.js';
import { outcomeMessage } from './result-fields.js';
import { escapeControlCharacters, plural } from '../text.js';

const MOST_CAUSES = 20;
const MOST_EXAMPLES = 3;

/** One of the reasons why rows are bad, for whoever does not print lines. */
export interface FailureGroup {
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
export class FailureGroups {
  readonly #causes = new Map<string, Cause>();
  #rowsBeyond = 0;

  /** A row counts once for each of its causes, and once for all that are not told apart any more. */
  add(outcome: RowOutcome): void {
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
  groups(): FailureGroup[] {
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

  /** The same in words: how many rows, why, a few of them, and what to do where the why does not say it. */
  lines(paint: Colorize = createColorize(false)): string[] {
    const groups = this.groups();
    const width = Math.max(0, ...groups.map(({ rows }) => plural(rows, 'row').length));
    const lines = groups.flatMap(({ rows, code, message, examples }) => {
      const advice = oktaErrorHint(code, message);
      const more = rows - examples.length;
      return [
        `  ${paint('bold')(plural(rows, 'row').padStart(width))}: ${escapeControlCharacters(message)}`,
        ...examples.map((example) => `      ${paint('dim')(escapeControlCharacters(example))}`),
        ...(more > 0 ? [`      ${paint('dim')(`and ${more} more`)}`] : []),
        ...(advice === undefined ? [] : [`      ${paint('cyan')(advice)}`]),
      ];
    });
    if (this.#rowsBeyond > 0) {
      lines.push(`  ${plural(this.#rowsBeyond, 'row')} with other causes: see results.csv.`);
    }
    return lines;
  }
}

/** What is wrong with a row, by what two rows with the same cause have in common. */
function causesOf(outcome: RowOutcome): Map<string, { code: string; message: string }> {
  const causes = new Map<string, { code: string; message: string }>();
  const add = (code: string, column: string, message: string): void => {
    const words = message.split(VALUES).filter((_, index) => index % 2 === 0);
    causes.set(`${code} ${column} ${words.join('')}`, { code, message });
  };
  if (outcome.status === 'failed') add(outcome.error.errorCode, '', outcomeMessage(outcome));
  if (outcome.status === 'invalid') {
    for (const { code, column, message } of outcome.problems) {
      add(code, column ?? '', column === undefined ? message : `${column}: ${message}`);
    }
  }
  return causes;
}
