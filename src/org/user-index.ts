import { randomUUID } from 'node:crypto';
import { closeSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { DigestTable } from '../digest-table.js';
import { OktaImportError } from '../errors.js';
import { loginKey } from '../okta/login.js';
import type { User } from '../okta/types.js';
import { createPrivateFileSync } from '../private-file.js';
import { messageOf } from '../text.js';

/** What a run needs to know about an existing user. */
export type IndexedUser = Pick<
  User,
  'id' | 'status' | 'created' | 'type' | 'realmId' | 'profile' | 'credentials'
>;

/** The temporary file of the users cannot be written or read. */
export class TemporaryFileError extends OktaImportError {
  override readonly code = 'ERR_TEMPORARY_FILE';

  constructor(path: string, cause: unknown) {
    super(`Cannot use the temporary file ${path}: ${messageOf(cause)}.`, {
      hint: 'Free some disk space in its folder, or set TMPDIR to another one, then run the same command again.',
      cause,
    });
  }
}

/**
 * An index by login of all users of the org, as they were listed.
 *
 * Takes about 24 bytes of memory per user. The profiles are in a file in the run folder; where the system allows it, the
 * file is unlinked, so that only this process can read it and it disappears with the process.
 */
export class UserIndex {
  readonly #path: string;
  readonly #file: number;
  readonly #table = new DigestTable();
  readonly #moreKeys: (user: User) => readonly string[];
  /** By key, the second user who has it. */
  readonly #seconds = new DigestTable();
  /** Where the data of each user starts in the file; it ends where the next one starts. */
  #offsets = new Float64Array(1024);
  #count = 0;
  #isUnlinked = false;
  /** Data that is not in the file yet. */
  #buffered: Buffer[] = [];
  #bufferedBytes = 0;
  #writtenBytes = 0;

  /**
   * @param folder - where the file is created.
   * @param moreKeys - under which a user is found, too; see `findByKey`.
   */
  constructor(folder: string, moreKeys: (user: User) => readonly string[] = () => []) {
    this.#moreKeys = moreKeys;
    this.#path = join(folder, `.people-${randomUUID()}`);
    this.#file = this.#using(() => createPrivateFileSync(this.#path));
    try {
      unlinkSync(this.#path);
      this.#isUnlinked = true;
    } catch {
      // Windows cannot remove an open file: `close` removes it.
    }
  }

  get size(): number {
    return this.#count;
  }

  /** Keeps the credentials of users who are staged or of a directory: those of others do not matter. */
  add(user: User): void {
    const { id, status, created, type, realmId, profile, credentials } = user;
    this.#count += 1;
    for (const key of this.#moreKeys(user)) {
      if (this.#table.setIfAbsent(keyOf(key), this.#count) !== undefined) {
        this.#seconds.setIfAbsent(key, this.#count);
      }
    }
    // Logins are unique in an org: a duplicate is the same user, whose status changed while the pages were read. The
    // later page is the newer one.
    this.#table.set(loginKey(profile.login), this.#count);
    if (this.#count + 1 > this.#offsets.length) {
      const larger = new Float64Array(this.#offsets.length * 2);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    const indexed: IndexedUser = {
      id,
      status,
      created,
      type: { id: type.id },
      ...(realmId !== undefined && { realmId }),
      profile,
      ...((status === 'STAGED' || credentials?.provider.type !== 'OKTA') && credentials && { credentials }),
    };
    const data = Buffer.from(JSON.stringify(indexed));
    this.#buffered.push(data);
    this.#bufferedBytes += data.length;
    this.#offsets[this.#count] = this.#writtenBytes + this.#bufferedBytes;
    if (this.#bufferedBytes > 1 << 18) this.#flush();
  }

  find(login: string): IndexedUser | undefined {
    return this.#read(this.#table.find(loginKey(login)));
  }

  /** The users who have a key: none, one, or the first two of several. */
  findByKey(key: string): readonly IndexedUser[] {
    const first = this.#read(this.#table.find(keyOf(key)));
    if (first === undefined) return [];
    const second = this.#read(this.#seconds.find(key));
    // A user who was changed while the pages were read is on two of them.
    return second === undefined || second.id === first.id ? [first] : [first, second];
  }

  #read(number: number | undefined): IndexedUser | undefined {
    if (number === undefined) return undefined;
    if (this.#bufferedBytes > 0) this.#flush();
    const from = this.#offsets[number - 1] ?? 0;
    const data = Buffer.alloc((this.#offsets[number] ?? 0) - from);
    this.#using(() => readSync(this.#file, data, 0, data.length, from));
    return JSON.parse(data.toString('utf8')) as IndexedUser;
  }

  close(): void {
    closeSync(this.#file);
    if (!this.#isUnlinked) unlinkSync(this.#path);
  }

  #flush(): void {
    const data = Buffer.concat(this.#buffered);
    // A disk that is nearly full may accept only a part of it.
    for (let written = 0; written < data.length;) {
      const at = this.#writtenBytes + written;
      written += this.#using(() => writeSync(this.#file, data, written, undefined, at));
    }
    this.#writtenBytes += this.#bufferedBytes;
    this.#buffered = [];
    this.#bufferedBytes = 0;
  }

  /** @throws {TemporaryFileError} */
  #using<T>(use: () => T): T {
    try {
      return use();
    } catch (error) {
      throw new TemporaryFileError(this.#path, error);
    }
  }
}

/** No login begins like that. */
function keyOf(key: string): string {
  return `\0${key}`;
}
