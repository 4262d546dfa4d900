import { OktaImportError } from '../errors.js';
import { takeLock } from '../journal/lock.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { findRunFolder } from '../journal/run-folder.js';
import type { OktaClient } from '../okta/client.js';

import type { JobContext, OpenOrg } from './job.js';
import type { Resources } from './resources.js';

/** A job over a run that has ended, or stopped. */
export interface PastRunRequest {
  /** A run id, or the run's folder. */
  readonly run: string;
  /** Where run folders are. */
  readonly reports: string;
  readonly connect: () => Promise<OpenOrg>;
}

/** The settings name another org than the one that a run is about. */
export class OtherOrgError extends OktaImportError {
  override readonly code = 'ERR_OTHER_ORG';
}

/**
 * Finds a run, takes its lock, and reads its journal.
 *
 * @param allow - may throw before the lock is taken.
 */
export async function openPastRun(
  { run, reports }: Pick<PastRunRequest, 'run' | 'reports'>,
  { clock }: Pick<JobContext, 'clock'>,
  resources: Resources,
  allow: (folder: string) => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly folder: string; readonly past: PastRun; readonly startedAtMs: number }> {
  const folder = await findRunFolder(reports, run);
  await allow(folder);
  const startedAtMs = clock.now();
  const startedAt = new Date(startedAtMs).toISOString();
  const lock = await takeLock(`${folder}/lock`, `The run in ${folder}`, run, startedAt);
  resources.onClose(() => lock.release());
  return { folder, past: resources.add(await readJournal(folder)), startedAtMs };
}

/** @throws {OtherOrgError} */
export function assertSameOrg(
  { description }: Pick<PastRun, 'description'>,
  { orgUrl }: Pick<OktaClient, 'orgUrl'>,
): void {
  if (orgUrl === description.org) return;
  throw new OtherOrgError(
    `Run ${description.runId} is about ${description.org}, and the settings name ${orgUrl}.`,
    {
      hint: 'Set OKTA_CLIENT_ORGURL, or --org-url, to the org of the run.',
    },
  );
}
