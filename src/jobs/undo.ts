import { dirname, join } from 'node:path';

import { confirmRemovals } from '../engine/confirm-removals.js';
import { revertUser } from '../engine/revert-user.js';
import { exitCodeOf } from '../rows/exit-code.js';
import { compareWithOrg } from '../engine/compare-with-org.js';
import { LoginHandover } from '../engine/login-order.js';
import {
  isReverted,
  undoInOrder,
  undoneLogins,
  undoOperationOf,
  undoOperations,
} from '../engine/undo-operations.js';
import { OktaImportError } from '../errors.js';
import { readJournal } from '../journal/reader.js';
import { hasBegun, undoFolderOf } from '../journal/run-folder.js';
import { UserReader } from '../org/user-reader.js';

import { followUp, usersOfRun } from './follow-up.js';
import type { Job, JobContext, OpenOrg } from './job.js';
import { openSettledImport, type OpenPastRun, type PastRunRequest } from './past-run.js';
import { Resources } from './resources.js';
import { beginUndo } from './undo-dataset.js';
import { lossesOf, lossTexts, Sample, type LoginSample, type UndoLosses } from './undo-losses.js';

export interface UndoRequest extends PastRunRequest {
  /** Whether to revert users whose profile was changed since the run, too. */
  readonly force: boolean;
  readonly concurrency: number;
  /** Gets the plan. Nothing is changed unless it resolves to true. */
  readonly confirm?: ((plan: UndoPlan) => Promise<boolean>) | undefined;
}

/** What an undo is about to do. */
export interface UndoPlan {
  readonly orgUrl: string;
  readonly runId: string;
  /** What cannot be given back. */
  readonly losses: UndoLosses;
  /** Users to delete. */
  readonly remove: LoginSample;
  /** Users whose former values, status or groups will be restored. */
  readonly restore: LoginSample;
  /** Of those, users whom the run suspended or deactivated, or brought back. */
  readonly restoreStatus: number;
  /** Users whose profile was changed since the run: reverted only by `force`. */
  readonly changed: LoginSample;
  /** Users that no longer exist. */
  readonly gone: number;
  /** Users that an earlier undo restored. */
  readonly restoredEarlier: number;
  readonly force: boolean;
  /** Aborts the question. */
  readonly signal: AbortSignal;
}

/** The run cannot be undone. */
export class UndoError extends OktaImportError {
  override readonly code = 'ERR_UNDO';
}

/** Plans an undo. Changes nothing, takes no lock. */
export async function planUndo(
  { force, ...request }: Omit<UndoRequest, 'confirm' | 'concurrency'>,
  context: JobContext,
): Promise<UndoPlan> {
  const resources = new Resources();
  try {
    const opened = await openSettledImport(request, context, resources, {
      RunError: UndoError,
      purpose: 'undo',
      locks: false,
    });
    return await planOf(opened, force, context);
  } finally {
    await resources.close();
  }
}

/**
 * Deletes the users that a run created and restores the former values of those that it updated, newest first. Has its own
 * folder and journal next to the run's (`<run-id>-undo`), from which the same job can be continued.
 */
export async function* undoJob(request: UndoRequest, context: JobContext): Job {
  const { cancellation } = context;
  const resources = new Resources();
  try {
    const opened = await openSettledImport(request, context, resources, {
      RunError: UndoError,
      purpose: 'undo',
    });
    const { past, startedAtMs, locks, org } = opened;
    const folder = undoFolderOf(opened.folder);
    const { force, confirm, concurrency } = request;
    if (confirm !== undefined && !(await confirm(await planOf(opened, force, context)))) {
      return { exitCode: cancellation.isAborted ? exitCodeOf(cancellation.reason) : 2 };
    }
    const takeOutOfDataset = await beginUndo(past, opened.folder, { ...context, resources }, (run) => {
      throw new UndoError(`The undo of run ${run} of the same data set did not come to its end.`, {
        hint: `Run it again first: okta-csv-import undo ${join(dirname(opened.folder), run)}`,
      });
    });
    const loginUseOf = undoneLogins(past);
    const handover = new LoginHandover();
    const result = yield* followUp(
      {
        command: 'undo',
        subject: usersOfRun(past),
        org,
        folder,
        startedAtMs,
        locks,
        concurrency,
        operations: () => undoInOrder(past, loginUseOf),
        isDone: isReverted,
        apply: (operation, write) =>
          handover.apply(loginUseOf(operation), () => revertUser(operation, { ...write, force })),
        check: confirmRemovals,
      },
      context,
      resources,
    );
    await takeOutOfDataset?.();
    for (const loss of lossTexts(await lossesOf(past, opened.folder))) context.observer?.notice?.(loss);
    return result;
  } finally {
    await resources.close();
  }
}

async function planOf(
  { past, folder: runFolder, org: { client } }: OpenPastRun & { readonly org: OpenOrg },
  force: boolean,
  { clock, cancellation: { signal } }: JobContext,
): Promise<UndoPlan> {
  const folder = undoFolderOf(runFolder);
  const options = { client, reader: new UserReader({ client, clock }), force, signal };
  const earlier = (await hasBegun(folder)) ? await readJournal(folder) : undefined;
  const remove = new Sample();
  const restore = new Sample();
  const changed = new Sample();
  let gone = 0;
  let restoreStatus = 0;
  let restoredEarlier = 0;
  const remaining = function* (): ReturnType<typeof undoOperations> {
    for (const operation of undoOperations(past)) {
      const outcome = earlier?.outcomeOf(operation.row.row);
      if (outcome === undefined || !isReverted(outcome)) yield operation;
    }
  };
  try {
    for (const { row } of undoOperations(past)) {
      const outcome = earlier?.outcomeOf(row.row);
      if (outcome?.status === 'removed') gone += 1;
      if (outcome?.status === 'restored') restoredEarlier += 1;
    }
    const operations = { all: remaining, ofRow: (row: number) => undoOperationOf(past, row) };
    for await (const { operation, found } of compareWithOrg(operations, options)) {
      const { kind, login } = operation;
      if (found.kind === 'gone') gone += 1;
      if (found.kind === 'changed') changed.add(login);
      const willRevert = found.kind === 'as-left' || (found.kind === 'changed' && force);
      if (willRevert) (kind === 'remove' ? remove : restore).add(login);
      if (willRevert && kind === 'restore' && operation.lifecycle !== undefined) restoreStatus += 1;
    }
  } finally {
    earlier?.close();
  }
  const { runId } = past.description;
  const losses = await lossesOf(past, runFolder);
  const counts = { gone, restoreStatus, restoredEarlier };
  return { orgUrl: client.orgUrl, runId, losses, remove, restore, changed, ...counts, force, signal };
}
