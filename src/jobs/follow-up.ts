import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { AccessRefusals } from '../engine/access-refusals.js';
import { runWorkers } from '../engine/worker-pool.js';
import type { WriteContext } from '../engine/follow-up-write.js';
import { DamagedJournalError } from '../journal/damaged-journal.js';
import { Journal } from '../journal/journal.js';
import { JOURNAL_FILE, type RunDescription } from '../journal/journal-line.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { ensureFollowUpFolder, hasBegun } from '../journal/run-folder.js';
import { UserReader } from '../org/user-reader.js';
import { ResultsFile } from '../report/follow-up-results-file.js';
import type { RowDescriber } from '../report/row-describer.js';
import { RunReport } from '../report/run-report.js';
import type { StartsLater } from '../report/summary.js';
import type { Operation, Planned } from '../rows/operation.js';
import { noCounts } from '../rows/counts.js';
import type { CompletedRow, RowOutcome } from '../rows/outcome.js';

import { processRows, type Job, type JobContext, type OpenOrg } from './job.js';
import { flagsOf } from './options.js';
import { readNames } from './past-input.js';
import type { Resources } from './resources.js';
import type { RunLocks } from './run-locks.js';

/** Whose users are changed: those of a run, or of a data set. */
export interface FollowUpSubject extends Pick<PastRun, 'groups' | 'damage'> {
  /** As the journal of the follow-up begins, except for what the follow-up decides. */
  readonly description: RunDescription;
  /** Names of people by row, for the report page; undefined when they are not known. */
  readonly names: () => Promise<ReadonlyMap<number, string> | undefined>;
}

/** The users of a run. */
export function usersOfRun(past: PastRun): FollowUpSubject {
  const { description, groups, damage } = past;
  return { description, groups, damage, names: () => readNames(past) };
}

/** A change to users, with a folder, a journal and a report of its own beside the run's. */
export interface FollowUp<O extends Operation> {
  readonly command: 'undo' | 'activate' | 'remind';
  readonly subject: FollowUpSubject;
  /** Default: the ID of the run with the command. */
  readonly runId?: string | undefined;
  readonly org: OpenOrg;
  readonly folder: string;
  readonly startedAtMs: number;
  readonly locks: RunLocks;
  readonly concurrency: number;
  /** Of an activation. */
  readonly sendsEmail?: boolean | undefined;
  /** Absolute path of the file that an activation writes its links to. */
  readonly linksFile?: string | undefined;
  /** A new iteration at each call. */
  readonly operations: () => Iterable<O>;
  /** Whom an activation leaves alone. */
  readonly startsLater?: StartsLater | undefined;
  /** Slows operations down. */
  readonly paced?: ((planned: Iterable<Planned<O>>) => AsyncIterable<readonly Planned<O>[]>) | undefined;
  /** Whether an outcome of an earlier process is final, so that the user is left alone. */
  readonly isDone: (outcome: RowOutcome) => boolean;
  /** @param description - as the follow-up's own journal begins, in its first process. */
  readonly apply: (operation: O, context: WriteContext, description: RunDescription) => Promise<RowOutcome>;
  /** Checks outcomes before they are reported. */
  readonly check?: (
    rows: AsyncIterable<readonly CompletedRow[]>,
    context: WriteContext,
  ) => AsyncIterable<readonly CompletedRow[]>;
}

/** Applies a follow-up, or continues it. */
export async function* followUp<O extends Exclude<Operation, { kind: 'create' }>>(
  request: FollowUp<O>,
  context: JobContext,
  resources: Resources,
): Job {
  const { subject, org, folder, startedAtMs, locks, command, concurrency } = request;
  const { clock, random, cancellation } = context;
  const { client } = org;
  const { journal, earlier, description } = await openJournal(
    folder,
    {
      ...subject.description,
      runId: request.runId ?? `${subject.description.runId}-${command}`,
      version: context.version,
      command,
      startedAt: new Date(startedAtMs).toISOString(),
      startedBy: context.startedBy,
      settings: {
        ...subject.description.settings,
        sendEmail: request.sendsEmail,
        ...(request.linksFile !== undefined && { links: request.linksFile }),
      },
      startedAtOrgMs: Math.floor(client.governor.serverClock.earliest(clock.now())),
    },
    locks,
    resources,
  );
  /** Rows that were done before this process began. */
  const doneRows = new Set<number>();
  const names = await subject.names();
  const people: Pick<RowDescriber, 'nameOf' | 'hasGroups' | 'groupsOf'> = {
    nameOf: ({ row }) => names?.get(row.row) ?? '',
    hasGroups: false,
    groupsOf: () => [],
  };
  const access = new AccessRefusals({ clock, cancellation });
  const reader = new UserReader({ client, clock });
  const write: WriteContext = { client, reader, journal, clock, random, cancellation, access };
  const planned = toBeDone(request, earlier, doneRows);
  const rows = runWorkers(
    request.paced?.(planned) ?? oneByOne(planned),
    (operation) => {
      locks.check();
      return access.observe(() => request.apply(operation, write, description));
    },
    { concurrency, cancellation, access },
  );
  return yield* processRows(
    {
      command,
      runId: description.runId,
      folder,
      file: description.file,
      client,
      rows: undefined,
      startedAtMs,
      report: new RunReport(await ResultsFile.open(folder, people), people),
      journal,
      past: earlier,
      isDoneEarlier: (row) => doneRows.has(row),
      doneBefore: noCounts(),
      tracked: { name: description.runId, rows: countOf(request.operations()) },
      groups: subject.groups,
      sendsEmail: request.sendsEmail,
      flags: flagsOf(description),
      atEnd: () => ({
        startsLater: request.startsLater,
        // Users whom the journal does not prove were left out.
        exitCode: (normal) => (subject.damage === undefined ? normal : Math.max(normal, 1)),
      }),
    },
    request.check?.(rows, write) ?? rows,
    context,
  );
}

function* toBeDone<O extends Operation>(
  { operations, isDone }: FollowUp<O>,
  earlier: PastRun | undefined,
  doneRows: Set<number>,
): Generator<Planned<O>> {
  for (const operation of operations()) {
    const outcome = earlier?.outcomeOf(operation.row.row);
    if (outcome === undefined || !isDone(outcome)) {
      yield operation;
      continue;
    }
    doneRows.add(operation.row.row);
    yield { kind: 'decided', row: operation.row, outcome };
  }
}

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count += 1;
  return count;
}

async function* oneByOne<T>(items: Iterable<T>): AsyncGenerator<readonly T[]> {
  for (const item of items) yield [item];
}

async function openJournal(
  folder: string,
  description: RunDescription,
  { assertHeld }: RunLocks,
  resources: Resources,
): Promise<{ journal: Journal; earlier: PastRun | undefined; description: RunDescription }> {
  await ensureFollowUpFolder(folder);
  if (!(await hasBegun(folder))) {
    await rm(join(folder, JOURNAL_FILE), { force: true });
    return {
      journal: resources.add(await Journal.create(folder, description, assertHeld)),
      earlier: undefined,
      description,
    };
  }
  const earlier = resources.add(await readJournal(folder));
  if (earlier.damage !== undefined) {
    throw new DamagedJournalError(
      join(folder, JOURNAL_FILE),
      `is damaged: ${earlier.damage}`,
      `Restore the folder from a backup, or rename it: then the ${description.command} starts again and looks at every user first.`,
    );
  }
  const { version, startedAt: at } = description;
  const journal = resources.add(await Journal.reopen(folder, earlier, { at, version }, assertHeld));
  return { journal, earlier, description: earlier.description };
}
