import type { PastRun } from '../journal/reader.js';
import type { ChangeOperation, PendingLink } from '../rows/operation.js';
import type { CompletedRow, RowOutcome } from '../rows/outcome.js';

import type { WriteContext } from './follow-up-write.js';
import { linkPeople, type RowToLink } from './link-people.js';
import { runWorkers } from './worker-pool.js';

export interface LinkPassOptions {
  /** By row: the people whom it names and whose IDs are not known yet. Filled while the rows are checked. */
  readonly links: ReadonlyMap<number, readonly PendingLink[]>;
  readonly past: Pick<PastRun, 'outcomeOf'> | undefined;
  readonly concurrency: number;
  /**
   * Called with the first outcome of each row that is held back, for which a canary may wait, and with every failure of the second
   * pass before another row is written.
   */
  readonly observe: (outcome: RowOutcome) => void;
}

/**
 * The second pass over rows that name people of the same file by their Okta IDs: a user can be created before the user of its
 * manager. Holds such rows back until all users exist.
 */
export class LinkPass {
  readonly #options: LinkPassOptions;
  readonly #ids = new Map<number, string>();
  readonly #held: RowToLink[] = [];

  constructor(options: LinkPassOptions) {
    this.#options = options;
  }

  /** Whether the outcome of a row is only its first one. */
  readonly awaitsPeople = (row: number): boolean => this.#options.links.has(row);

  /**
   * Yields the completed rows, and those that are held back at the end: with the IDs of the people whom they name, or, if the run was
   * stopped or `completed` throws, with their first outcomes.
   */
  async *pass(
    completed: AsyncIterable<readonly CompletedRow[]>,
    context: WriteContext,
  ): AsyncGenerator<readonly CompletedRow[]> {
    try {
      for await (const batch of completed) yield this.#hold(batch);
    } catch (error) {
      yield this.#firstOutcomes();
      throw error;
    }
    yield* context.cancellation.isAborted ? [this.#firstOutcomes()] : this.#link(context);
  }

  #firstOutcomes(): readonly CompletedRow[] {
    return this.#held.map(({ row, outcome }) => ({ row, outcome }));
  }

  /** Keeps the rows that are to be linked. @returns the others, whose outcomes are final. */
  #hold(batch: readonly CompletedRow[]): readonly CompletedRow[] {
    return batch.filter((completed) => {
      const { row, outcome } = completed;
      const oktaId = idIn(outcome);
      if (oktaId !== undefined) this.#ids.set(outcome.row, oktaId);
      const links = this.#options.links.get(outcome.row);
      if (links === undefined || oktaId === undefined || !this.#isLinkable(outcome)) return true;
      this.#held.push({ row, outcome: { ...outcome, oktaId }, links });
      this.#options.observe(outcome);
      return false;
    });
  }

  /** An earlier process of the run has linked the rows that it did not leave waiting. */
  #isLinkable({ row, status, awaitsPeople }: RowOutcome): boolean {
    const isDone = status === 'created' || status === 'updated' || status === 'unchanged';
    return isDone && (awaitsPeople === true || this.#options.past?.outcomeOf(row) === undefined);
  }

  /** Writes the IDs, now that the users exist. */
  async *#link(context: WriteContext): AsyncGenerator<readonly CompletedRow[]> {
    const { past, concurrency, observe } = this.#options;
    const { cancellation } = context;
    const rows = new Map(this.#held.map((held) => [held.row.row, held]));
    const idOf = (row: number): string | undefined => {
      const earlier = past?.outcomeOf(row);
      return this.#ids.get(row) ?? (earlier && idIn(earlier));
    };
    const completed = runWorkers(
      toOperations(this.#held),
      (operation) => linkPeople(rows.get(operation.row.row)!, idOf, context),
      { concurrency, cancellation, onFailure: observe },
    );
    for await (const batch of completed) {
      yield batch.map(({ row, outcome }) => {
        const first = rows.get(row.row)?.outcome;
        return { row, outcome: outcome.status === 'not-attempted' && first !== undefined ? first : outcome };
      });
    }
  }
}

async function* toOperations(held: readonly RowToLink[]): AsyncGenerator<readonly ChangeOperation[]> {
  for (const { row, outcome } of held) {
    const { oktaId, login = '' } = outcome;
    yield [{ kind: 'change', row, login, oktaId, user: undefined, changes: [], joins: [], leaves: [] }];
  }
}

function idIn(outcome: RowOutcome): string | undefined {
  return 'oktaId' in outcome ? outcome.oktaId : undefined;
}
