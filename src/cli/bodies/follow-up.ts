import { mkdir } from 'node:fs/promises';

import { FollowUpReport } from '../../report/follow-up-report.js';
import { hasJournal } from '../../journal/run-folder.js';
import { readJournal, type PastRun } from '../../journal/reader.js';
import { Journal } from '../../journal/journal.js';
import type { RunDescription } from '../../journal/journal-line.js';
import type { RowOutcome } from '../../rows/outcome.js';
import type { Operation, Planned } from '../../rows/operation.js';
import { runWorkers } from '../../engine/worker-pool.js';
import { SampleRecorder } from '../../journal/progress-samples.js';
import type { Cancellation } from '../../rows/cancellation.js';
import type { WriteContext } from '../../engine/write-with-readback.js';
import type { RequestSettings } from '../../settings/requests.js';

import { exitCodeOf, stoppedBecause, tellEnd, type OutputFlags } from './finish.js';
import type { OpenOrg } from '../connect.js';
import { logRow } from '../row-log.js';
import { followRun } from '../show-progress.js';
import type { CommandContext } from '../command-context.js';

/** Something done afterwards to the users that a run left, with a folder, a journal and a report of its own. */
export interface FollowUp<O extends Operation> {
  /** `undo`, `activate`. */
  readonly command: string;
  readonly past: PastRun;
  readonly org: OpenOrg;
  readonly folder: string;
  readonly cancellation: Cancellation;
  /** ISO 8601. */
  readonly startedAt: string;
  /** What is to be done; `paced` holds it back where it must not come at once. */
  readonly operations: Iterable<O>;
  readonly paced?: ((planned: Iterable<Planned<O>>) => AsyncIterable<readonly Planned<O>[]>) | undefined;
  /** Whether an outcome of an earlier process stands, so that the user is left alone. */
  readonly isDone: (outcome: RowOutcome) => boolean;
  /** @param description - of this follow-up, as its journal begins: of its first process. */
  readonly apply: (operation: O, context: WriteContext, description: RunDescription) => Promise<RowOutcome>;
  /** What to say last. */
  readonly next?: readonly string[] | undefined;
}

/** Does it, or goes on with it. @returns the exit code. */
export async function runFollowUp<O extends Exclude<Operation, { kind: 'create' }>>(
  followUp: FollowUp<O>,
  flags: { readonly requests: RequestSettings; readonly talk: OutputFlags },
  surroundings: CommandContext,
): Promise<number> {
  const { past, org, folder, cancellation, startedAt, command } = followUp;
  const { clock, random } = surroundings;
  const { journal, earlier, description } = await openJournal(folder, {
    ...past.description,
    runId: `${past.description.runId}-${command}`,
    version: surroundings.version,
    command,
    startedAt,
    startedAtOrgMs: Math.floor(org.client.governor.serverClock.earliest(clock.now())),
  });
  const report = await FollowUpReport.open(folder);
  const begun = {
    command,
    runId: description.runId,
    folder,
    file: description.file.name,
    sha256: description.file.sha256,
    records: undefined,
    org: description.org,
    isResumed: earlier !== undefined,
  };
  const progress = followRun(flags.talk, surroundings, begun, {
    name: description.runId,
    client: org.client,
    counts: () => report.counts,
  });
  const context: WriteContext = {
    client: org.client,
    journal,
    clock,
    random,
    cancellation,
  };
  const planned = toBeDone(followUp, earlier);
  const samples = new SampleRecorder({
    clock,
    client: org.client,
    write: (sample) => journal.recordSample(sample),
  });
  samples.start();
  try {
    const outcomes = runWorkers(
      followUp.paced?.(planned) ?? oneByOne(planned),
      (operation) => followUp.apply(operation, context, description),
      { concurrency: flags.requests.concurrency, cancellation },
    );
    for await (const finished of outcomes) {
      for (const { outcome } of finished) {
        logRow(surroundings.terminal, outcome);
        const before = earlier?.outcomeOf(outcome.row);
        const isNew = before === undefined || !followUp.isDone(before);
        if (isNew && outcome.status !== 'not-attempted') samples.count(outcome.status);
        await report.add(outcome).catch((error: unknown) => cancellation.fail(error));
      }
    }
    await report.close().catch((error: unknown) => cancellation.fail(error));
    progress?.stop();
    samples.stop();
    const exitCode = exitCodeOf(cancellation, report.counts.failed + report.counts.kept);
    const end = {
      at: new Date(clock.now()).toISOString(),
      exitCode,
      stoppedBecause: stoppedBecause(cancellation),
    };
    await journal.recordEnd(end).catch(() => {
      // The exit code says it already, when the journal was the reason to stop.
    });
    const { name, sha256, encoding, delimiter } = description.file;
    const { runId } = description;
    await tellEnd(
      {
        folder,
        about: { runId, command, file: { name, sha256, encoding, delimiter }, org: description.org },
        startedAtMs: Date.parse(startedAt),
        counts: report.counts,
        failures: report.failures,
        client: org.client,
        cancellation,
        exitCode,
        records: undefined,
        sessions: [...(earlier?.sessions ?? []), samples.samples],
        next: ({ stoppedBecause }) =>
          stoppedBecause === null ? (followUp.next ?? []) : ['To go on, give the same command again.'],
      },
      flags.talk,
      surroundings,
    );
    return exitCode;
  } finally {
    earlier?.close();
    await journal.close();
  }
}

function* toBeDone<O extends Operation>(
  { operations, isDone }: FollowUp<O>,
  earlier: PastRun | undefined,
): Generator<Planned<O>> {
  for (const operation of operations) {
    const outcome = earlier?.outcomeOf(operation.row.row);
    if (outcome !== undefined && isDone(outcome)) yield { kind: 'decided', row: operation.row, outcome };
    else yield operation;
  }
}

/** Batches of one. */
async function* oneByOne<T>(items: Iterable<T>): AsyncGenerator<readonly T[]> {
  for (const item of items) yield [item];
}

async function openJournal(
  folder: string,
  description: RunDescription,
): Promise<{ journal: Journal; earlier: PastRun | undefined; description: RunDescription }> {
  if (!(await hasJournal(folder))) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return { journal: await Journal.create(folder, description), earlier: undefined, description };
  }
  const earlier = await readJournal(folder);
  const { version, startedAt: at } = description;
  const journal = await Journal.reopen(folder, earlier.bytes, { at, version });
  return { journal, earlier, description: earlier.description };
}
