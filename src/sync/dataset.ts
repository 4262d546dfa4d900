import { createHmac, randomBytes } from 'node:crypto';

import type { FormerMember } from '../journal/journal-line.js';
import type { DateField } from '../mapping/employment-dates.js';
import { loginKey } from '../okta/login.js';
import type { Profile, ProfileValue } from '../okta/types.js';

/** What a data set stores about a file. Column names are not secret; values are stored as digests only. */
export interface LastFile {
  readonly columns: readonly string[];
  /** 0 before the first run. */
  readonly rows: number;
  /** Which dates of employment it had; absent from older states. */
  readonly dates?: readonly DateField[] | undefined;
}

/** What a data set knows besides its members, and about the last file that was read to its end. */
export interface DatasetHeader extends LastFile {
  readonly name: string;
  /** URL of the org. */
  readonly org: string;
  /** The attribute that identifies a person, such as `login` or `employeeNumber`. */
  readonly match: string;
  /** ID of the last run that ended, and when, ISO 8601. */
  readonly lastRun?: { readonly runId: string; readonly at: string } | undefined;
  /** The file before that of the last run, which its undo gives back; absent from older states. */
  readonly fileBefore?: (LastFile & { readonly runId: string }) | undefined;
  /** ID of a run that has begun to write and whose outcomes the members do not show yet. */
  readonly openRun?: string | undefined;
  /** ID of the run that is being undone, until the members show it. */
  readonly openUndo?: string | undefined;
  /** Of the last run; absent from older states. */
  readonly managedGroups?: readonly string[] | undefined;
  /** Hidden attributes that a run with `--override-edits` has written; absent from older states. */
  readonly overwritten?: readonly string[] | undefined;
  /** Whether leavers were ever deactivated: the first time has to be confirmed. */
  readonly hasDeactivated: boolean;
}

/** One person whom a data set manages. */
export interface Member extends FormerMember {
  /** Digest of the match key. */
  readonly key: string;
  /** Digest of the login. */
  readonly login: string;
  readonly oktaId: string;
  /** Digest of all values of the row that was applied last; empty when they are unknown. */
  readonly row: string;
  /** Digests of the single values of that row, one after the other, in the order of `Dataset.attributes`. */
  readonly values: string;
  /** The last day on which the file had the person, `YYYY-MM-DD`. */
  readonly seen: string;
  /** The day of the first run whose file lacked the person, `YYYY-MM-DD`. */
  readonly missingSince?: string | undefined;
  /** What was done when the person left the file. */
  readonly left?: 'suspended' | 'deactivated' | undefined;
  /** On which day, `YYYY-MM-DD`; absent from older states. */
  readonly leftOn?: string | undefined;
  /** Created staged, to be activated on the start date. */
  readonly isStaged?: boolean | undefined;
}

/** Base64url characters of the 8 bytes of a value's digest. */
const VALUE_LENGTH = 11;
const NO_VALUE = '-'.repeat(VALUE_LENGTH);
const VALUE_BYTES = 8;
/** A wrong match would change the wrong user, so keys get more bits. */
const KEY_BYTES = 16;

/**
 * The members of one data set. Knows people by keyed digests only, so that the file it is stored in names nobody.
 *
 * Memory: one object with a few short strings per member.
 */
export class Dataset {
  readonly #members: Map<string, Member>;
  readonly #byId = new Map<string, Member>();
  readonly #byLogin = new Map<string, Member>();
  readonly #hmacKey: Buffer;
  readonly #attributes: string[];
  /** By attribute, the digest of no value. */
  readonly #emptyDigests = new Map<string, string>();
  header: DatasetHeader;

  constructor(
    header: DatasetHeader,
    {
      hmacKey = randomBytes(32),
      attributes = [],
      members = [],
    }: {
      readonly hmacKey?: Buffer;
      readonly attributes?: readonly string[];
      readonly members?: Iterable<Member>;
    } = {},
  ) {
    this.header = header;
    this.#hmacKey = hmacKey;
    this.#attributes = [...attributes];
    this.#members = new Map();
    for (const member of members) this.set(member);
  }

  get hmacKey(): Buffer {
    return this.#hmacKey;
  }

  /** The order of the digests in `Member.values`; only ever grows. */
  get attributes(): readonly string[] {
    return this.#attributes;
  }

  get size(): number {
    return this.#members.size;
  }

