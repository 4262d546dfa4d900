import { tmpdir } from 'node:os';
import { basename, resolve } from 'node:path';

import { OktaImportError } from '../errors.js';
import { Journal } from '../journal/journal.js';
import type { RunDescription } from '../journal/journal-line.js';
import { assertUndamaged, readJournal, type PastRun } from '../journal/reader.js';
import { createRunFolder, defaultRunId, hasJournal, removeEmptyFolder } from '../journal/run-folder.js';

import { ensurePrivateFolder } from '../private-file.js';

import type { JobContext } from './job.js';
import { Resources } from './resources.js';
import { RunLocks } from './run-locks.js';

/** Where an import keeps its journal. */
export type StoreOptions =
  /** A run folder with a report, as the command line makes them. */
  | { readonly kind: 'run'; readonly reports: string; readonly runId: string | undefined }
  /** A folder with a journal only. If it has one already, that import is continued. */
  | { readonly kind: 'journal'; readonly folder: string }
  /** `as`: of a dry run, the path of a run folder that it does without, so that it knows the other runs there. */
  | { readonly kind: 'none'; readonly as?: string | undefined };

/** The journal of an import, and what an earlier process left in it. */
export interface RunStore {
  readonly runId: string;
  /** Undefined when nothing is kept. */
  readonly folder: string | undefined;
  readonly journal: Pick<
    Journal,
    | 'recordAttempt'
    | 'recordMember'
    | 'recordClock'
    | 'recordOutcome'
    | 'recordGroup'
    | 'recordSample'
    | 'recordEnd'
    | 'written'
  >;
  readonly past: PastRun | undefined;
  /** Undefined when nothing is kept. */
  readonly locks: RunLocks | undefined;
  /** Whether the folder gets a report. */
  readonly hasReport: boolean;
  close(): Promise<void>;
}

type StoreContext = Pick<JobContext, 'clock' | 'version' | 'observer' | 'cancellation' | 'startedBy'>;

/** The run as its journal begins, except for what the store decides. */
export type RunIdentity = Omit<RunDescription, 'runId' | 'version' | 'startedAt' | 'startedBy'>;

/** The folder holds the journal of another import: of different rows, or into another org. */
export class OtherJournalError extends OktaImportError {
  override readonly code = 'ERR_OTHER_JOURNAL';
}

/**
 * Opens the store of an import that starts. Takes its locks.
 *
 * @throws {RunFolderError | LockedError | JournalError | OtherJournalError}
 */
export async function openStore(
  options: StoreOptions,
  identity: RunIdentity,
  context: StoreContext,
): Promise<RunStore> {
  switch (options.kind) {
    case 'run':
      return createRun(options, identity, context);
    case 'journal':
      return openJournal(options.folder, identity, context);
    case 'none':
      return noStore;
    default:
      return options satisfies never;
  }
}

async function createRun(
  { reports, runId: wantedRunId }: Extract<StoreOptions, { kind: 'run' }>,
  identity: RunIdentity,
  context: StoreContext,
): Promise<RunStore> {
  const { clock, version, startedBy } = context;
  const { file } = identity;
  const nowMs = clock.now();
  const startedAt = new Date(nowMs).toISOString();
  const { runId, folder } = await createRunFolder(reports, wantedRunId, defaultRunId(nowMs, file.name));
  const resources = new Resources();
  const locks = resources.add(new RunLocks(context, { runId, startedAt }));
  try {
    await locks.takeImport(identity, reports);
    await locks.take(`${folder}/lock`, `Run ${runId}`);
    const description = { runId, version, startedAt, startedBy, ...identity };
    const journal = resources.add(await Journal.create(folder, description, locks.assertHeld));
    return {
      runId,
      folder,
      journal,
      past: undefined,
      locks,
      hasReport: true,
      close: () => resources.close(),
    };
  } catch (error) {
    await resources.close();
    await removeEmptyFolder(folder);
    throw error;
  }
}

async function openJournal(folder: string, identity: RunIdentity, context: StoreContext): Promise<RunStore> {
  const { clock, version, startedBy } = context;
  const startedAt = new Date(clock.now()).toISOString();
  await ensurePrivateFolder(folder);
  const runId = basename(resolve(folder));
  const resources = new Resources();
  const locks = resources.add(new RunLocks(context, { runId, startedAt }));
  try {
    await locks.take(`${folder}/lock`, `Run ${runId}`);
    const past = (await hasJournal(folder)) ? resources.add(await readJournal(folder)) : undefined;
    if (past !== undefined) {
      assertUndamaged(past, folder);
      assertSameImport(past.description, identity, folder);
    }
    const journal = resources.add(
      past === undefined
        ? await Journal.create(
            folder,
            { runId, version, startedAt, startedBy, ...identity },
            locks.assertHeld,
          )
        : await Journal.reopen(folder, past, { at: startedAt, version }, locks.assertHeld),
    );
    return { runId, folder, journal, past, locks, hasReport: false, close: () => resources.close() };
  } catch (error) {
    await resources.close();
    throw error;
  }
}

/** @throws {OtherJournalError} */
function assertSameImport({ file, org }: RunDescription, identity: RunIdentity, folder: string): void {
  if (org !== identity.org) {
    throw new OtherJournalError(`The journal in ${folder} is for ${org}, not ${identity.org}.`, {
      hint: 'Use a separate folder for each import.',
    });
  }
  if (file.sha256 !== identity.file.sha256) {
    throw new OtherJournalError(`The journal in ${folder} is for a different file (${file.name}).`, {
      hint: 'Use a separate folder for each import. To continue an import, provide the same file again.',
    });
  }
  // Earlier versions took the first line for the header, and counted rows without a value.
  const isReadAlike =
    file.headerLine === undefined
      ? file.records === identity.file.records
      : file.headerLine === identity.file.headerLine;
  if (!isReadAlike) {
    throw new OtherJournalError(`The journal in ${folder} counts the rows of ${file.name} differently.`, {
      hint: 'Use the same headerRow as before. If the journal is of an earlier version, use a separate folder, and ifExists to skip the users created so far.',
    });
  }
}

const noStore: RunStore = {
  runId: '',
  folder: undefined,
  journal: {
    recordAttempt: () => Promise.resolve(),
    recordMember: () => Promise.resolve(),
    recordClock: () => Promise.resolve(),
    recordOutcome: () => Promise.resolve(),
    recordGroup: () => Promise.resolve(),
    recordSample: () => Promise.resolve(),
    recordEnd: () => Promise.resolve(),
    written: () => Promise.resolve(),
  },
  past: undefined,
  locks: undefined,
  hasReport: false,
  close: () => Promise.resolve(),
};

/** The folder for temporary files. */
export function workFolderOf({ folder }: Pick<RunStore, 'folder'>): string {
  return folder ?? tmpdir();
}
