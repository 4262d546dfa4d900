import type { OutcomeStatus, RowOutcome } from '../rows/outcome.js';

/** A group, and how many users of a run are, or would be, its members. */
export interface GroupCount {
  /** Name or ID. */
  readonly group: string;
  readonly users: number;
}

/** Statuses after which a user is, or would be, in the groups of the row. */
const JOINED: ReadonlySet<OutcomeStatus> = new Set([
  'created',
  'updated',
  'unchanged',
  'valid',
  'would-create',
  'would-update',
]);
const MAX_GROUPS = 1000;

/** Counts the users of each group. Memory is bounded. */
export class GroupCounter {
  readonly #users = new Map<string, number>();

  add({ status }: Pick<RowOutcome, 'status'>, groups: readonly string[]): void {
    if (!JOINED.has(status)) return;
    for (const group of groups) {
      const users = this.#users.get(group);
      if (users !== undefined || this.#users.size < MAX_GROUPS) this.#users.set(group, (users ?? 0) + 1);
    }
  }

  /** The largest first. */
  get counts(): readonly GroupCount[] {
    return [...this.#users]
      .map(([group, users]) => ({ group, users }))
      .sort((one, other) => other.users - one.users);
  }
}
