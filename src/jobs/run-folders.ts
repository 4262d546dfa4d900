import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { hasErrorCode } from '../errors.js';
import { sendsRows, type RunDescription } from '../journal/journal-line.js';
import { readDescription } from '../journal/reader.js';
import { hasBegun, hasJournal, RunFolderError } from '../journal/run-folder.js';
import { readSummary, type StoredSummary } from '../report/read-summary.js';
import { messageOf } from '../text.js';

/** What a run is looked for. */
export type RunPurpose = 'report' | 'verify' | 'resume' | 'activate' | 'remind' | 'status' | 'undo';

/** A folder that a run has left. */
export type FoundRun = FoundBase &
  (
    | { readonly kind: 'import' | 'follow-up'; readonly description: RunDescription }
    /** Of `validate`, or of `sync --dry-run`. `summary`: undefined until it has ended. */
    | { readonly kind: 'dry-run'; readonly summary: StoredSummary | undefined }
    /** The first line of its journal is damaged. */
    | { readonly kind: 'unreadable' }
  );

interface FoundBase {
  /** Name of the folder. */
  readonly runId: string;
  readonly folder: string;
  readonly startedAtMs: number;
}

/**
 * The runs of a reports folder, newest first; none if there is no such folder. Reads the beginning of each journal only.
 *
 * @throws {RunFolderError} the folder cannot be read.
 */
export async function foundRuns(reports: string): Promise<readonly FoundRun[]> {
  const entries = await readdir(reports, { withFileTypes: true }).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw new RunFolderError(`Cannot read the reports folder ${reports}: ${messageOf(error)}.`, {
      hint: 'Choose another folder with --reports, or change its permissions.',
      cause: error,
    });
  });
  const runs: FoundRun[] = [];
  for (const entry of entries) {
    // Never through a link: others may be able to create one there.
    const run = entry.isDirectory() ? await foundRun(join(reports, entry.name)) : undefined;
    if (run !== undefined) runs.push(run);
  }
  return runs.sort(
    (one, other) => other.startedAtMs - one.startedAtMs || other.runId.localeCompare(one.runId),
  );
}

/** What a folder is; undefined when no run has left it. */
export async function foundRun(folder: string): Promise<FoundRun | undefined> {
  const base = { runId: basename(folder), folder };
  if (await hasJournal(folder)) {
    const description = await readDescription(folder).catch(() => undefined);
    if (description === undefined) {
      // Nothing was sent before the first line was complete.
      if (!(await hasBegun(folder))) return undefined;
      return { kind: 'unreadable', ...base, startedAtMs: await createdAtMs(folder) };
    }
    const kind = sendsRows(description) ? 'import' : 'follow-up';
    return { kind, ...base, startedAtMs: Date.parse(description.startedAt), description };
  }
  const summary = await readSummary(folder);
  if (summary !== undefined) {
    return { kind: 'dry-run', ...base, startedAtMs: Date.parse(summary.startedAt), summary };
  }
  // A dry run begins with it, and an import with its journal.
  const isDryRun = await lstat(join(folder, 'results.csv')).then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (!isDryRun) return undefined;
  return { kind: 'dry-run', ...base, startedAtMs: await createdAtMs(folder), summary: undefined };
}

/** The command of a dry run, as it is typed. */
export function dryRunCommand({ runId, summary }: Extract<FoundRun, { kind: 'dry-run' }>): string {
  const isSync = summary === undefined ? /Z-plan-/.test(runId) : summary.dataset !== undefined;
  return isSync ? 'sync --dry-run' : 'validate';
}

/** The name of the run that a follow-up is about. */
export function followedRunId({
  runId,
  description,
}: Extract<FoundRun, { kind: 'import' | 'follow-up' }>): string {
  const suffix = `-${description.command}`;
  return runId.endsWith(suffix) ? runId.slice(0, -suffix.length) : runId;
}

async function createdAtMs(folder: string): Promise<number> {
  const { birthtimeMs, mtimeMs } = await lstat(folder);
  return birthtimeMs > 0 ? birthtimeMs : mtimeMs;
}
