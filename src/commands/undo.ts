import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';

import { OktaImportError } from '../errors.js';
import { printable } from '../report/terminal.js';
import { UndoReport } from '../report/undo-report.js';
import { findRunFolder, hasJournal, undoFolderOf } from '../run/folder.js';
import { readJournal, type PastRun } from '../run/journal-reader.js';
import { Journal, type RunDescription } from '../run/journal.js';
import { takeLock } from '../run/lock.js';
import type { Planned, RemoveOperation } from '../run/outcome.js';
import { runAll } from '../run/runner.js';
import { Stop } from '../run/stop.js';
import { applyRemove, createdUsers, lookUp } from '../run/undo.js';
import type { Org, RequestSettings } from '../settings/load.js';

import { exitCodeOf, interrupt, showProgress, tellEnd, type TalkFlags } from './ending.js';
import { assertSameOrg, openOrg, type OpenOrg } from './org.js';
import type { Surroundings } from './surroundings.js';

export interface UndoFlags {
  /** A run id, or the run's folder. */
  readonly run: string;
  /** Without asking. */
  readonly yes: boolean;
  /** Users as well whose profile was changed since. */
  readonly force: boolean;
  readonly org: Org;
  readonly requests: RequestSettings;
  readonly talk: TalkFlags;
  readonly reports: string;
}

/** The run cannot be undone as things are. */
export class UndoError extends OktaImportError {
  override readonly code = 'ERR_UNDO';
}

/**
 * `undo <run>`: deactivates and deletes the users that the run created, newest first, after showing what it will do.
 *
 * Has a folder and a journal of its own beside the run's (`<run-id>-undo`); the same command again goes on with it.
 *
 * @returns the exit code.
 */
export async function undoRun(flags: UndoFlags, surroundings: Surroundings): Promise<number> {
  const stop = new Stop();
  surroundings.onInterrupt((signal) => interrupt(stop, signal, flags.talk, surroundings));
  const runFolder = await findRunFolder(flags.reports, flags.run);
  const startedAt = new Date(surroundings.clock.now()).toISOString();
  const lock = await takeLock(`${runFolder}/lock`, `The run in ${runFolder}`, flags.run, startedAt);
  let past: PastRun | undefined;
  let org: OpenOrg | undefined;
  try {
    past = await readJournal(runFolder);
    if (past.description.command !== 'import') {
      throw new UndoError(
        `${flags.run} is not an import, but "${past.description.command}": it cannot be undone.`,
      );
    }
    if (past.rowsInDoubt > 0) {
      throw new UndoError(`${past.rowsInDoubt} rows of the run may or may not have become users.`, {
        hint: `Find out first: okta-csv-import resume ${flags.run}`,
      });
    }
    org = await openOrg(flags.org, flags.requests, surroundings);
    assertSameOrg(past.description, org);
    if (!(await isAgreed(past, org, flags, surroundings, stop))) return 2;
    return await undo({ past, org, folder: undoFolderOf(runFolder), stop, startedAt }, flags, surroundings);
  } finally {
    past?.close();
    await lock.release();
    await org?.close();
  }
}

/** Shows what would be done, and has it confirmed. */
async function isAgreed(
  past: PastRun,
  org: OpenOrg,
  flags: UndoFlags,
  { stdin, stderr, isInteractive }: Surroundings,
  stop: Stop,
): Promise<boolean> {
  const counts = { 'as-created': 0, changed: 0, gone: 0 };
  const changed: string[] = [];
  for await (const { operation, found } of lookUp(createdUsers(past), org.client, stop.signal)) {
    counts[found.kind] += 1;
    if (found.kind === 'changed' && changed.length < 5) changed.push(operation.login);
  }
  const removed = counts['as-created'] + (flags.force ? counts.changed : 0);
  const lines = [
    `${org.url}: ${removed} ${removed === 1 ? 'user' : 'users'} that run ${past.description.runId} created will be deleted for good.`,
  ];
  if (counts.changed > 0) {
    const examples = printable(changed.join(', '));
    const fate = flags.force ? 'are among them (--force)' : 'stay (--force deletes them too)';
    lines.push(`${counts.changed} whose profile was changed since ${fate}: ${examples}`);
  }
  if (counts.gone > 0) lines.push(`${counts.gone} ${counts.gone === 1 ? 'is' : 'are'} gone already.`);
  stderr.write(`${lines.join('\n')}\n`);
  if (flags.yes || removed === 0) return true;
  if (!isInteractive) {
    stderr.write('Nothing was done. Give --yes to do it.\n');
    return false;
  }
  const prompt = createInterface({ input: stdin as Readable, output: stderr });
  const answer = await prompt.question('Delete them? Type yes: ', { signal: stop.signal }).catch(() => '');
  prompt.close();
  if (answer.trim().toLowerCase() === 'yes') return true;
  stderr.write('Nothing was done.\n');
  return false;
}

