import type { Follower, RowsOfUsers } from '../../engine/merged-rows.js';
import type { UserRow } from '../../mapping/user-rows.js';
import type { Place } from '../../rows/place.js';
import type { Row } from '../../rows/row.js';
import { LostZeroDetector } from '../../validation/detect-lost-zeros.js';
import { findLostZeros, type PaddedNumber, type RowMemory } from '../../validation/row-memory.js';

import { RowSet } from './row-set.js';

/**
 * What rows have in common, such as a login, for rows that change: the answers to the checks of a row do not depend on when the other
 * rows were checked, and it is known which rows a change concerns.
 *
 * Rows are checked in passes: `begin`, the checks of some rows in order, `end`.
 */
export class RowIndex implements RowMemory {
  readonly #tables = new Map<string, Map<string, RowSet>>();
  /** Table and text of each value of a row, one after the other; by row. */
  readonly #values: (string[] | undefined)[] = [];
  readonly #numbers = new Map<string, NumberColumn>();
  /** Columns of `#numbers` by row. */
  readonly #numbersOf: (PaddedNumber[] | undefined)[] = [];
  #pass: Pass | undefined;

  firstLineWith(table: string, text: string, { row }: Row): number | undefined {
    const values = (this.#values[row] ??= []);
    values.push(table, text);
    const set = this.#setOf(table, text);
    this.#pass?.touch(set);
    set.add(row);
    const { first } = set;
    return first === row ? undefined : this.#placeOf(first).line;
  }

  lostZeros(number: PaddedNumber, { row }: Row): string | undefined {
    (this.#numbersOf[row] ??= []).push(number);
    return this.#numbers.get(number.column)?.messages.get(row);
  }

  readonly #placeOf: PlaceOf;

  constructor(placeOf: PlaceOf) {
    this.#placeOf = placeOf;
  }

  /** Forgets the rows, which are checked next, in order. */
  begin(rows: readonly number[]): void {
    const pass = new Pass(rows);
    this.#pass = pass;
    for (const row of rows) {
      const values = this.#values[row] ?? [];
      for (let at = 0; at < values.length; at += 2) {
        const set = this.#setOf(values[at]!, values[at + 1]!);
        pass.touch(set);
        set.delete(row);
      }
      this.#values[row] = undefined;
      const numbers = this.#numbersOf[row];
      if (numbers !== undefined) pass.formerNumbers.set(row, numbers);
      this.#numbersOf[row] = undefined;
    }
  }

  /** @returns the other rows that the changes concern, in order. Check them in another pass. */
  end(): readonly number[] {
    const pass = this.#pass;
    if (pass === undefined) return [];
    this.#pass = undefined;
    const concerned = new Set<number>();
    for (const [set, first] of pass.touched) {
      if (set.first === first) continue;
      for (const row of set.rows()) if (!pass.rows.has(row)) concerned.add(row);
    }
    for (const row of this.#updateNumbers(pass)) concerned.add(row);
    return [...concerned].toSorted((one, other) => one - other);
  }

  /** @returns rows whose message has changed. */
  #updateNumbers({ rows, formerNumbers }: Pass): readonly number[] {
    const changed = new Set<NumberColumn>();
    for (const row of rows) {
      const former = formerNumbers.get(row) ?? NO_NUMBERS;
      const current = this.#numbersOf[row] ?? NO_NUMBERS;
      if (former === current || areSame(former, current)) continue;
      for (const { column } of former) {
        const numbers = this.#numbers.get(column);
        if (numbers?.remove(row) === true) changed.add(numbers);
      }
      for (const number of current) {
        let numbers = this.#numbers.get(number.column);
        if (numbers === undefined) this.#numbers.set(number.column, (numbers = new NumberColumn()));
        numbers.set(row, number);
        changed.add(numbers);
      }
    }
    return [...changed].flatMap((numbers) => numbers.judge(this.#placeOf));
  }

  #setOf(table: string, text: string): RowSet {
    let sets = this.#tables.get(table);
    if (sets === undefined) this.#tables.set(table, (sets = new Map()));
    let set = sets.get(text);
    if (set === undefined) sets.set(text, (set = new RowSet()));
    return set;
  }
}

/** Returns the position of a row, by its number. */
type PlaceOf = (row: number) => Pick<Place, 'line' | 'lineLabel'>;

/** The checks of some rows. */
class Pass {
  readonly rows: ReadonlySet<number>;
  /** Sets that lose or get rows, with the first row that each had. */
  readonly touched = new Map<RowSet, number>();
  readonly formerNumbers = new Map<number, readonly PaddedNumber[]>();

  constructor(rows: readonly number[]) {
    this.rows = new Set(rows);
  }

  touch(set: RowSet): void {
    if (!this.touched.has(set)) this.touched.set(set, set.first);
  }
}

const NO_NUMBERS: readonly PaddedNumber[] = [];

function areSame(one: readonly PaddedNumber[], other: readonly PaddedNumber[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ column, text, isNumber }, index) => {
      const number = other[index]!;
      return column === number.column && text === number.text && isNumber === number.isNumber;
    })
  );
}

