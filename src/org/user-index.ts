import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { DigestTable } from '../digest-table.js';
import { loginKey } from '../okta/login.js';
import type { User } from '../okta/types.js';

/** What a run needs to know of a user who is there already. */
export type IndexedUser = Pick<User, 'id' | 'status' | 'created' | 'type' | 'profile'>;

/**
 * Users by login, as a listing of the org told of them.
 *
 * Holds some 24 bytes a user in memory. The profiles stand in a file of the run's folder that only this process can
 * reach, and that is gone with it, where the system can do that.
 */
export class UserIndex {
  readonly #path: string;
  readonly #file: number;
  readonly #table = new DigestTable();
  /** Where each user's record begins; the next one's beginning is its end. */
  #offsets = new Float64Array(1024);
  #count = 0;
  #isUnlinked = false;
  /** Records that are not in the file yet. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #writtenBytes = 0;

  /** @param folder - where its file can be. */
  constructor(folder: string) {
    this.#path = join(folder, '.people');
    this.#file = openSync(this.#path, 'w+', 0o600);
    try {
      unlinkSync(this.#path);
      this.#isUnlinked = true;
    } catch {
      // Windows removes no file that is open: `close` does.
    }
  }

  get size(): number {
    return this.#count;
  }

  add({ id, status, created, type, profile }: User): void {
    this.#count += 1;
    // Logins are unique in an org: a second one is the same user, changed while the pages were read.
    this.#table.claim(loginKey(profile.login), this.#count);
    if (this.#count + 1 > this.#offsets.length) {
      const larger = new Float64Array(this.#offsets.length * 2);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    const record = Buffer.from(
      JSON.stringify({ id, status, created, type: { id: type.id }, profile } satisfies IndexedUser),
    );
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    this.#offsets[this.#count] = this.#writtenBytes + this.#waitingBytes;
    if (this.#waitingBytes > 1 << 18) this.#flush();
  }

  find(login: string): IndexedUser | undefined {
    const number = this.#table.find(loginKey(login));
    if (number === undefined) return undefined;
    if (this.#waitingBytes > 0) this.#flush();
    const from = this.#offsets[number - 1] ?? 0;
    const record = Buffer.alloc((this.#offsets[number] ?? 0) - from);
    readSync(this.#file, record, 0, record.length, from);
    return JSON.parse(record.toString('utf8')) as IndexedUser;
  }

  close(): void {
    closeSync(this.#file);
    if (!this.#isUnlinked) unlinkSync(this.#path);
  }

  #flush(): void {
    writeSync(this.#file, Buffer.concat(this.#waiting), 0, undefined, this.#writtenBytes);
    this.#writtenBytes += this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
