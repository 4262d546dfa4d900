import { OktaImportError } from '../errors.js';
import type { HiddenRowsAction } from '../journal/journal-line.js';
import type { Row } from '../rows/row.js';
import { listOf, plural } from '../text.js';

import type { ResolvedOptions } from './options.js';
import type { RunObserver } from './run-observer.js';

/** The hidden rows of a workbook are to be neither imported nor left out without a decision. */
export class HiddenRowsError extends OktaImportError {
  override readonly code = 'ERR_HIDDEN_ROWS';
  /** How many there are. */
  readonly count: number;

  constructor(count: number, description: string) {
    super(description, {
      hint: 'Use --hidden-rows skip to leave hidden rows out, or --hidden-rows include to import them as well. Nothing was sent.',
    });
    this.count = count;
  }
}

/** Why a hidden row that is left out is not attempted. */
export const SKIPPED_AS_HIDDEN = 'Hidden in the workbook, and left out by --hidden-rows skip.';

/** How many hidden rows the messages name. */
const MAX_NAMED = 10;

/** @returns undefined for a row without a login, or with one that must not be shown. */
type LoginOf = (row: Row) => string | undefined;

/** Counts the hidden rows of a file, and keeps the first of them to name them. */
export class HiddenRows {
  readonly #first: Row[] = [];
  #count = 0;
  #total = 0;

  get count(): number {
    return this.#count;
  }

  /** Counts the rows as they are read. */
  async *counted<R extends Row>(
    batches: AsyncIterable<readonly R[]>,
  ): AsyncGenerator<readonly R[], void, undefined> {
    for await (const batch of batches) {
      this.#total += batch.length;
      for (const row of batch) if (row.isHidden === true) this.#add(row);
      yield batch;
    }
  }

  /** One sentence that counts and names them. */
  describe(loginOf: LoginOf): string {
    const names = this.#first.map((row) => {
      const login = loginOf(row);
      return login === undefined ? `sheet row ${row.line}` : `sheet row ${row.line} (${login})`;
    });
    const more = this.#count - names.length;
    const hidden = this.#count === 1 ? 'is hidden' : 'are hidden';
    return `${this.#count} of ${plural(this.#total, 'row')} ${hidden} in the workbook, by a filter or by hand: ${listOf(more > 0 ? [...names, `${more} more`] : names)}.`;
  }

  #add(row: Row): void {
    this.#count += 1;
    if (this.#first.length < MAX_NAMED) this.#first.push(row);
  }
}

/** The question about hidden rows, asked before anything is written. @returns undefined if the answer was neither. */
export type AskAboutHiddenRows = (question: {
  /** Counts and names them. */
  readonly description: string;
  /** Ends the wait for an answer. */
  readonly signal: AbortSignal;
}) => Promise<HiddenRowsAction | undefined>;

/**
 * Decides what happens to the hidden rows of an import.
 *
 * @param ask - undefined if nobody can be asked.
 * @returns the options with the decision; undefined if the answer was neither.
 * @throws {HiddenRowsError} Nobody can be asked, and no option decides.
 */
export async function decideHiddenRows(
  hidden: HiddenRows,
  options: ResolvedOptions,
  {
    ask,
    signal,
    ...report
  }: ReportHiddenRows & {
    readonly ask: AskAboutHiddenRows | undefined;
    readonly signal: AbortSignal;
  },
): Promise<ResolvedOptions | undefined> {
  if (hidden.count === 0) return options;
  if (options.hiddenRows !== undefined) {
    reportHiddenRows(hidden, options.hiddenRows, report);
    return options;
  }
  const description = hidden.describe(report.loginOf);
  if (ask === undefined) throw new HiddenRowsError(hidden.count, description);
  const hiddenRows = await ask({ description, signal });
  return hiddenRows && { ...options, hiddenRows };
}

interface ReportHiddenRows {
  readonly loginOf: LoginOf;
  readonly observer: RunObserver | undefined;
}

/** Says what happens to the hidden rows of a file. @param action - undefined in a dry run for which no option says it. */
export function reportHiddenRows(
  hidden: HiddenRows,
  action: HiddenRowsAction | undefined,
  { loginOf, observer }: ReportHiddenRows,
): void {
  if (hidden.count === 0) return;
  const description = hidden.describe(loginOf);
  const they = hidden.count === 1 ? 'It is' : 'They are';
  switch (action) {
    case 'include':
      observer?.notice?.(`${description} ${they} imported as well (--hidden-rows include).`);
      return;
    case 'skip':
      observer?.notice?.(`${description} ${they} left out (--hidden-rows skip).`);
      return;
    case undefined:
      observer?.warning?.({
        message: `${description} ${they} checked as well. An import needs --hidden-rows skip or --hidden-rows include, or asks at a terminal.`,
      });
      return;
    default:
      action satisfies never;
  }
}
