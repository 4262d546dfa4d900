import { loginKey, withoutAccents } from '../okta/login.js';
import type { OktaClient } from '../okta/client.js';
import type { ProfileValue, User } from '../okta/types.js';
import type { MappedRow, PersonReference } from '../mapping/user-request.js';
import type { PendingLink } from '../rows/operation.js';
import type { Problem } from '../rows/problem.js';
import { quoted } from '../text.js';

/** A person of the file, as far as others name them. */
export interface FilePerson {
  readonly row: number;
  readonly login: string;
  readonly email: string;
  readonly employeeNumber: string;
  readonly name: string;
  /** Whom the person's own cells name as manager. */
  readonly manager: string | undefined;
}

/** Attributes that name a manager, in which nobody may come round to themselves. */
const MANAGER = /^manager/i;

/** The values of a row by which other rows can name its person. */
export function filePersonOf({ row, login, request: { profile }, people = [] }: MappedRow): FilePerson {
  return {
    row: row.row,
    login: login ?? '',
    email: textOf(profile['email']),
    employeeNumber: textOf(profile['employeeNumber']),
    name: nameOf(profile),
    manager: people.find(({ attribute }) => MANAGER.test(attribute))?.text,
  };
}

/** Finds the people of a file. */
export interface PersonFinder {
  /** @param text - a login, an email address, an employee number or a full name. */
  find(text: string): FilePerson | 'several' | undefined;
  /** The circle of managers in which a row is: `Ann Lee → Bo Ek → Ann Lee`; undefined for none. */
  circleOf(row: number): string | undefined;
}

/**
 * The people of a file, by login, email address, employee number and full name, so that rows can name each other in any order.
 *
 * Memory: one small object a row.
 */
export class PeopleDirectory implements PersonFinder {
  readonly #byLogin = new Map<string, FilePerson>();
  readonly #byNumber = new Map<string, FilePerson>();
  readonly #byName = new Map<string, FilePerson | 'several'>();
  readonly #people: FilePerson[] = [];
  #circles: ReadonlyMap<number, string> | undefined;

  add(mapped: MappedRow): void {
    const { login } = mapped;
    // A later row of the same user.
    if (login !== undefined && this.#byLogin.get(loginKey(login))?.login === login) return;
    const person = filePersonOf(mapped);
    this.#people.push(person);
    for (const address of new Set([person.login, person.email])) {
      if (address !== '' && !this.#byLogin.has(loginKey(address))) {
        this.#byLogin.set(loginKey(address), person);
      }
    }
    if (person.employeeNumber !== '') this.#byNumber.set(person.employeeNumber, person);
    const name = foldName(person.name);
    if (name !== '') this.#byName.set(name, this.#byName.has(name) ? 'several' : person);
  }

  find(text: string): FilePerson | 'several' | undefined {
    return this.#byLogin.get(loginKey(text)) ?? this.#byNumber.get(text) ?? this.#byName.get(foldName(text));
  }

  circleOf(row: number): string | undefined {
    this.#circles ??= this.#findCircles();
    return this.#circles.get(row);
  }

  #findCircles(): ReadonlyMap<number, string> {
    const circles = new Map<number, string>();
    const done = new Set<number>();
    for (const start of this.#people) {
      const path: FilePerson[] = [];
      const onPath = new Set<number>();
      let person: FilePerson | undefined = start;
      while (person !== undefined && !done.has(person.row) && !onPath.has(person.row)) {
        path.push(person);
        onPath.add(person.row);
        person = this.#managerOf(person);
      }
      if (person !== undefined && onPath.has(person.row)) {
        const circle = path.slice(path.indexOf(person));
        for (const { row } of circle) circles.set(row, circleText(circle));
      }
      for (const { row } of path) done.add(row);
    }
    return circles;
  }

  #managerOf({ manager }: FilePerson): FilePerson | undefined {
    const found = manager === undefined ? undefined : this.find(manager);
    return found === 'several' ? undefined : found;
  }
}

/** A circle of managers in words. */
export function circleText(circle: readonly FilePerson[]): string {
  const names = [...circle, ...circle.slice(0, 1)].map(({ name, login }) => name || login);
  const shown = names.length > 6 ? [...names.slice(0, 5), '…', names.at(-1)!] : names;
  return shown.join(' → ');
}

