import { DigestTable } from '../digest-table.js';
import type { UserRow } from '../mapping/user-rows.js';
import type { Row } from '../rows/row.js';

/** A later row of the same user. */
export interface Follower {
  readonly row: number;
  readonly line: number;
  /** The text of its groups. */
  readonly groups: string;
}

/**
 * The rows of a file that are about the same user and differ in their groups only. The first one, the leader, creates or
 * updates the user with the groups of all; the others follow it.
 *
 * Takes 35 MB for a million rows, and another 20 MB if some of them follow others.
 */
export class MergedRows {
  /** The number of the first row by login, times two, plus one if it has groups. */
  readonly #leaders = new DigestTable();
  /** By number of such a row: its content. */
  readonly #contents = [new RowNumbers(), new RowNumbers()] as const;
  /** By row number: the leader of a follower. */
  readonly #leaderOf = new RowNumbers();
  /** By row number: the next row of the same user. */
  readonly #next = new RowNumbers();
  /** By row number: the line of a follower. */
  readonly #lines = new RowNumbers();
  /** By row number: which of the texts. */
  readonly #groups = new RowNumbers();
  /** Many rows have the same groups. */
  readonly #texts: string[] = [''];
  readonly #textNumbers = new Map<string, number>([['', 0]]);
  /** By row number of the leader: its last follower so far. */
  readonly #last = new RowNumbers();
  #followers = 0;

  /** How many rows follow others. */
  get followers(): number {
    return this.#followers;
  }

  /**
   * Adds the next row of the file. Rows that are not sent must be left out.
   *
   * @returns the number of its leader; undefined for a row that follows none.
   */
  add({ row, line }: Pick<Row, 'row' | 'line'>, { login, content, groups }: UserRow): number | undefined {
    const first = this.#leaders.setIfAbsent(login, row * 2 + (groups === '' ? 0 : 1));
    if (first === undefined) {
      this.#contents[0].set(row, content[0]);
      this.#contents[1].set(row, content[1]);
      return undefined;
    }
    // Without any groups, the row is only a repeated one.
    if (groups === '' && first % 2 === 0) return undefined;
    const leader = Math.floor(first / 2);
    if (this.#contents[0].get(leader) !== content[0] || this.#contents[1].get(leader) !== content[1]) {
      return undefined;
    }
    this.#leaderOf.set(row, leader);
    this.#lines.set(row, line);
    this.#groups.set(row, this.#textNumber(groups));
    this.#next.set(this.#last.get(leader) || leader, row);
    this.#last.set(leader, row);
    this.#followers += 1;
    return leader;
  }

  /** The row that a row follows; undefined for none. */
  leaderOf(row: number): number | undefined {
    return this.#leaderOf.get(row) || undefined;
  }

  /** The rows that follow a row, in the order of the file. */
  followersOf(row: number): readonly Follower[] {
    const followers: Follower[] = [];
    // A follower has a next row as well.
    if (this.#leaderOf.get(row) !== 0) return followers;
    for (let next = this.#next.get(row); next !== 0; next = this.#next.get(next)) {
      const groups = this.#texts[this.#groups.get(next)] ?? '';
      followers.push({ row: next, line: this.#lines.get(next), groups });
    }
    return followers;
  }

  /** Whether others follow a row. */
  isLeader(row: number): boolean {
    return this.#last.get(row) !== 0;
  }

  #textNumber(text: string): number {
    let number = this.#textNumbers.get(text);
    if (number === undefined) {
      number = this.#texts.length;
      this.#texts.push(text);
      this.#textNumbers.set(text, number);
    }
    return number;
  }
}

/** What is known of the rows of a file that follow others. */
export type RowsOfUsers = Pick<MergedRows, 'followers' | 'add' | 'leaderOf' | 'followersOf' | 'isLeader'>;

/** The rows of a file that follow others. */
export interface MergedFile {
  readonly merged: RowsOfUsers;
  /** Whether all rows of the file are in it; otherwise they are added as they are checked. */
  readonly isComplete: boolean;
}

/** A number for each row; 0 for none. Grows with the highest row that has one. */
export class RowNumbers {
  #numbers = new Uint32Array(0);

  get(row: number): number {
    return this.#numbers[row] ?? 0;
  }

  set(row: number, number: number): void {
    if (row >= this.#numbers.length) {
      const grown = new Uint32Array(Math.max(1024, row + 1, Math.ceil(this.#numbers.length * 1.5)));
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[row] = number;
  }
}
