import { open, readdir, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { hasErrorCode, OktaImportError } from '../errors.js';
import { APPEND_NO_LINK, READ_NO_LINK, syncFolder } from '../private-file.js';
import { messageOf } from '../text.js';

/** `reminder`: an email was requested. `link`: an activation link was requested. */
export type FirstDayAction = 'reminder' | 'link';

/** What was sent to people cannot be read or written: nothing may be sent then. */
export class FirstDayLogError extends OktaImportError {
  override readonly code = 'ERR_FIRST_DAY_LOG';
}

interface Entry {
  readonly oktaId: string;
  readonly action: FirstDayAction;
  /** ISO 8601, by the org's clock, since this machine's clock may be changed. */
  readonly at: string;
  /** When the run that sent it started; absent from older logs. */
  readonly startedAt?: string;
  /** Okta refused the request: nothing was sent. */
  readonly isWithdrawn?: boolean;
}

/** Times by the org's clock, in epoch milliseconds. */
export interface Sent {
  readonly atMs: number;
  /** When its run started: the interval to the next reminder counts from then. */
  readonly startedAtMs: number;
}

/** Where the runs of a folder remember what was sent to their people. */
export function firstDayLogOfRun(runFolder: string): string {
  return join(runFolder, 'first-day.jsonl');
}

/** The logs of all runs and data sets of a reports folder: a person can be in several. */
export async function firstDayLogsIn(reports: string): Promise<readonly string[]> {
  const names = await readdir(reports).catch(() => []);
  const ofDatasets = await readdir(join(reports, 'datasets')).catch(() => []);
  return [
    ...names.map((name) => firstDayLogOfRun(join(reports, name))),
    ...ofDatasets
      .filter((name) => name.endsWith('.first-day.jsonl'))
      .map((name) => join(reports, 'datasets', name)),
  ];
}

/** @param path - of the state of the data set. */
export function firstDayLogOfDataset(path: string): string {
  return join(dirname(path), `${basename(path, '.ndjson')}.first-day.jsonl`);
}

/**
 * What people were sent on their first days, by Okta ID. An entry is on the disk before its request is sent, so that neither a
 * kill nor a lost response ever causes a second email.
 */
export class FirstDayLog {
  readonly #path: string;
  readonly #file: FileHandle | undefined;
  readonly #assertHeld: () => void;
  readonly #sent: Readonly<Record<FirstDayAction, Map<string, readonly Sent[]>>> = {
    reminder: new Map(),
    link: new Map(),
  };
  #queue: Entry[] = [];
  /** The write that will take the entries in the queue, and the last one that has begun. */
  #nextWrite: Promise<void> | undefined;
  #lastWrite: Promise<void> = Promise.resolve();
  #failure: FirstDayLogError | undefined;

  private constructor(
    path: string,
    file: FileHandle | undefined,
    entries: readonly Entry[],
    assertHeld: () => void,
  ) {
    this.#path = path;
    this.#file = file;
    this.#assertHeld = assertHeld;
    for (const entry of entries) this.#apply(entry);
  }

  /** Reads the log, if there is one; nothing can be recorded. @throws {FirstDayLogError} */
  static async read(path: string): Promise<FirstDayLog> {
    const text = await readText(path);
    return new FirstDayLog(path, undefined, entriesIn(text, path), () => {});
  }

  /**
   * Opens the log, and creates it if need be. An entry that was torn by a crash is removed: its request was not sent.
   *
   * @param assertHeld - called before entries are written; may throw a `LockLostError`.
   * @throws {FirstDayLogError}
   */
  static async open(path: string, assertHeld: () => void): Promise<FirstDayLog> {
    const text = await readText(path);
    const entries = entriesIn(text, path);
    try {
      const file = text === undefined ? await open(path, 'ax', 0o600) : await open(path, APPEND_NO_LINK);
      if (text === undefined) await syncFolder(dirname(path));
      else await file.truncate(Buffer.byteLength(completeLines(text)));
      return new FirstDayLog(path, file, entries, assertHeld);
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /** When an action was last requested for a user; undefined for never. */
  last(action: FirstDayAction, oktaId: string): Sent | undefined {
    return this.#sent[action].get(oktaId)?.at(-1);
  }

  /** The users for whom an action was ever requested. */
  idsOf(action: FirstDayAction): Iterable<string> {
    return this.#sent[action].keys();
  }

  /**
   * Resolves when the entry is on the disk: only then may the request be sent.
   *
   * @param startedAtMs - when the run started, by the org's clock.
   * @throws {FirstDayLogError | LockLostError}
   */
  record(action: FirstDayAction, oktaId: string, orgNowMs: number, startedAtMs?: number): Promise<void> {
    return this.#append({
      oktaId,
      action,
      at: new Date(orgNowMs).toISOString(),
      ...(startedAtMs !== undefined && { startedAt: new Date(startedAtMs).toISOString() }),
    });
  }

  /** Okta refused the request, so that another one may be sent at any time. @throws {FirstDayLogError | LockLostError} */
  withdraw(action: FirstDayAction, oktaId: string, orgNowMs: number): Promise<void> {
    return this.#append({ oktaId, action, at: new Date(orgNowMs).toISOString(), isWithdrawn: true });
  }

  async close(): Promise<void> {
    await this.#nextWrite?.catch(() => {});
    await this.#file?.close();
  }

  /** Entries that wait for the same sync share it. */
  #append(entry: Entry): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#queue.push(entry);
    if (this.#nextWrite === undefined) {
      const write = this.#writeAfter(this.#lastWrite);
      this.#nextWrite = write;
      this.#lastWrite = write.catch(() => {});
    }
    return this.#nextWrite;
  }

  async #writeAfter(previous: Promise<void>): Promise<void> {
    await previous;
    const entries = this.#queue;
    this.#queue = [];
    this.#nextWrite = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    this.#assertHeld();
    try {
      if (this.#file === undefined) throw new Error('it was opened for reading');
      await this.#file.appendFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      await this.#file.datasync();
    } catch (error) {
      throw (this.#failure = unwritable(this.#path, error));
    }
    for (const entry of entries) this.#apply(entry);
  }

  #apply({ oktaId, action, at, startedAt = at, isWithdrawn = false }: Entry): void {
    const sent = this.#sent[action];
    const former = sent.get(oktaId) ?? [];
    const entry = { atMs: Date.parse(at), startedAtMs: Date.parse(startedAt) };
    const now = isWithdrawn ? former.slice(0, -1) : [...former, entry];
    if (now.length === 0) sent.delete(oktaId);
    else sent.set(oktaId, now);
  }
}

