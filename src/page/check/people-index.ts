import { circleText, foldName, type FilePerson, type PersonFinder } from '../../jobs/people-directory.js';
import { loginKey } from '../../okta/login.js';

import { placeInOrder } from './row-set.js';

/** What other rows can name the person of a row by, and whom its own cells name. */
export interface PersonRow {
  readonly person: FilePerson;
  /** Texts that name people. */
  readonly names: readonly string[];
  /** Whether the row is sent: if not, the rows that name its person are affected. */
  readonly isSent: boolean;
}

/** Steps from person to manager after which finding all circles at once is faster. */
const MAX_STEPS = 100_000;

/**
 * A `PeopleDirectory` for a file whose rows are edited. Also finds the rows that are affected when a person changes.
 */
export class PeopleIndex implements PersonFinder {
  #rows: (PersonRow | undefined)[] = [];
  #byAddress = new RowsByText();
  #byNumber = new RowsByText();
  #byName = new RowsByText();
  /** Rows by the texts in which their cells name people, once for each way of comparing texts. */
  #naming = new RowsByText();
  #circles: ReadonlyMap<number, readonly FilePerson[]> | undefined;
  #steps = 0;

  clear(): void {
    this.#forgetCircles();
    this.#rows = [];
    this.#byAddress = new RowsByText();
    this.#byNumber = new RowsByText();
    this.#byName = new RowsByText();
    this.#naming = new RowsByText();
  }

  /** Adds a row or replaces it. */
  set(row: number, next: PersonRow): void {
    this.#forgetCircles();
    const former = this.#rows[row];
    if (former !== undefined) this.#each(former, (rows, text) => rows.delete(text, row));
    this.#rows[row] = next;
    this.#each(next, (rows, text) => rows.add(text, row));
  }

