import type { Clock } from '../../clock.js';
import type { OpenOrg } from '../../jobs/job.js';
import { waitOf } from '../../jobs/track-progress.js';
import type { MappingFile } from '../../mapping/mapping-file.js';
import type { OpenTable } from '../steps.js';
import { waitText } from '../wait-text.js';

import { createCheckParts, type CheckParts } from './check-parts.js';
import type { Sheet } from './sheet.js';

export interface CheckWorkOptions {
  readonly table: OpenTable;
  readonly mappingFile: MappingFile;
  readonly connect: (() => Promise<OpenOrg>) | undefined;
  readonly clock: Clock;
  /** Reads the rows, or returns those with the edits so far. */
  readonly openSheet: (signal: AbortSignal, onProgress: (rows: number) => void) => Promise<Sheet>;
}

interface WorkListeners {
  /** Receives the number of rows so far. */
  readonly onRead: (rows: number) => void;
  readonly onProgress: (rows: number) => void;
  /** Receives each row that was checked. */
  readonly onChecked: (row: number) => void;
}

/**
 * Reads the rows and checks them, with the org if there is one. When it is closed, all its promises reject at once without waiting for
 * requests in flight: the next check must not wait for an org that does not respond.
 */
export class CheckWork {
  readonly #options: CheckWorkOptions;
  readonly #listeners: WorkListeners;
  readonly #closing = new AbortController();
  readonly #closed: Promise<never>;
  #current: Promise<void> = Promise.resolve();
  #parts: CheckParts | undefined;
  #org: OpenOrg | undefined;

  constructor(options: CheckWorkOptions, listeners: WorkListeners) {
    this.#options = options;
    this.#listeners = listeners;
    const { signal } = this.#closing;
    this.#closed = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
    this.#closed.catch(() => {});
  }

  /** Undefined until the rows are read and their columns are known. */
  get parts(): CheckParts | undefined {
    return this.#parts;
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** What the requests to the org wait for. */
  get wait(): string | undefined {
    return this.#org && waitText(waitOf(this.#org.client, this.#options.clock.now()));
  }

  /** Reads the rows and checks all of them. @throws what reading them and the org throws. */
  start(): Promise<void> {
    return this.#untilClosed(this.#readAndCheck());
  }

  /**
   * Checks rows that have changed and rows affected by the change.
   *
   * @param rows - undefined for all.
   * @throws what makes the org unusable.
   */
  recheck(parts: CheckParts, rows: readonly number[] | undefined): Promise<void> {
    const { checker } = parts;
    const check = async (): Promise<void> => {
      await (rows === undefined ? checker.checkAll(() => {}) : checker.recheck(rows));
      await parts.suggestGroups();
    };
    return this.#untilClosed(check());
  }

  /** Resolves when the requests in flight are done. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#current.catch(() => {});
    await this.#org?.close();
  }

  async #readAndCheck(): Promise<void> {
    const { signal } = this.#closing;
    const { openSheet, connect, mappingFile, table, clock } = this.#options;
    const { onRead, onProgress, onChecked } = this.#listeners;
    const sheet = await openSheet(signal, onRead);
    this.#org = await connect?.();
    const parts = await createCheckParts({
      sheet,
      table,
      mappingFile,
      org: this.#org,
      clock,
      signal,
      onChecked,
    });
    this.#parts = parts;
    await parts.checker.checkAll(onProgress);
    await parts.suggestGroups();
  }

  async #untilClosed(work: Promise<void>): Promise<void> {
    this.#current = work;
    await Promise.race([work, this.#closed]);
  }
}
