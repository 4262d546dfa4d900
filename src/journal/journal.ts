import { appendFileSync } from 'node:fs';
import { lstat, open, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { OktaImportError } from '../errors.js';
import type { Operation } from '../rows/operation.js';
import type { RowOutcome } from '../rows/outcome.js';
import { APPEND_NO_LINK, syncFolder } from '../private-file.js';
import { messageOf } from '../text.js';

import {
  formatOutcome,
  JOURNAL_FILE,
  type AttemptTime,
  type JournalLine,
  type RecordedMember,
  type RecordedUpdate,
  type RunDescription,
  type RunEnd,
} from './journal-line.js';
import { sealLine } from './line-seal.js';
import { LockLostError } from './lock-file.js';
import type { Sample } from './progress-samples.js';
import type { PastRun } from './reader.js';

/** The journal cannot be written: nothing may be sent any more. */
export class JournalError extends OktaImportError {
  override readonly code = 'ERR_JOURNAL';

  constructor(
    path: string,
    cause: unknown,
    hint = 'Free some disk space, then resume the run: it finds out what happened to the rows in doubt.',
  ) {
    super(`Cannot write the journal ${path}: ${messageOf(cause)}.`, { hint, cause });
  }
}

const NOT_STARTED_HINT =
  'Free some disk space or correct the permissions of the folder, then run the same command again: nothing was sent.';

/**
 * How long outcomes wait for others, because a write for each costs as much as its promise. A kill can lose outcomes that wait:
 * their rows are then in doubt, as those in flight are.
 */
const OUTCOME_DELAY_MS = 2;
/** Other lines are forced to the disk at most this often; a power failure can lose those written since then. */
const SYNC_EVERY_MS = 250;

/**
 * The append-only record of a run's attempts and outcomes, from which reports are made and runs are resumed.
 *
 * The operating system has a line before its promise resolves, so a killed process loses nothing; attempts and groups are
 * also on the disk by then. Lines that arrive within one turn of the event loop share one write (group commit), and outcomes
 * wait for others a little longer. After a failed write nothing more is written, so only the last line can be torn.
 */
export class Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #assertHeld: () => void;
  /** Number of lines in the file. */
  #lines: number;
  #queue: string[] = [];
  /** The write that will take the lines in the queue. */
  #nextWrite: Promise<void> | undefined;
  /** Starts it; undefined when it starts in this turn of the event loop anyway. */
  #startWrite: (() => void) | undefined;
  #failure: JournalError | LockLostError | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  /** The sync that has not begun yet, and the last one that has. */
  #nextSync: Promise<void> | undefined;
  #lastSync: Promise<void> = Promise.resolve();
  /** The last write that somebody waits to be synced. */
  #lastSynced: { readonly written: Promise<void>; readonly synced: Promise<void> } | undefined;

  private constructor(path: string, file: FileHandle, lines: number, assertHeld: () => void) {
    this.#path = path;
    this.#file = file;
    this.#assertHeld = assertHeld;
    this.#lines = lines;
  }

  /**
   * Creates the journal of a new run.
   *
   * @param assertHeld - called before lines are written; may throw a `LockLostError`.
   * @throws {JournalError} also when the folder already has one.
   */
  static async create(
    folder: string,
    description: RunDescription,
    assertHeld: () => void = () => {},
  ): Promise<Journal> {
    const path = join(folder, JOURNAL_FILE);
    let isNew = false;
    const openNew = async (): Promise<FileHandle> => {
      const file = await open(path, 'wx', 0o600);
      isNew = true;
      // Otherwise a power failure could lose the file itself.
      for (const parent of [folder, dirname(folder)]) await syncFolder(parent);
      return file;
    };
    const firstLine = { type: 'run', journal: 2, ...description } as const;
    try {
      return await Journal.#openWith(path, openNew, firstLine, 0, assertHeld);
    } catch (error) {
      // Without its first line, there is no run to resume.
      if (isNew) await unlink(path).catch(() => {});
      if (error instanceof JournalError) error.hint = NOT_STARTED_HINT;
      throw error;
    }
  }

  /**
   * Opens a journal to append to it. A torn last line is removed.
   *
   * @param end - of its complete lines.
   * @param assertHeld - see `create`.
   * @throws {JournalError}
   */
  static reopen(
    folder: string,
    end: Pick<PastRun, 'bytes' | 'lines'>,
    note: { at: string; version: string },
    assertHeld: () => void = () => {},
  ): Promise<Journal> {
    const path = join(folder, JOURNAL_FILE);
    const openTruncated = async (): Promise<FileHandle> => {
      const file = await open(path, APPEND_NO_LINK);
      await file.truncate(end.bytes);
      return file;
    };
    return Journal.#openWith(path, openTruncated, { type: 'resumed', ...note }, end.lines, assertHeld);
  }

  static async #openWith(
    path: string,
    openFile: () => Promise<FileHandle>,
    firstLine: JournalLine,
    lines: number,
    assertHeld: () => void,
  ): Promise<Journal> {
    const file = await openFile().catch((error: unknown) => {
      throw new JournalError(path, error);
    });
    const journal = new Journal(path, file, lines, assertHeld);
    try {
      await journal.#append(firstLine);
      return journal;
    } catch (error) {
      await journal.close();
      throw error;
    }
  }

  /**
   * Resolves when the attempt is on the disk: only then may its request be sent, so that no crash or power failure loses an
   * attempt. All attempts that wait share one sync.
   *
   * @throws {JournalError}
   */
  recordAttempt(
    { row: { row, line }, login }: Operation,
    { orgMs, endMs }: AttemptTime,
    update?: RecordedUpdate,
  ): Promise<void> {
    const written = this.#append({
      type: 'attempt',
      row,
      line,
      login,
      orgMs: Math.floor(orgMs),
      endMs: endMs && Math.ceil(endMs),
      update,
    });
    return this.#syncAfter(written);
  }

  /** From here on, recorded times are comparable with `created` of users. @throws {JournalError} */
  recordClock(shiftMs: number): Promise<void> {
    return this.#append({ type: 'clock', shiftMs: Math.round(shiftMs) });
  }

  /** Resolves when the group is on the disk. @throws {JournalError} */
  async recordGroup(groupId: string, name: string): Promise<void> {
    await this.#append({ type: 'group', groupId, name });
    await this.#sync();
  }

  /** Before the attempt of the same row, whose sync covers it. @throws {JournalError} */
  recordMember(member: RecordedMember): Promise<void> {
    return this.#append({ type: 'member', ...member });
  }

  /** @throws {JournalError} */
  recordOutcome(outcome: RowOutcome): Promise<void> {
    return this.#appendText(formatOutcome(outcome), false);
  }

  /** Resolves when everything recorded so far is written. @throws {JournalError} */
  written(): Promise<void> {
    return this.#failure === undefined
      ? (this.#nextWrite ?? Promise.resolve())
      : Promise.reject(this.#failure);
  }

  /** @throws {JournalError} */
  recordSample(sample: Sample): Promise<void> {
    return this.#append({ type: 'sample', ...sample });
  }

  /** @throws {JournalError} */
  async recordEnd(end: RunEnd): Promise<void> {
    await this.#append({ type: 'finished', ...end });
    await this.#assertInPlace();
  }

  /** A deleted or replaced file can still be written to, and is lost in the end. @throws {JournalError} */
  async #assertInPlace(): Promise<void> {
    const named = await lstat(this.#path).catch(() => undefined);
    const { ino, dev } = await this.#file.stat();
    if (named?.ino === ino && named.dev === dev) return;
    throw (this.#failure ??= new JournalError(
      this.#path,
      new Error('it was deleted or replaced during the run'),
    ));
  }

  async close(): Promise<void> {
    await this.#nextWrite?.catch(() => {});
    await this.#lastSync;
    clearTimeout(this.#syncTimer);
    try {
      await this.#file.datasync();
    } catch {
      // The operating system has the lines, and nobody waits for the result any more.
    } finally {
      await this.#file.close();
    }
  }

  #append(line: JournalLine): Promise<void> {
    return this.#appendText(JSON.stringify(line));
  }

  /** @param isUrgent - whether a caller waits for the line. */
  #appendText(line: string, isUrgent = true): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#queue.push(line);
    this.#nextWrite ??= this.#write();
    if (isUrgent && this.#startWrite !== undefined) {
      setImmediate(this.#startWrite);
      this.#startWrite = undefined;
    }
    return this.#nextWrite;
  }

  /**
   * Writes what is queued at the end of this turn of the event loop, or after a few if nothing is urgent. Synchronously: a few kilobytes
   * take less time than a round trip to another thread, and while the disk hangs nothing may be sent anyway.
   */
  async #write(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, OUTCOME_DELAY_MS);
      this.#startWrite = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#startWrite = undefined;
    const lines = this.#queue;
    this.#queue = [];
    this.#nextWrite = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    try {
      this.#assertHeld();
      let text = '';
      for (const line of lines) text += `${sealLine(line, (this.#lines += 1))}\n`;
      appendFileSync(this.#file.fd, text);
      this.#syncSoon();
    } catch (error) {
      this.#failure = error instanceof LockLostError ? error : new JournalError(this.#path, error);
      throw this.#failure;
    }
  }

  /** One promise for all lines of one write: there may be thousands per second. */
  #syncAfter(written: Promise<void>): Promise<void> {
    if (this.#lastSynced?.written !== written) {
      const synced = written.then(() => this.#sync());
      this.#lastSynced = { written, synced };
    }
    return this.#lastSynced.synced;
  }

  /** Shared by all who call before it begins; one that has begun may not cover lines written since. */
  #sync(): Promise<void> {
    if (this.#nextSync === undefined) {
      const previous = this.#lastSync;
      const sync = (async () => {
        await previous;
        this.#nextSync = undefined;
        try {
          await this.#file.datasync();
        } catch (error) {
          throw (this.#failure ??= new JournalError(this.#path, error));
        }
      })();
      this.#nextSync = sync;
      this.#lastSync = sync.catch(() => {});
    }
    return this.#nextSync;
  }

  #syncSoon(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#file.datasync().then(
        () => (this.#syncTimer = undefined),
        (error: unknown) => (this.#failure ??= new JournalError(this.#path, error)),
      );
    }, SYNC_EVERY_MS);
    this.#syncTimer.unref();
  }
}