  /**
   * Replaces rows.
   *
   * @returns the other rows for which something may have changed: they name one of the people, or are or were in a circle of managers
   *   with them.
   */
  replace(rows: ReadonlyMap<number, PersonRow>): ReadonlySet<number> {
    const changed = new Map([...rows].filter(([row, next]) => !isSame(this.#rows[row], next)));
    const people = [...changed.keys()].flatMap((row) => this.#rows[row]?.person ?? []);
    people.push(...[...changed.values()].map(({ person }) => person));
    const concerned = new Set<number>();
    for (const person of this.#withSharedAddresses(people)) this.#addNaming(person, concerned);
    const roots = [...changed.keys(), ...concerned];
    this.#addCircles(roots, concerned);
    for (const [row, next] of changed) this.set(row, next);
    this.#addCircles(roots, concerned);
    return concerned;
  }

  find(text: string): FilePerson | 'several' | undefined {
    const [address] = this.#counted(this.#byAddress.rows(loginKey(text)), 1);
    if (address !== undefined) return address;
    // Of several, the last one, as in `PeopleDirectory`.
    const [number] = this.#counted(this.#byNumber.rows(text).toReversed(), 1);
    if (number !== undefined) return number;
    const [name, other] = this.#counted(this.#byName.rows(foldName(text)), 2);
    return other === undefined ? name : 'several';
  }

  circleOf(row: number): string | undefined {
    const circle = this.#circleWith(row);
    return circle && circleText(circle);
  }

  /** The first people of some rows, without later rows of the same user. */
  #counted(rows: readonly number[], limit: number): readonly FilePerson[] {
    const people: FilePerson[] = [];
    for (const row of rows) {
      const person = this.#rows[row]?.person;
      if (person !== undefined && !this.#isRepeated(person)) people.push(person);
      if (people.length === limit) break;
    }
    return people;
  }

  /** As in `PeopleDirectory`: whether the first person with the address of a login has exactly this login, and is another row. */
  #isRepeated({ row, login }: FilePerson): boolean {
    if (login === '') return false;
    for (const other of this.#byAddress.rows(loginKey(login))) {
      if (other >= row) return false;
      const first = this.#rows[other]?.person;
      if (first !== undefined && !this.#isRepeated(first)) return first.login === login;
    }
    return false;
  }

  /** Also the people who share an address with one of them, directly or through others: which of their rows count depends on each other. */
  #withSharedAddresses(people: readonly FilePerson[]): readonly FilePerson[] {
    const all = [...people];
    const seen = new Set<string>();
    for (const { login, email } of all) {
      for (const address of [loginKey(login), loginKey(email)]) {
        if (address === '' || seen.has(address)) continue;
        seen.add(address);
        for (const row of this.#byAddress.rows(address)) all.push(this.#rows[row]!.person);
      }
    }
    return all;
  }

  #each({ person, names }: PersonRow, act: (rows: RowsByText, text: string) => void): void {
    const { login, email, employeeNumber, name } = person;
    for (const address of new Set([loginKey(login), loginKey(email)])) {
      if (address !== '') act(this.#byAddress, address);
    }
    if (employeeNumber !== '') act(this.#byNumber, employeeNumber);
    const folded = foldName(name);
    if (folded !== '') act(this.#byName, folded);
    const named = new Set(names.flatMap((text) => [loginKey(text), text, foldName(text)]));
    for (const text of named) act(this.#naming, text);
  }

  #addNaming({ login, email, employeeNumber, name }: FilePerson, concerned: Set<number>): void {
    for (const text of new Set([loginKey(login), loginKey(email), employeeNumber, foldName(name)])) {
      if (text === '') continue;
      for (const row of this.#naming.rows(text)) concerned.add(row);
    }
  }

  /** Adds the members of all circles that lead through one of the rows. */
  #addCircles(rows: readonly number[], members: Set<number>): void {
    for (const root of rows) for (const { row } of this.#circleWith(root) ?? []) members.add(row);
  }

  #forgetCircles(): void {
    this.#circles = undefined;
    this.#steps = 0;
  }

  /** Its people in the order in which they are managed, the first row first. */
  #circleWith(row: number): readonly FilePerson[] | undefined {
    if (this.#circles === undefined && this.#steps > MAX_STEPS) this.#circles = this.#allCircles();
    if (this.#circles !== undefined) return this.#circles.get(row);
    const start = this.#rows[row]?.person;
    const path: FilePerson[] = [];
    const seen = new Set<number>();
    let person = start;
    while (person !== undefined && !seen.has(person.row)) {
      seen.add(person.row);
      path.push(person);
      person = this.#managerOf(person);
      this.#steps += 1;
    }
    return person !== undefined && person === start ? fromFirst(path) : undefined;
  }

  /** By row. Each row is visited once. */
  #allCircles(): ReadonlyMap<number, readonly FilePerson[]> {
    const circles = new Map<number, readonly FilePerson[]>();
    const done = new Set<number>();
    for (const start of this.#rows) {
      const path: FilePerson[] = [];
      const onPath = new Set<number>();
      let person = start?.person;
      while (person !== undefined && !done.has(person.row)) {
        done.add(person.row);
        onPath.add(person.row);
        path.push(person);
        person = this.#managerOf(person);
      }
      if (person === undefined || !onPath.has(person.row)) continue;
      const circle = fromFirst(path.slice(path.indexOf(person)));
      for (const { row } of circle) circles.set(row, circle);
    }
    return circles;
  }

  #managerOf({ manager }: FilePerson): FilePerson | undefined {
    const found = manager === undefined ? undefined : this.find(manager);
    return found === 'several' ? undefined : found;
  }
}

function isSame(former: PersonRow | undefined, next: PersonRow): boolean {
  return JSON.stringify(former) === JSON.stringify(next);
}

/** A circle has no beginning: it is shown from its first row on. */
function fromFirst(circle: readonly FilePerson[]): readonly FilePerson[] {
  let first = 0;
  for (const [at, { row }] of circle.entries()) if (row < circle[first]!.row) first = at;
  return [...circle.slice(first), ...circle.slice(0, first)];
}

/** Row numbers by text, in order. Nearly all texts have a single row, which is stored without an array. */
class RowsByText {
  readonly #rows = new Map<string, number | number[]>();

  rows(text: string): readonly number[] {
    const rows = this.#rows.get(text) ?? NONE;
    return typeof rows === 'number' ? [rows] : rows;
  }

  add(text: string, row: number): void {
    const rows = this.#rows.get(text);
    if (rows === undefined) this.#rows.set(text, row);
    else if (typeof rows === 'number') this.#rows.set(text, rows < row ? [rows, row] : [row, rows]);
    else rows.splice(placeInOrder(rows, row), 0, row);
  }

  delete(text: string, row: number): void {
    const rows = this.#rows.get(text);
    if (rows === row) this.#rows.delete(text);
    else if (Array.isArray(rows)) {
      const at = placeInOrder(rows, row);
      if (rows[at] === row) rows.splice(at, 1);
      if (rows.length === 1) this.#rows.set(text, rows[0]!);
    }
  }
}

const NONE: readonly number[] = [];