interface Undo {
  readonly past: PastRun;
  readonly org: OpenOrg;
  readonly folder: string;
  readonly stop: Stop;
  readonly startedAt: string;
}

async function undo(
  { past, org, folder, stop, startedAt }: Undo,
  flags: UndoFlags,
  surroundings: Surroundings,
): Promise<number> {
  const { clock, random } = surroundings;
  const description: RunDescription = {
    ...past.description,
    runId: `${past.description.runId}-undo`,
    version: surroundings.version,
    command: 'undo',
    startedAt,
    startedAtOrgMs: Math.floor(org.client.governor.orgClock.earliest(clock.now())),
  };
  const { journal, earlier } = await openJournal(folder, description);
  const report = await UndoReport.open(folder);
  const progress = showProgress(flags.talk, surroundings, () => ({
    counts: report.counts,
    records: undefined,
    wait: org.client.governor.windowWait,
  }));
  try {
    const outcomes = runAll(
      undone(past, earlier),
      (operation) =>
        applyRemove(operation, {
          client: org.client,
          journal,
          clock,
          random,
          signal: stop.signal,
          stop: (error) => stop.pull({ kind: 'failed', error }),
          because: () => stop.because(),
          force: flags.force,
        }),
      { concurrency: flags.requests.concurrency, signal: stop.signal, because: () => stop.because() },
    );
    for await (const { outcome } of outcomes) {
      await report.add(outcome).catch((error: unknown) => stop.pull({ kind: 'failed', error }));
    }
    await report.close().catch((error: unknown) => stop.pull({ kind: 'failed', error }));
    progress?.stop();
    const exitCode = exitCodeOf(stop, report.counts.failed + report.counts.kept);
    await journal.recordEnd({ at: new Date(clock.now()).toISOString(), exitCode }).catch(() => {
      // The exit code says it already, when the journal was the reason to stop.
    });
    const { name, sha256, encoding, delimiter } = description.file;
    const { runId, command } = description;
    await tellEnd(
      {
        folder,
        about: { runId, command, file: { name, sha256, encoding, delimiter }, org: description.org },
        startedAtMs: Date.parse(startedAt),
        counts: report.counts,
        causes: report.causes,
        client: org.client,
        stop,
        exitCode,
        next: ({ stoppedBecause }) =>
          stoppedBecause === null ? [] : ['To go on, give the same command again.'],
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

async function* undone(
  past: PastRun,
  earlier: PastRun | undefined,
): AsyncGenerator<Planned<RemoveOperation>> {
  for (const operation of createdUsers(past)) {
    const outcome = earlier?.outcomeOf(operation.row.row);
    // What was kept may go this time, and what failed may succeed.
    yield outcome?.status === 'removed' ? { kind: 'decided', row: operation.row, outcome } : operation;
  }
}

async function openJournal(
  folder: string,
  description: RunDescription,
): Promise<{ journal: Journal; earlier: PastRun | undefined }> {
  if (!(await hasJournal(folder))) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return { journal: await Journal.create(folder, description), earlier: undefined };
  }
  const earlier = await readJournal(folder);
  const { version, startedAt: at } = description;
  return { journal: await Journal.reopen(folder, earlier.bytes, { at, version }), earlier };
}
