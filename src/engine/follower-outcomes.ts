import type { UserStatus } from '../okta/types.js';
import {
  notAttempted,
  outcomeOf,
  OUTCOME_UNKNOWN,
  type CompletedRow,
  type RowOutcome,
  type RowResult,
} from '../rows/outcome.js';
import { placeOf, type Place } from '../rows/place.js';
import { capitalize } from '../text.js';

import { RowNumbers, type MergedFile, type RowsOfUsers } from './merged-rows.js';

/** Stands for the outcome of a follower until its leader has one. */
export const FOLLOWS = 'It follows an earlier row of the same user.';

/**
 * Gives the rows that follow others the outcome of those. The rows of a user are imported together, or not at all: otherwise
 * importing the rest of them again would find that the user exists.
 *
 * Keeps a leader's result until its last follower has passed, and a follower whose leader is still in progress: at most as
 * many as rows may be ahead of it.
 */
export class FollowerOutcomes {
  readonly #merged: RowsOfUsers;
  readonly #isComplete: boolean;
  /** The lines of rows that are invalid, if it is not known yet which rows others will follow. */
  readonly #invalid = new RowNumbers();
  /** By row number of the leader. */
  readonly #results = new Map<number, LeaderResult>();
  readonly #waiting = new Map<number, CompletedRow[]>();
  /** How many followers have not passed yet, by row number of the leader. */
  readonly #remaining = new Map<number, number>();

  constructor({ merged, isComplete }: MergedFile) {
    this.#merged = merged;
    this.#isComplete = isComplete;
  }

  /** The completed rows with their outcomes; followers of rows in progress come with a later batch. */
  settle(batch: readonly CompletedRow[]): readonly CompletedRow[] {
    if (!this.#isComplete) {
      for (const { outcome } of batch) {
        if (outcome.status === 'invalid') this.#invalid.set(outcome.row, outcome.line);
      }
    }
    if (this.#merged.followers === 0) return batch;
    return batch.flatMap((completed) => {
      const { row } = completed.row;
      const leader = this.#merged.leaderOf(row);
      if (leader !== undefined) return this.#follow(completed, leader);
      if (!this.#isComplete || !this.#merged.isLeader(row)) return [completed];
      const result = resultOf(completed.outcome);
      // All of its followers may have passed already, each with a problem of its own.
      if (this.#remaining.get(row) === 0) this.#remaining.delete(row);
      else this.#results.set(row, result);
      const waiting = this.#waiting.get(row) ?? [];
      this.#waiting.delete(row);
      return [completed, ...waiting.map((follower) => this.#settled(follower, row, result))];
    });
  }

  /** The followers whose leader never completed, because the run ended early. @param reason - why it ended. */
  unsettled(reason: string): readonly CompletedRow[] {
    const rows = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    return rows.map((completed) => {
      const { row, outcome } = completed;
      return { ...completed, outcome: notAttempted(row, outcome.login, reason) };
    });
  }

  #follow(completed: CompletedRow, leader: number): readonly CompletedRow[] {
    const { outcome } = completed;
    const isOpen = outcome.status === 'not-attempted' && outcome.reason === FOLLOWS;
    const result = this.#isComplete ? this.#results.get(leader) : this.#checkResult(leader);
    if (!isOpen) {
      this.#pass(leader);
      return [completed];
    }
    if (result !== undefined) return [this.#settled(completed, leader, result)];
    const waiting = this.#waiting.get(leader);
    if (waiting === undefined) this.#waiting.set(leader, [completed]);
    else waiting.push(completed);
    return [];
  }

  /** Of a check that asks no org: it decides the rows in order. */
  #checkResult(leader: number): LeaderResult {
    const line = this.#invalid.get(leader);
    const status = line === 0 ? 'valid' : 'invalid';
    return { status, line, oktaId: '', userStatus: undefined, detail: '' };
  }

  #settled(completed: CompletedRow, leader: number, result: LeaderResult): CompletedRow {
    this.#pass(leader);
    const { row, outcome } = completed;
    // Both are rows of the same file.
    const place = { row: leader, line: result.line, lineLabel: row.lineLabel };
    return { ...completed, outcome: outcomeOf(row, outcome.login, followingResult(result, place)) };
  }

  /** A leader is forgotten with its last follower. */
  #pass(leader: number): void {
    if (!this.#isComplete) return;
    const remaining = (this.#remaining.get(leader) ?? this.#merged.followersOf(leader).length) - 1;
    this.#remaining.set(leader, remaining);
    if (remaining === 0 && this.#results.delete(leader)) this.#remaining.delete(leader);
  }
}

/** What matters of a leader's outcome to its followers. */
interface LeaderResult {
  readonly status: RowOutcome['status'];
  readonly line: number;
  readonly oktaId: string;
  readonly userStatus: UserStatus | undefined;
  /** Why it was not attempted, or the code of its error. */
  readonly detail: string;
}

function resultOf(outcome: RowOutcome): LeaderResult {
  return {
    status: outcome.status,
    line: outcome.line,
    oktaId: 'oktaId' in outcome ? outcome.oktaId : '',
    userStatus: 'userStatus' in outcome ? outcome.userStatus : undefined,
    detail:
      outcome.status === 'failed'
        ? outcome.error.errorCode
        : outcome.status === 'not-attempted'
          ? outcome.reason
          : '',
  };
}

function followingResult({ status, oktaId, userStatus, detail }: LeaderResult, leader: Place): RowResult {
  const place = placeOf(leader);
  const user = capitalize(`${place} of the same user`);
  const merged = { mergedInto: leader.row, mergedIntoPlace: place };
  const base = { oktaId, userStatus: userStatus ?? 'ACTIVE', ...merged } as const;
  switch (status) {
    case 'created':
    case 'updated':
    case 'unchanged':
    case 'suspended':
      return { status: 'unchanged', ...base };
    case 'exists':
      return { status: 'exists', ...base };
    case 'valid':
    case 'would-create':
    case 'would-update':
    case 'would-suspend':
      return { status: 'valid' };
    case 'invalid': {
      const message = `${user} is invalid, and the rows of a user are imported together.`;
      return { status: 'invalid', problems: [{ code: 'same-user-invalid', column: undefined, message }] };
    }
    case 'failed':
      if (detail === OUTCOME_UNKNOWN) {
        return { status: 'not-attempted', reason: `${user} has an unknown outcome.` };
      }
      return {
        status: 'failed',
        error: {
          errorCode: detail,
          message: `${user} failed, and the rows of a user are imported together.`,
          requestId: undefined,
        },
      };
    default:
      return { status: 'not-attempted', reason: detail };
  }
}
