import type { RowOutcome } from '../rows/outcome.js';
import { placeOf, type LineLabel } from '../rows/place.js';

import { oktaErrorHint } from './okta-error-hints.js';
import { outcomeMessage, problemText } from './results-columns.js';

const MAX_GROUPS = 20;
const MAX_EXAMPLES = 3;
const MAX_PEOPLE = 5;
/** The number of the causes beyond `MAX_GROUPS`. */
export const OTHER_CAUSES = MAX_GROUPS;

/** Rows that failed for the same reason. */
export interface FailureGroup {
  readonly rows: number;
  /** Of Okta or of this program. */
  readonly code: string;
  /** With an ellipsis in place of values that differ between rows. */
  readonly message: string;
  /** What to do, if the message does not say it. */
  readonly hint: string | undefined;
  /** Number of the cause, in the order in which they were found; the same for every `FailureGroups` of the same rows. */
  readonly cause: number;
  /** The first rows, with the value that differs. */
  readonly examples: readonly string[];
  /** Some more of them. */
  readonly people: readonly FailedPerson[];
}

/** A row that failed, and whom it is about. */
export interface FailedPerson {
  readonly row: number;
  readonly line: number;
  readonly login: string | undefined;
  /** Empty when unknown. */
  readonly name: string;
  /** The value that differs from those of other rows; undefined when none does. */
  readonly value: string | undefined;
}

interface Group {
  readonly code: string;
  readonly cause: number;
  /** The message of the first row, split at its values: text, value, text, value, … */
  readonly parts: readonly string[];
  /** Indexes of the parts that are not the same in every row. */
  readonly differing: Set<number>;
  rows: number;
  readonly people: (Omit<FailedPerson, 'value'> & { readonly parts: readonly string[] })[];
}

/** Parts of a message that may differ between rows: quoted text, Okta IDs, numbers, and what to write instead. */
const VALUES = /("[^"]*"|\b00[a-z][A-Za-z0-9]{17}\b|\d+|(?<=\. Write )[^"\d].*(?=\.$))/;
/** The text before the value that was probably meant. */
const BEFORE_MEANT = /(?:probably means|\. Write) $/;

/** Groups failed rows by reason, so that 10,000 failures fit on a screen. Memory is bounded. */
export class FailureGroups {
  readonly #groups = new Map<string, Group>();
  #rowsBeyond = 0;

  /**
   * Counts the row once per reason, and once in `rowsBeyond` if any of its reasons has no group.
   *
   * @param name - of the person.
   * @returns its causes.
   */
  add(outcome: RowOutcome, name = ''): readonly number[] {
    if (outcome.status !== 'failed' && outcome.status !== 'invalid') return NO_CAUSES;
    const causes: number[] = [];
    let isBeyond = false;
    for (const [key, { code, message }] of reasonsOf(outcome)) {
      const parts = message.split(VALUES);
      let group = this.#groups.get(key);
      if (group === undefined) {
        if (this.#groups.size >= MAX_GROUPS) {
          isBeyond = true;
          continue;
        }
        group = { code, cause: this.#groups.size, parts, differing: new Set(), rows: 0, people: [] };
        this.#groups.set(key, group);
      }
      group.rows += 1;
      causes.push(group.cause);
      for (const [index, part] of parts.entries()) {
        if (part !== group.parts[index]) group.differing.add(index);
      }
      addInFileOrder(group.people, {
        row: outcome.row,
        line: outcome.line,
        login: outcome.login,
        name,
        parts,
      });
    }
    if (isBeyond) {
      this.#rowsBeyond += 1;
      causes.push(OTHER_CAUSES);
    }
    return causes;
  }

  /**
   * The largest group first; of several, the one with the first row.
   *
   * @param command - whose rows they are.
   */
  groups(lineLabel: LineLabel = 'line', command = 'import'): FailureGroup[] {
    return [...this.#groups.values()]
      .sort((one, other) => other.rows - one.rows || firstRow(one) - firstRow(other))
      .map((group) => toFailureGroup(group, lineLabel, command));
  }

  /** Rows with a reason that is in none of the groups, whose number is limited. */
  get rowsBeyond(): number {
    return this.#rowsBeyond;
  }
}

const NO_CAUSES: readonly number[] = [];

function firstRow({ people }: Group): number {
  return people[0]?.row ?? 0;
}

/** Rows come as they are completed; those that are shown are the first ones of the file. */
function addInFileOrder(people: Group['people'], person: Group['people'][number]): void {
  let at = people.length;
  while (at > 0 && people[at - 1]!.row > person.row) at -= 1;
  if (at >= MAX_PEOPLE) return;
  people.splice(at, 0, person);
  if (people.length > MAX_PEOPLE) people.pop();
}

function toFailureGroup(
  { code, cause, parts, differing, rows, people: found }: Group,
  lineLabel: LineLabel,
  command: string,
): FailureGroup {
  const [differs] = differing;
  const meant = [...differing].find((index) => BEFORE_MEANT.test(parts[index - 1] ?? ''));
  const valueOf = (own: readonly string[]): string | undefined => {
    if (differs === undefined) return undefined;
    const value = own[differs] ?? '';
    return meant === undefined || meant === differs ? value : `${value} → ${own[meant] ?? ''}`;
  };
  const message = parts.map((part, index) => (differing.has(index) ? '…' : part)).join('');
  const people = found.map(({ parts: own, ...person }) => ({
    ...person,
    value: valueOf(own),
  }));
  return {
    rows,
    code,
    message,
    hint: oktaErrorHint(code, message, command),
    cause,
    examples: people.slice(0, MAX_EXAMPLES).map((person) => exampleText(person, lineLabel)),
    people,
  };
}

function exampleText({ row, line, login, value }: FailedPerson, lineLabel: LineLabel): string {
  // A leaver has no row in the file.
  const where =
    line === 0 && login ? login : `${placeOf({ row, line, lineLabel })}${login ? ` ${login}` : ''}`;
  return value === undefined ? where : `${where}: ${value}`;
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
