import { appendFileSync } from 'node:fs';
import { open, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { OktaImportError } from '../errors.js';

import type { Change, RowOutcome } from '../rows/outcome.js';
import type { Operation } from '../rows/operation.js';
import { formatOutcome } from './outcome-line.js';
import type { Sample } from './progress-samples.js';
import { messageOf } from '../text.js';

/** What a run is about: the first line of its journal. Holds no secret. */
export interface RunDescription {
  readonly runId: string;
  /** Of the program. */
  readonly version: string;
  readonly command: string;
  readonly file: {
    readonly name: string;
    /** Absolute; where a resumed run looks first. */
    readonly path: string;
    readonly sizeBytes: number;
    readonly sha256: string;
    readonly encoding: string;
    readonly delimiter: string;
    /** Data records. */
    readonly records: number;
    /** Which columns hold secrets, by index: `failed.csv` never shows them. Absent from journals of earlier versions. */
    readonly secretColumns?: readonly number[] | undefined;
  };
  /** The org's URL. */
  readonly org: string;
  /** ISO 8601, our clock. */
  readonly startedAt: string;
  /** The same moment by the org's clock at the earliest, epoch milliseconds: what `created` is compared with. */
  readonly startedAtOrgMs: number;
  /** The flags that decide what is done to a row. */
  readonly settings: RunSettings;
}

export interface RunSettings {
  readonly mapping: string | undefined;
  readonly activate: boolean;
  readonly changePassword: boolean;
  readonly groups: readonly string[];
  readonly userType: string | undefined;
  readonly only: string | undefined;
  readonly ignoreColumns: readonly string[];
  readonly encoding: string | undefined;
  readonly delimiter: string | undefined;
  /** Absent from journals of versions before workbooks. */
  readonly sheet?: string | undefined;
  /** What to do where the login is taken. Absent from journals of versions before updates, as are the next two. */
  readonly ifExists?: IfExists | undefined;
  readonly clearEmpty?: boolean | undefined;
  readonly createGroups?: boolean | undefined;
}

/** What becomes of a row whose login is taken: it fails, is left alone, or the user is brought up to date. */
export type IfExists = 'fail' | 'skip' | 'update';

/** What an update is about to write, all that it wrote for the row before included; `from` is what `undo` puts back. */
export interface RecordedUpdate {
  readonly oktaId: string;
  readonly changes: readonly Change[];
  /** Ids of groups that the user is not in. */
  readonly joins: readonly string[];
}

/** One line of `journal.ndjson`. `at` is ISO 8601 by our clock. */
export type JournalLine =
  | ({ readonly type: 'run'; readonly journal: 1 } & RunDescription)
  /** About to be sent. `orgMs`: the earliest that the org's clock may have stood at. */
  | {
      readonly type: 'attempt';
      readonly row: number;
      readonly line: number;
      readonly login: string;
      readonly orgMs: number;
      /** Absent when it is a create. */
      readonly update?: RecordedUpdate | undefined;
    }
  /** A group that was not there, and was created for the rows that name it. */
  | { readonly type: 'group'; readonly groupId: string; readonly name: string }
  | ({ readonly type: 'outcome' } & RowOutcome)
  /** Where the run stood, at most once a second: for the report page, and of no account to `resume`. */
  | ({ readonly type: 'sample' } & Sample)
  | { readonly type: 'resumed'; readonly at: string; readonly version: string }
  | ({ readonly type: 'finished' } & RunEnd);

/** How a run, or the part of it that one process did, came to an orderly end. */
export interface RunEnd {
  readonly at: string;
  readonly exitCode: number;
  /** In words why it did not come to the end of its file; null when it did. Absent from journals of earlier versions. */
  readonly stoppedBecause?: string | null | undefined;
}

/** The journal cannot be written: nothing may be sent any more. */
export class JournalError extends OktaImportError {
  override readonly code = 'ERR_JOURNAL';

  constructor(path: string, cause: unknown) {
    super(`The journal ${path} cannot be written: ${messageOf(cause)}.`, {
      hint: 'Make room on the disk, then resume the run: what is in doubt is settled then.',
      cause,
    });
  }
}

export const JOURNAL_FILE = 'journal.ndjson';
/** How often written lines are forced to the disk at the most; a power cut can lose what came since. */
const SYNC_EVERY_MS = 250;

/**
 * The run's append-only record of attempts and outcomes: the truth from which reports are made and runs are resumed.
 *
 * A line is in the operating system's hands before its promise resolves, so that a killed process loses nothing. Lines
 * that come in one turn of the event loop go together in one write (group commit). After a failed write nothing more is
 * written, so that a torn line is always the last.
 */
export class Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  #waiting: string[] = [];
  /** The write that will take the lines that are waiting. */
  #nextWrite: Promise<void> | undefined;
  #failure: JournalError | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  /** The forced write that has not begun yet, and the last one that has. */
  #nextSync: Promise<void> | undefined;
  #lastSync: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Begins the journal of a new run. @throws {JournalError} also when the folder already holds one. */
  static create(folder: string, description: RunDescription): Promise<Journal> {
    const path = join(folder, JOURNAL_FILE);
    return Journal.#openWith(path, () => open(path, 'wx', 0o600), {
      type: 'run',
      journal: 1,
      ...description,
    });
  }

  /**
   * Goes on with a journal, whose torn last line, if any, is cut off.
   *
   * @param bytes - the length of its whole lines.
   * @throws {JournalError}
   */
  static reopen(folder: string, bytes: number, note: { at: string; version: string }): Promise<Journal> {
    const path = join(folder, JOURNAL_FILE);
    const reopened = async (): Promise<FileHandle> => {
      await truncate(path, bytes);
      return open(path, 'a', 0o600);
    };
    return Journal.#openWith(path, reopened, { type: 'resumed', ...note });
  }

  static async #openWith(
    path: string,
    opened: () => Promise<FileHandle>,
    line: JournalLine,
  ): Promise<Journal> {
    const journal = new Journal(
      path,
      await opened().catch((error: unknown) => {
        throw new JournalError(path, error);
      }),
    );
    try {
      await journal.#append(line);
      return journal;
    } catch (error) {
      await journal.close();
      throw error;
    }
  }

  /**
   * Resolves once the line is written: only then may the request be sent. An update's is on the disk by then: what it
   * overwrites is nowhere else.
   *
   * @throws {JournalError}
   */
  recordAttempt({ row, login }: Operation, orgMs: number, update?: RecordedUpdate): Promise<void> {
    const { row: number, line } = row;
    const written = this.#append({
      type: 'attempt',
      row: number,
      line,
      login,
      orgMs: Math.floor(orgMs),
      update,
    });
    return update === undefined ? written : written.then(() => this.#sync());
  }

  /** @throws {JournalError} */
  async recordGroup(groupId: string, name: string): Promise<void> {
    await this.#append({ type: 'group', groupId, name });
    await this.#sync();
  }

  /** @throws {JournalError} */
  recordOutcome(outcome: RowOutcome): Promise<void> {
    return this.#appendText(formatOutcome(outcome));
  }

  /** Resolves when all that was recorded is written. @throws {JournalError} */
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
  recordEnd(end: RunEnd): Promise<void> {
    return this.#append({ type: 'finished', ...end });
  }

  async close(): Promise<void> {
    await this.#nextWrite?.catch(() => {});
    await this.#lastSync;
    clearTimeout(this.#syncTimer);
    try {
      await this.#file.datasync();
    } catch {
      // The lines are with the system; that the disk may not have them could only be told to somebody who has left.
    } finally {
      await this.#file.close();
    }
  }

  #append(line: JournalLine): Promise<void> {
    return this.#appendText(JSON.stringify(line));
  }

  #appendText(line: string): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#waiting.push(line);
    this.#nextWrite ??= this.#write();
    return this.#nextWrite;
  }

  /**
   * Writes what has come by the end of this turn of the event loop. A few kilobytes are with the system in less time than it takes to
   * hand them to another thread and hear back; and while the disk is stuck nothing may be sent anyway.
   */
  async #write(): Promise<void> {
    await new Promise(setImmediate);
    const lines = this.#waiting;
    this.#waiting = [];
    this.#nextWrite = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    try {
      appendFileSync(this.#file.fd, `${lines.join('\n')}\n`);
      this.#syncSoon();
    } catch (error) {
      this.#failure = new JournalError(this.#path, error);
      throw this.#failure;
    }
  }

  /** Shared by all who come before it begins; one under way may have begun before their lines were written. */
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