  /** As they are now: a member may be replaced meanwhile. */
  members(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** @param key - digest of the match key; see `keyOf`. */
  find(key: string): Member | undefined {
    return this.#members.get(key);
  }

  findById(oktaId: string): Member | undefined {
    return this.#byId.get(oktaId);
  }

  /** @param login - in any spelling. */
  findByLogin(login: string): Member | undefined {
    return this.#byLogin.get(this.loginOf(login));
  }

  /** Adds a member, or replaces the one with the same key or the same Okta ID. */
  set(member: Member): void {
    for (const former of [this.#members.get(member.key), this.#byId.get(member.oktaId)]) {
      if (former !== undefined) this.delete(former);
    }
    this.#members.set(member.key, member);
    this.#byId.set(member.oktaId, member);
    this.#byLogin.set(member.login, member);
  }

  delete({ key, oktaId, login }: Member): void {
    this.#members.delete(key);
    this.#byId.delete(oktaId);
    if (this.#byLogin.get(login)?.key === key) this.#byLogin.delete(login);
  }

  /** The digest of a match key. @param key - in its normal form; see `matchKey`. */
  keyOf(key: string): string {
    return this.#digest(`key\0${key}`, KEY_BYTES);
  }

  loginOf(login: string): string {
    return this.#digest(`login\0${loginKey(login)}`, VALUE_BYTES);
  }

  /** @param digests - of single values, by attribute. */
  packValues(digests: Readonly<Record<string, string>>): string {
    for (const name in digests) if (!this.#attributes.includes(name)) this.#attributes.push(name);
    return this.#attributes.map((name) => digests[name] ?? NO_VALUE).join('');
  }

  /** One digest for a whole row: enough to see that the file did not change a person. */
  rowDigest(profile: Profile): string {
    const names = Object.keys(profile).sort();
    return this.#digest(`row\0${JSON.stringify(names.map((name) => [name, profile[name]]))}`, VALUE_BYTES);
  }

  valueDigest(attribute: string, value: ProfileValue): string {
    return this.#digest(`value\0${attribute}\0${JSON.stringify(value)}`, VALUE_BYTES);
  }

  /** Whether the file had a value for a member that was not empty. */
  hadValue(member: Pick<Member, 'values'>, attribute: string): boolean {
    const digest = this.formerDigest(member, attribute);
    if (digest === undefined) return false;
    let empty = this.#emptyDigests.get(attribute);
    if (empty === undefined) {
      empty = this.valueDigest(attribute, null);
      this.#emptyDigests.set(attribute, empty);
    }
    return digest !== empty;
  }

  /** The digest of the value that the file had for a member; undefined when it had none. */
  formerDigest({ values }: Pick<Member, 'values'>, attribute: string): string | undefined {
    const index = this.#attributes.indexOf(attribute);
    const digest = index < 0 ? '' : values.slice(index * VALUE_LENGTH, (index + 1) * VALUE_LENGTH);
    return digest === '' || digest === NO_VALUE ? undefined : digest;
  }

  /** The digests of all values that the file had for a member, by attribute. */
  formerDigests(member: Pick<Member, 'values'>): Record<string, string> {
    const digests = this.#attributes.map((name) => [name, this.formerDigest(member, name)] as const);
    return Object.fromEntries(digests.filter((each): each is [string, string] => each[1] !== undefined));
  }

  /** The member as if the file had never had a value for some attributes: whatever differs from the file is written then. */
  withoutValues(member: Member, attributes: Iterable<string>): Member {
    return this.#withValues(member, attributes, () => NO_VALUE);
  }

  /** The member as if the file had had the values of `former` for some attributes. */
  withValuesOf(former: Pick<Member, 'values'>, member: Member, attributes: Iterable<string>): Member {
    return this.#withValues(member, attributes, (name) => this.formerDigest(former, name) ?? NO_VALUE);
  }

  #withValues(member: Member, attributes: Iterable<string>, digestOf: (name: string) => string): Member {
    const replaced = new Set(attributes);
    const values = this.#attributes.map((name) =>
      replaced.has(name) ? digestOf(name) : (this.formerDigest(member, name) ?? NO_VALUE),
    );
    return { ...member, row: '', values: values.join('') };
  }

  #digest(text: string, bytes: number): string {
    return createHmac('sha256', this.#hmacKey).update(text).digest().subarray(0, bytes).toString('base64url');
  }
}
