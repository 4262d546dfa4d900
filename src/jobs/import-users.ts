import { mkdir } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

import { systemClock } from '../clock.js';
import { OktaImportError } from '../errors.js';
import type { MappedRow } from '../mapping/user-request.js';
import { hasJournal } from '../journal/run-folder.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { Journal } from '../journal/journal.js';
import type { RunDescription } from '../journal/journal-line.js';
import { takeLock } from '../journal/lock.js';
import type { RowOutcome } from '../rows/outcome.js';

import type { Checks } from './compile-checks.js';
import { importRows, type Importing } from './import-rows.js';
import { concurrencyOf, rulesOf, type ImportUsersOptions } from './options.js';
import { openPeople, type OpenPeople, type PeopleSource } from './input-source.js';
import { programVersion } from './program-version.js';
import { prepare, stopOf, temporaryFolder, throwIfStopped } from './prepare.js';

/** The folder holds the journal of another import: of other people, or into another org. */
export class OtherJournalError extends OktaImportError {
  override readonly code = 'ERR_OTHER_JOURNAL';
}

/**
 * Makes people users of the org, exactly once each.
 *
 * Yields one outcome a record, as they come about. Records are taken as there is room, so that memory does not grow with
 * their number; who reads outcomes slowly slows the import down. Whoever leaves the loop early begins no more rows, and
 * waits for those under way. An error that ends the import (the source's, the org's, the journal's, the signal's reason)
 * is thrown when those under way have been yielded; the records after it have no outcome.
 *
 * Nothing is printed, and nothing is kept between two imports: several may run side by side, on one client or on several.
 *
 * @throws {ColumnsError} Columns mean nothing, or two the same thing; nothing was sent.
 * @throws {OrgUnavailableError} The org does not answer.
 * @throws {JournalError} The journal cannot be written; what was sent has been yielded.
 * @throws {OtherJournalError} The journal is of other people, or of another org.
 * @throws {LockedError} Another import is at work on the same journal.
 */
export async function* importUsers(
  source: PeopleSource,
  options: ImportUsersOptions,
): AsyncGenerator<RowOutcome, void, undefined> {
  const { client, only, expectedRows = 0 } = options;
  const concurrency = concurrencyOf(options);
  const { cancellation, release } = stopOf(options.signal);
  try {
    const people = await openPeople(source, cancellation.signal);
    try {
      throwIfStopped(cancellation);
      // No columns and no records: there is nobody to import.
      if (people.header.length === 0) return;
      const { checks, knowledge } = await prepare(people, client, options, cancellation.signal);
      const memory = await openMemory(people, options);
      try {
        const outcomes = importRows(people.rows, {
          client,
          groupResolver: knowledge.groupResolver,
          checks: recognising(checks, memory.past),
          rules: rulesOf(options),
          isSelected: only,
          expectedRows: people.count ?? expectedRows,
          stopConditions: undefined,
          ...memory,
          concurrency,
          cancellation,
          clock: systemClock,
          random: Math.random,
        });
        for await (const finished of outcomes) {
          for (const { outcome } of finished) {
            // What the run did not get to comes out of no later row either.
            if (outcome.status === 'not-attempted' && cancellation.signal.aborted) continue;
            yield outcome;
          }
        }
        await memory.finish(cancellation.reason === undefined ? 0 : 3);
      } finally {
        await memory.close();
      }
    } finally {
      await people.close();
    }
    throwIfStopped(cancellation);
  } catch (error) {
    // What waited was told to stop: the caller wants to hear why.
    throwIfStopped(cancellation);
    throw error;
  } finally {
    release();
  }
}

/** What is remembered of an import, if anything is. */
interface Memory extends Pick<Importing, 'journal' | 'past' | 'folder'> {
  finish(exitCode: number): Promise<void>;
  close(): Promise<void>;
}

async function openMemory(people: OpenPeople, options: ImportUsersOptions): Promise<Memory> {
  const { journal: folder } = options;
  if (folder === undefined) return forgetful;
  const startedAt = new Date(systemClock.now()).toISOString();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const runId = basename(resolve(folder));
  const version = await programVersion();
  const lock = await takeLock(`${folder}/lock`, `Run ${runId}`, runId, startedAt);
  let past: PastRun | undefined;
  try {
    past = (await hasJournal(folder)) ? await readJournal(folder) : undefined;
    if (past !== undefined) assertSamePeople(past.description, people, options);
    const journal =
      past === undefined
        ? await Journal.create(folder, describe(people, options, { runId, startedAt, version }))
        : await Journal.reopen(folder, past.bytes, { at: startedAt, version });
    return {
      journal,
      past,
      folder,
      finish: (exitCode) => journal.recordEnd({ at: new Date(systemClock.now()).toISOString(), exitCode }),
      async close() {
        await journal.close();
        past?.close();
        await lock.release();
      },
    };
  } catch (error) {
    past?.close();
    await lock.release();
    throw error;
  }
}

/** Without a folder an import remembers nothing of itself. */
const forgetful: Memory = {
  journal: {
    recordAttempt: () => Promise.resolve(),
    recordOutcome: () => Promise.resolve(),
    recordGroup: () => Promise.resolve(),
    written: () => Promise.resolve(),
  },
  past: undefined,
  get folder() {
    return temporaryFolder();
  },
  finish: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** @throws {OtherJournalError} */
function assertSamePeople(
  { file, org }: RunDescription,
  people: OpenPeople,
  { client, journal }: ImportUsersOptions,
): void {
  if (org !== client.orgUrl) {
    throw new OtherJournalError(`The journal in ${journal} is about ${org}, not ${client.orgUrl}.`, {
      hint: 'Give each import a folder of its own.',
    });
  }
  if (file.sha256 !== people.file.sha256) {
    throw new OtherJournalError(`The journal in ${journal} is about other people (${file.name}).`, {
      hint: 'Give each import a folder of its own; to go on with one, give it the same bytes again.',
    });
  }
}

/** Records have no hash: what a row was before must be what it is now. */
function recognising(checks: Checks, past: PastRun | undefined): Checks {
  if (past === undefined) return checks;
  return {
    ...checks,
    async *check(rows) {
      for await (const batch of checks.check(rows)) {
        for (const { mapped } of batch) assertSamePerson(mapped, past);
        yield batch;
      }
    },
  };
}

/** @throws {OtherJournalError} */
function assertSamePerson({ row: { row }, login }: MappedRow, past: PastRun): void {
  const earlier = past.outcomeOf(row);
  if (earlier === undefined || earlier.login === login) return;
  throw new OtherJournalError(
    `Record ${row} is ${login ?? 'without a login'}, and was ${earlier.login ?? 'without one'} in the journal.`,
    { hint: 'To go on with an import, give it the same records again, in the same order.' },
  );
}

function describe(
  { file, count }: OpenPeople,
  options: ImportUsersOptions,
  { runId, startedAt, version }: { runId: string; startedAt: string; version: string },
): RunDescription {
  const { serverClock } = options.client.governor;
  const { mapping, createGroups = false } = options;
  return {
    runId,
    version,
    command: 'import',
    file: { ...file, records: count ?? 0 },
    org: options.client.orgUrl,
    startedAt,
    startedAtOrgMs: serverClock.isKnown ? Math.floor(serverClock.earliest(Date.parse(startedAt))) : 0,
    settings: {
      ...rulesOf(options),
      mapping: mapping?.fileName,
      createGroups,
      only: undefined,
      encoding: undefined,
      delimiter: undefined,
    },
  };
}