/** The numbers of one column, which are judged together. */
class NumberColumn {
  readonly #numbers = new Map<number, PaddedNumber>();
  /** Those of `#numbers`; undefined when they have to be sorted again. */
  #rows: Uint32Array | undefined;
  /** Without any of these, no number can have lost a zero. */
  #padded = 0;
  /** By row. */
  messages: ReadonlyMap<number, string> = new Map();

  set(row: number, number: PaddedNumber): void {
    this.#numbers.set(row, number);
    this.#rows = undefined;
    if (isTelling(number)) this.#padded += 1;
  }

  /** @returns whether the row was in the column. */
  remove(row: number): boolean {
    const number = this.#numbers.get(row);
    if (number === undefined) return false;
    this.#numbers.delete(row);
    this.#rows = undefined;
    if (isTelling(number)) this.#padded -= 1;
    return true;
  }

  /** @returns rows whose message has changed. */
  judge(placeOf: PlaceOf): readonly number[] {
    const former = this.messages;
    const messages = new Map<number, string>();
    if (this.#padded > 0) {
      const zeros = new LostZeroDetector();
      this.#rows ??= Uint32Array.from(this.#numbers.keys()).sort();
      for (const row of this.#rows) {
        const message = findLostZeros(zeros, this.#numbers.get(row)!, placeOf(row));
        if (message !== undefined) messages.set(row, message);
      }
    }
    this.messages = messages;
    const rows = new Set([...former.keys(), ...messages.keys()]);
    return [...rows].filter((row) => former.get(row) !== messages.get(row));
  }
}

/** Whether the number can be why another one seems to have lost zeros. */
function isTelling({ text, isNumber }: PaddedNumber): boolean {
  return isNumber || (text.length > 1 && text.startsWith('0'));
}

/** Which rows are about the same user, for rows that change; see `MergedRows`. */
export class UserRows implements RowsOfUsers {
  readonly #byLogin = new Map<string, RowSet>();
  readonly #users: (UserRow | undefined)[] = [];
  readonly #placeOf: PlaceOf;

  constructor(placeOf: PlaceOf) {
    this.#placeOf = placeOf;
  }

  /** Whether there may be any, which is all that is asked. */
  get followers(): number {
    return 1;
  }

  /** @param user - undefined for a row that is never merged, or not sent. */
  set(row: number, user: UserRow | undefined): void {
    this.rowsWithLoginOf(row)?.delete(row);
    this.#users[row] = user;
    if (user === undefined) return;
    let set = this.#byLogin.get(user.login);
    if (set === undefined) this.#byLogin.set(user.login, (set = new RowSet()));
    set.add(row);
  }

  add(): undefined {
    return undefined;
  }

  /** All rows with the same login as a row; undefined if it is never merged. */
  rowsWithLoginOf(row: number): RowSet | undefined {
    const user = this.#users[row];
    return user && this.#byLogin.get(user.login);
  }

  leaderOf(row: number): number | undefined {
    const user = this.#users[row];
    const first = this.rowsWithLoginOf(row)?.first;
    if (user === undefined || first === undefined || first === row) return undefined;
    const leader = this.#users[first];
    if (leader === undefined || !isSameUser(leader, user)) return undefined;
    // Without any groups, the row is only a repeated one.
    return leader.groups === '' && user.groups === '' ? undefined : first;
  }

  followersOf(row: number): readonly Follower[] {
    return this.#rowsIfFirst(row)
      .filter((each) => this.leaderOf(each) === row)
      .map((each) => ({
        row: each,
        line: this.#placeOf(each).line,
        groups: this.#users[each]?.groups ?? '',
      }));
  }

  isLeader(row: number): boolean {
    return this.#rowsIfFirst(row).some((each) => this.leaderOf(each) === row);
  }

  /** Only the first row with a login can have followers. */
  #rowsIfFirst(row: number): readonly number[] {
    const set = this.rowsWithLoginOf(row);
    return set?.first === row ? set.rows() : [];
  }
}

function isSameUser({ login, content }: UserRow, other: UserRow): boolean {
  return login === other.login && content[0] === other.content[0] && content[1] === other.content[1];
}