/** @returns undefined when there is no file. */
async function readText(path: string): Promise<string | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, READ_NO_LINK);
    return await file.readFile('utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR')) return undefined;
    throw new FirstDayLogError(`Cannot read ${path}: ${messageOf(error)}.`, {
      hint: 'Correct the permissions of the file. Without it, people could get a second email.',
      cause: error,
    });
  } finally {
    await file?.close();
  }
}

function completeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

/** @throws {FirstDayLogError} a complete line is damaged. */
function entriesIn(text: string | undefined, path: string): readonly Entry[] {
  const lines = completeLines(text ?? '').split('\n');
  return lines.slice(0, -1).map((line, index) => {
    const entry = parseEntry(line);
    if (entry !== undefined) return entry;
    throw new FirstDayLogError(`${path} is damaged: line ${index + 1} cannot be read.`, {
      hint: 'Restore the file from a backup, or delete the line. Without it, its person could get a second email.',
    });
  });
}

function parseEntry(line: string): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return isEntry(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { oktaId, action, at, startedAt, isWithdrawn }: Partial<Record<keyof Entry, unknown>> = value;
  return (
    typeof oktaId === 'string' &&
    (action === 'reminder' || action === 'link') &&
    isTime(at) &&
    (startedAt === undefined || isTime(startedAt)) &&
    (isWithdrawn === undefined || typeof isWithdrawn === 'boolean')
  );
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function unwritable(path: string, cause: unknown): FirstDayLogError {
  return new FirstDayLogError(`Cannot write ${path}: ${messageOf(cause)}.`, {
    hint: 'Free some disk space or correct the permissions, then run the same command again: nobody gets a second email.',
    cause,
  });
}
