import { basename, dirname, join } from 'node:path';

import { OktaImportError } from '../errors.js';
import { JOURNAL_FILE, sendsRows } from '../journal/journal-line.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { wasUndone } from '../journal/run-folder.js';
import type { OktaClient } from '../okta/client.js';
import { plural } from '../text.js';

import { findRunFolder } from './find-run.js';
import type { JobContext, OpenOrg } from './job.js';
import type { Resources } from './resources.js';
import type { RunPurpose } from './run-folders.js';
import { RunLocks } from './run-locks.js';

/** A job about a run that has ended or stopped. */
export interface PastRunRequest {
  /** Run ID, its unique beginning, `last`, or the run folder. */
  readonly run: string;
  /** Where run folders are. */
  readonly reports: string;
  readonly connect: () => Promise<OpenOrg>;
}

/** The settings select another org than that of the run. */
export class OtherOrgError extends OktaImportError {
  override readonly code = 'ERR_OTHER_ORG';
}

/** A past run whose lock this process holds, unless it is opened only to read. */
export interface OpenPastRun {
  readonly folder: string;
  readonly past: PastRun;
  readonly startedAtMs: number;
  readonly locks: RunLocks;
}

interface OpenOptions {
  readonly purpose: RunPurpose;
  readonly allow?: ((folder: string) => Promise<void>) | undefined;
  /** Whether locks are taken; default true. Without them, nothing may be changed. */
  readonly locks?: boolean | undefined;
}

/**
 * Finds a run, takes its lock, and reads its journal.
 *
 * @param options.allow - may throw before the lock is taken.
 */
export async function openPastRun(
  { run, reports }: Pick<PastRunRequest, 'run' | 'reports'>,
  context: Pick<JobContext, 'clock' | 'observer' | 'cancellation'>,
  resources: Resources,
  { purpose, allow, locks: isLocked = true }: OpenOptions,
): Promise<OpenPastRun> {
  const folder = await findRunFolder(reports, run, purpose);
  await allow?.(folder);
  const startedAtMs = context.clock.now();
  const startedAt = new Date(startedAtMs).toISOString();
  const locks = resources.add(new RunLocks(context, { runId: basename(folder), startedAt }));
  if (isLocked) await locks.take(`${folder}/lock`, `The run in ${folder}`);
  return { folder, past: resources.add(await readJournal(folder)), startedAtMs, locks };
}

/**
 * Opens a past import whose users a job is about to change: checks that none of its outcomes is unknown, connects to its org,
 * and takes the lock of its file and org.
 *
 * @param options.allow - see `openPastRun`.
 */
export async function openSettledImport(
  request: PastRunRequest,
  context: Pick<JobContext, 'clock' | 'observer' | 'cancellation'>,
  resources: Resources,
  { RunError, ...options }: OpenOptions & { readonly RunError: RunError },
): Promise<OpenPastRun & { readonly org: OpenOrg }> {
  const opened = await openPastRun(request, context, resources, options);
  const { folder, past, locks } = opened;
  assertSettledImport(past, folder, RunError);
  const warning = damageWarning(past, folder);
  if (warning !== undefined) context.observer?.warning?.({ message: warning });
  const org = resources.add(await request.connect());
  assertSameOrg(past, org.client);
  if (options.locks !== false) await locks.takeImport(past.description, dirname(folder));
  return { ...opened, org };
}

/** What a job on a damaged journal leaves out; undefined when the journal is intact. */
export function damageWarning({ damage }: PastRun, folder: string): string | undefined {
  if (damage === undefined) return undefined;
  return `${join(folder, JOURNAL_FILE)} is damaged: ${damage}. Rows whose outcome it does not prove are left out.`;
}

type RunError = new (message: string, options: { hint: string }) => OktaImportError;

/** A run that was undone has no users left to work on. */
export async function assertNotUndone(folder: string, RunError: RunError): Promise<void> {
  if (!(await wasUndone(folder))) return;
  throw new RunError(`The run in ${folder} was undone.`, {
    hint: 'Import the file, or run the sync, again instead.',
  });
}

/** Only the users of an import without unknown outcomes can be changed later. */
function assertSettledImport(
  { description, rowsInDoubt, damage }: PastRun,
  folder: string,
  RunError: RunError,
): void {
  const { runId, command } = description;
  if (!sendsRows({ command })) {
    throw new RunError(`${runId} is a run of "${command}", not an import.`, {
      hint: 'Use the run that created the users.',
    });
  }
  // Such a run cannot be resumed: what its journal proves is all that there is.
  if (rowsInDoubt === 0 || damage !== undefined) return;
  throw new RunError(`The run has ${plural(rowsInDoubt, 'row')} with an unknown outcome.`, {
    hint: `Run this first: okta-csv-import resume ${folder}`,
  });
}

/** @throws {OtherOrgError} */
export function assertSameOrg(
  { description }: Pick<PastRun, 'description'>,
  { orgUrl }: Pick<OktaClient, 'orgUrl'>,
): void {
  if (orgUrl === description.org) return;
  throw new OtherOrgError(
    `Run ${description.runId} was for ${description.org}, but the settings select ${orgUrl}.`,
    { hint: 'Set OKTA_CLIENT_ORGURL or --org-url to the org of the run.' },
  );
}