export interface ResolvedPeople {
  readonly values: Readonly<Record<string, ProfileValue>>;
  readonly pending: readonly PendingLink[];
  readonly problems: readonly Problem[];
}

/** Fills in the values of the people whom rows name. */
export class PersonResolver {
  readonly #directory: PersonFinder;
  readonly #client: OktaClient | undefined;
  readonly #signal: AbortSignal;
  /** Users of the org who are not in the file, by the text that names them. */
  readonly #read = new Map<string, Promise<User | undefined>>();

  /** @param client - undefined offline: only people of the file are known. */
  constructor(directory: PersonFinder, client: OktaClient | undefined, signal: AbortSignal) {
    this.#directory = directory;
    this.#client = client;
    this.#signal = signal;
  }

  /** @throws what the client throws. */
  async resolve(row: number, references: readonly PersonReference[]): Promise<ResolvedPeople> {
    const values: Record<string, ProfileValue> = {};
    const pending: PendingLink[] = [];
    const problems: Problem[] = [];
    for (const reference of references) {
      const { attribute, as, text, column } = reference;
      const found = this.#directory.find(text);
      const circle = MANAGER.test(attribute) ? this.#directory.circleOf(row) : undefined;
      if (found === 'several') {
        const message = `${quoted(text)} is the name of several people of the file. Name the person by login, email address or employee number.`;
        problems.push({ code: 'person-ambiguous', column, message });
      } else if (circle !== undefined) {
        problems.push({ code: 'manager-circle', column, message: `The managers form a circle: ${circle}.` });
      } else if (found !== undefined && as === 'id') {
        pending.push({ attribute, row: found.row, login: found.login });
      } else {
        const value = found === undefined ? valueOf(await this.#find(text), as) : found[as as 'login'];
        if (value === undefined || value === '') problems.push(this.#unknown(reference, found !== undefined));
        else values[attribute] = value;
      }
    }
    return { values, pending, problems };
  }

  #find(text: string): Promise<User | undefined> {
    const client = this.#client;
    if (client === undefined) return Promise.resolve(undefined);
    let user = this.#read.get(text);
    if (user === undefined) {
      user = this.#search(client, text);
      this.#read.set(text, user);
      user.catch(() => this.#read.delete(text));
    }
    return user;
  }

  async #search(client: OktaClient, text: string): Promise<User | undefined> {
    const signal = this.#signal;
    const byLogin = /\s/.test(text) ? undefined : await client.findUserByLogin(text, { signal });
    if (byLogin !== undefined) return byLogin;
    const value = JSON.stringify(text);
    const attribute = text.includes('@') ? 'email' : 'employeeNumber';
    for await (const user of client.listUsers(
      { search: `profile.${attribute} eq ${value}`, pageSize: 2 },
      { signal },
    )) {
      return user;
    }
    return undefined;
  }

  #unknown({ text, as, column }: PersonReference, isInFile: boolean): Problem {
    if (isInFile) {
      const message = `${quoted(text)} has no ${as} in the file.`;
      return { code: 'person-unknown', column, message };
    }
    const where =
      this.#client === undefined ? 'in the file (--org also looks in the org)' : 'in the file or in the org';
    const message = `Nobody with the login, email address, employee number or name ${quoted(text)} is ${where}. Correct it, or leave it empty.`;
    return { code: 'person-unknown', column, message };
  }
}

function valueOf(user: User | undefined, as: PersonReference['as']): string | undefined {
  if (user === undefined) return undefined;
  if (as === 'id') return user.id;
  return as === 'name' ? nameOf(user.profile) : textOf(user.profile[as]);
}

function nameOf({ displayName, firstName, lastName }: Readonly<Record<string, ProfileValue>>): string {
  return textOf(displayName) || [textOf(firstName), textOf(lastName)].filter((part) => part !== '').join(' ');
}

function textOf(value: ProfileValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** `Lee, Ann` and `ann  lee` are the same. */
export function foldName(name: string): string {
  const [family = '', given] = name.split(',');
  const inOrder = given === undefined ? name : `${given} ${family}`;
  return withoutAccents(inOrder).toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
