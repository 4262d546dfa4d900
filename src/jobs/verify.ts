import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { compareWithOrg, type OrgComparison } from '../engine/compare-with-org.js';
import { isFinishedSince } from '../engine/compare-with-run.js';
import { undoOperationOf, undoOperationsInFileOrder } from '../engine/undo-operations.js';
import { readJournal } from '../journal/reader.js';
import { JOURNAL_FILE } from '../journal/journal-line.js';
import { undoFolderOf } from '../journal/run-folder.js';
import { UserReader } from '../org/user-reader.js';
import type { UserStatus } from '../okta/types.js';
import type { RemoveOperation, RestoreOperation } from '../rows/operation.js';
import type { LifecycleStep } from '../rows/outcome.js';
import type { Place } from '../rows/place.js';

import { findRunFolder } from './find-run.js';
import type { JobContext } from './job.js';
import { assertSameOrg, damageWarning, type PastRunRequest } from './past-run.js';
import { Resources } from './resources.js';
import { revertedRows } from './undo-dataset.js';

/** A user that was changed since the run. */
export interface Difference extends Place {
  readonly login: string;
  readonly oktaId: string;
  readonly difference: string;
}

export interface VerifyResult {
  /** 1 if something differs, or has an unknown outcome. */
  readonly exitCode: number;
  /** Users looked up. */
  readonly users: number;
  readonly differences: number;
  /** What was left out, as a sentence; undefined when the journal is intact. */
  readonly damage: string | undefined;
  /** Rows with an unknown outcome. */
  readonly rowsInDoubt: number;
}

/** Reads back every user that a run created or updated, with few requests, and yields what differs. */
export async function* verifyJob(
  request: PastRunRequest,
  context: JobContext,
): AsyncGenerator<Difference, VerifyResult, undefined> {
  const { clock, cancellation } = context;
  const resources = new Resources();
  try {
    const folder = await findRunFolder(request.reports, request.run, 'verify');
    const past = resources.add(await readJournal(folder));
    const { client } = resources.add(await request.connect());
    assertSameOrg(past, client);
    let users = 0;
    let differences = 0;
    const operations = {
      all: () => undoOperationsInFileOrder(past),
      ofRow: (row: number) => undoOperationOf(past, row),
    };
    const reader = new UserReader({ client, clock });
    const { signal } = cancellation;
    const changedLately = await undoneLately(folder, clock.now());
    const compared = compareWithOrg(operations, {
      client,
      reader,
      signal,
      changedLately,
      formerCounts: true,
    });
    for await (const { operation, found } of compared) {
      users += 1;
      const difference = differenceOf(operation, found);
      if (difference === undefined) continue;
      differences += 1;
      const { row, login, oktaId } = operation;
      yield { row: row.row, line: row.line, lineLabel: row.lineLabel, login, oktaId, difference };
    }
    const { rowsInDoubt } = past;
    const damage = damageWarning(past, folder);
    const isAsLeft = differences + rowsInDoubt === 0 && damage === undefined;
    return { exitCode: isAsLeft ? 0 : 1, users, differences, rowsInDoubt, damage };
  } finally {
    await resources.close();
  }
}

/** Searches lag behind by seconds; so long after an undo, they are believed again. */
const UNDO_IS_RECENT_MS = 10 * 60_000;

/** Rows that an undo has reverted a moment ago. */
async function undoneLately(folder: string, nowMs: number): Promise<ReadonlySet<number> | undefined> {
  const undo = undoFolderOf(folder);
  const changedAtMs = await stat(join(undo, JOURNAL_FILE)).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  if (changedAtMs === undefined || nowMs - changedAtMs > UNDO_IS_RECENT_MS) return undefined;
  return revertedRows(undo);
}

function differenceOf(
  operation: RemoveOperation | RestoreOperation,
  found: OrgComparison,
): string | undefined {
  const { login } = operation;
  switch (found.kind) {
    case 'gone':
      return 'no longer exists';
    case 'changed':
      if (found.user.profile.login !== login) return `login is now ${found.user.profile.login}`;
      return operation.kind === 'remove' && isFinishedSince(found.user, operation.lacks)
        ? 'was finished since the run'
        : 'profile was changed since the run';
    case 'as-left':
      return statusDifference(
        operation.kind === 'restore' ? operation.lifecycle?.step : undefined,
        found.user.status,
      );
    default:
      return found satisfies never;
  }
}

/** @param step - what a sync did to the status of the user. */
function statusDifference(step: LifecycleStep | undefined, status: UserStatus): string | undefined {
  if (step === 'deactivate') return status === 'DEPROVISIONED' ? undefined : 'was activated since the run';
  if (status === 'DEPROVISIONED') return 'was deactivated since the run';
  if (step === 'suspend') return status === 'SUSPENDED' ? undefined : 'was unsuspended since the run';
  return step !== undefined && status === 'SUSPENDED' ? 'was suspended since the run' : undefined;
}
