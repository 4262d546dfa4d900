import type { RowOutcome } from '../rows/outcome.js';

import { oktaErrorHint } from './okta-error-hints.js';
import { outcomeMessage, problemText } from './results-columns.js';

const MAX_GROUPS = 20;
const MAX_EXAMPLES = 3;

/** Rows that failed for the same reason. */
export interface FailureGroup {
  readonly rows: number;
  /** Of Okta or of this program. */
  readonly code: string;
  /** With an ellipsis in place of values that differ between rows. */
  readonly message: string;
  /** What to do, if the message does not say it. */
  readonly hint: string | undefined;
  /** The longest part of the message that all of its rows share. */
  readonly fragment: string;
  /** Some of its rows, with the value that differs. */
  readonly examples: readonly string[];
}

interface Group {
  readonly code: string;
  /** The message of the first row, split at its values: text, value, text, value, … */
  readonly parts: readonly string[];
  /** Indexes of the parts that are not the same in every row. */
  readonly differing: Set<number>;
  rows: number;
  readonly examples: { readonly where: string; readonly parts: readonly string[] }[];
}

/** Parts of a message that may differ between rows: quoted text, Okta IDs, numbers. */
const VALUES = /("[^"]*"|\b00[a-z][A-Za-z0-9]{17}\b|\d+)/;

/** Groups failed rows by reason, so that 10,000 failures fit on a screen. Memory is bounded. */
export class FailureGroups {
  readonly #groups = new Map<string, Group>();
  #rowsBeyond = 0;

  /** Counts the row once per reason, and once in `rowsBeyond` if any of its reasons has no group. */
  add(outcome: RowOutcome): void {
    let isBeyond = false;
    for (const [key, { code, message }] of reasonsOf(outcome)) {
      const parts = message.split(VALUES);
      let group = this.#groups.get(key);
      if (group === undefined) {
        if (this.#groups.size >= MAX_GROUPS) {
          isBeyond = true;
          continue;
        }
        group = { code, parts, differing: new Set(), rows: 0, examples: [] };
        this.#groups.set(key, group);
      }
      group.rows += 1;
      for (const [index, part] of parts.entries()) {
        if (part !== group.parts[index]) group.differing.add(index);
      }
      if (group.examples.length < MAX_EXAMPLES) {
        const login = outcome.login ? ` ${outcome.login}` : '';
        group.examples.push({ where: `row ${outcome.row} (line ${outcome.line})${login}`, parts });
      }
    }
    if (isBeyond) this.#rowsBeyond += 1;
  }

  /** The largest group first. */
  groups(): FailureGroup[] {
    return [...this.#groups.values()].sort((one, other) => other.rows - one.rows).map(toFailureGroup);
  }

  /** Rows with a reason that is in none of the groups, whose number is limited. */
  get rowsBeyond(): number {
    return this.#rowsBeyond;
  }
}

function toFailureGroup({ code, parts, differing, rows, examples }: Group): FailureGroup {
  const [value] = differing;
  const message = parts.map((part, index) => (differing.has(index) ? '…' : part)).join('');
  const shared = parts.map((part, index) => (differing.has(index) ? '' : part.trim()));
  return {
    rows,
    code,
    message,
    hint: oktaErrorHint(code, message),
    fragment: shared.reduce((longest, part) => (part.length > longest.length ? part : longest), ''),
    examples: examples.map((example) =>
      value === undefined ? example.where : `${example.where}: ${example.parts[value] ?? ''}`,
    ),
  };
}

/** Why a row failed, keyed by what all rows with the same reason share. */
function reasonsOf(outcome: RowOutcome): Map<string, { code: string; message: string }> {
  const reasons = new Map<string, { code: string; message: string }>();
  const add = (code: string, column: string, message: string): void => {
    const text = message.split(VALUES).filter((_, index) => index % 2 === 0);
    reasons.set(`${code} ${column} ${text.join('')}`, { code, message });
  };
  if (outcome.status === 'failed') add(outcome.error.errorCode, '', outcomeMessage(outcome));
  if (outcome.status === 'invalid') {
    for (const problem of outcome.problems) add(problem.code, problem.column ?? '', problemText(problem));
  }
  return reasons;
}
