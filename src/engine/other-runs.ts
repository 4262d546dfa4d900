import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import type { Clock } from '../clock.js';
import { DigestTable } from '../digest-table.js';
import { loginKey } from '../okta/login.js';
import type { User } from '../okta/types.js';
import { writtenChangeOf } from '../rows/outcome.js';

import { JOURNAL_FILE, sendsRows } from '../journal/journal-line.js';
import type { PossibleCreate } from '../journal/possible-create.js';
import { readDescription, readJournal } from '../journal/reader.js';
import { wasUndone } from '../journal/run-folder.js';

import { lastSentBefore } from './settle-create.js';

/** What another run says about a user. */
export type Claim =
  | 'created'
  /** It created the user, who lacks credentials or is still staged: the row of the user can be imported again. */
  | 'unfinished'
  /**
   * It does not know whether it created a user with this login. `lastSentAtMs`: its last request that may have been processed
   * when the user was created, or -Infinity.
   */
  | { readonly lastSentAtMs: number }
  | undefined;

/** Clocks of hosts that share a reports folder may differ. */
const MARGIN_MS = 24 * 3_600_000;
/** A journal that grows is read again this much later, measured in the time that reading it took. */
const REREAD_FACTOR = 20;
const REREAD_MS = 1000;

export interface InterruptedImport {
  readonly runId: string;
  readonly folder: string;
  readonly rowsInDoubt: number;
}

interface KnownRun {
  readonly sizeBytes: number;
  readonly rereadAtMs: number;
  readonly createdIds: DigestTable;
  /** Some of them. */
  readonly unfinishedIds: DigestTable;
  /** What may have been created, by login. */
  readonly inDoubt: ReadonlyMap<string, readonly PossibleCreate[]>;
}

/**
 * The runs in the same reports folder: a user that one of them reports as created is not this run's, even if its time and
 * profile would fit. Reads nothing until it is asked.
 */
export class OtherRuns {
  readonly #folder: string;
  readonly #org: string;
  readonly #clock: Pick<Clock, 'now'>;
  /** By path; undefined for a journal of another org or job, or one that cannot be read. */
  readonly #runs = new Map<string, KnownRun | undefined>();
  #reading: Promise<void> | undefined;
  #listedAtMs = Number.NEGATIVE_INFINITY;
  /** Journals were read as far as they can know users that were created since then. */
  #sinceMs = Number.POSITIVE_INFINITY;

  /** @param folder - of this run. */
  constructor(folder: string, org: string, clock: Pick<Clock, 'now'>) {
    this.#folder = resolve(folder);
    this.#org = org;
    this.#clock = clock;
  }

  /** What other runs say about a user. */
  async claimOf({ id: oktaId, created, profile }: Pick<User, 'id' | 'created' | 'profile'>): Promise<Claim> {
    const createdMs = Date.parse(created);
    while (!this.#isCurrent(createdMs)) {
      await (this.#reading ??= this.#refresh(createdMs).finally(() => (this.#reading = undefined)));
    }
    const key = loginKey(profile.login);
    let claim: Exclude<Claim, string>;
    let isUnfinished = false;
    for (const run of this.#runs.values()) {
      if (run?.createdIds.find(oktaId) !== undefined) {
        // One run may have finished what another one left.
        if (run.unfinishedIds.find(oktaId) === undefined) return 'created';
        isUnfinished = true;
      }
      const creates = run?.inDoubt.get(key);
      if (creates === undefined) continue;
      const lastSentAtMs = lastSentBefore(createdMs, creates);
      if (claim === undefined || lastSentAtMs > claim.lastSentAtMs) claim = { lastSentAtMs };
    }
    return isUnfinished ? 'unfinished' : claim;
  }

  /** Interrupted imports of a file, whose rows in doubt this run may meet. */
  async interruptedImportsOf(sha256: string): Promise<readonly InterruptedImport[]> {
    const found: InterruptedImport[] = [];
    for (const { folder } of await this.#journals()) {
      const description = await readDescription(folder).catch(() => undefined);
      if (description?.file.sha256 !== sha256 || description.org !== this.#org) continue;
      if (!sendsRows(description) || (await wasUndone(folder))) continue;
      const past = await readJournal(folder).catch(() => undefined);
      if (past === undefined) continue;
      const { rowsInDoubt } = past;
      past.close();
      if (rowsInDoubt > 0) found.push({ runId: description.runId, folder, rowsInDoubt });
    }
    return found;
  }

  async #journals(): Promise<{ readonly folder: string; readonly stats: Stats }[]> {
    const reports = dirname(this.#folder);
    const found = [];
    for (const name of await readdir(reports).catch(() => [])) {
      if (name === basename(this.#folder)) continue;
      const folder = join(reports, name);
      const stats = await lstat(join(folder, JOURNAL_FILE)).catch(() => undefined);
      if (stats?.isFile() === true) found.push({ folder, stats });
    }
    return found;
  }

  #isCurrent(createdMs: number): boolean {
    return this.#clock.now() < this.#listedAtMs + REREAD_MS && !(createdMs < this.#sinceMs);
  }

  async #refresh(createdMs: number): Promise<void> {
    const nowMs = this.#clock.now();
    for (const { folder, stats } of await this.#journals()) {
      if (stats.mtimeMs < createdMs - MARGIN_MS) continue;
      const known = this.#runs.get(folder);
      if (
        known === undefined
          ? this.#runs.has(folder)
          : known.sizeBytes === stats.size || nowMs < known.rereadAtMs
      ) {
        continue;
      }
      this.#runs.set(folder, await this.#read(folder, stats.size).catch(() => undefined));
    }
    this.#sinceMs = Math.min(this.#sinceMs, createdMs);
    this.#listedAtMs = this.#clock.now();
  }

  async #read(folder: string, sizeBytes: number): Promise<KnownRun | undefined> {
    const startedAtMs = this.#clock.now();
    const past = await readJournal(folder);
    try {
      const { description, lastRow } = past;
      if (description.org !== this.#org || !sendsRows(description)) return undefined;
      const createdIds = new DigestTable();
      const unfinishedIds = new DigestTable();
      const inDoubt = new Map<string, readonly PossibleCreate[]>();
      for (let row = 1; row <= lastRow; row += 1) {
        const outcome = past.outcomeOf(row);
        const written = outcome && writtenChangeOf(outcome);
        if (written?.status === 'created') {
          createdIds.setIfAbsent(written.oktaId, row);
          if (outcome?.status === 'failed' && written.lacks !== undefined) {
            unfinishedIds.setIfAbsent(written.oktaId, row);
          }
        }
        const login = past.loginInDoubt(row);
        if (login !== undefined) inDoubt.set(loginKey(login), past.possibleCreates(row));
      }
      const nowMs = this.#clock.now();
      const rereadAtMs = nowMs + Math.max(REREAD_MS, (nowMs - startedAtMs) * REREAD_FACTOR);
      return { sizeBytes, rereadAtMs, createdIds, unfinishedIds, inDoubt };
    } finally {
      past.close();
    }
  }
}
