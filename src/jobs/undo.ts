import { revertUser } from '../engine/revert-user.js';
import { compareWithOrg } from '../engine/compare-with-run.js';
import { isReverted, undoOperations } from '../engine/undo-operations.js';
import { OktaImportError } from '../errors.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { hasJournal, undoFolderOf } from '../journal/run-folder.js';
import type { OktaClient } from '../okta/client.js';

import { followUp } from './follow-up.js';
import { exitCodeOf, type Job, type JobContext } from './job.js';
import { assertSameOrg, openPastRun, type PastRunRequest } from './past-run.js';
import { Resources } from './resources.js';

export interface UndoRequest extends PastRunRequest {
  /** Whether users whose profile was changed since are reverted as well. */
  readonly force: boolean;
  readonly concurrency: number;
  /** Shown what would be done; nothing is done unless it resolves to true. */
  readonly confirm?: ((plan: UndoPlan) => Promise<boolean>) | undefined;
}

/** What an undo is about to do. */
export interface UndoPlan {
  readonly orgUrl: string;
  readonly runId: string;
  /** Users to delete. */
  readonly remove: LoginSample;
  /** Users to get their former values back. */
  readonly restore: LoginSample;
  /** Users whose profile was changed since: reverted only by force. */
  readonly changed: LoginSample;
  /** Users that are gone already. */
  readonly gone: number;
  /** Users that an earlier undo restored. */
  readonly restoredEarlier: number;
  readonly force: boolean;
  /** Ends the wait for an answer. */
  readonly signal: AbortSignal;
}

/** How many users, and the first few logins. */
export interface LoginSample {
  readonly count: number;
  readonly logins: readonly string[];
}

/** The run cannot be undone as things are. */
export class UndoError extends OktaImportError {
  override readonly code = 'ERR_UNDO';
}

/**
 * Deactivates and deletes the users that a run created, and gives those that it updated their former values, newest first.
 * Its folder and journal are beside the run's (`<run-id>-undo`); the same job again goes on with it.
 */
export async function* undoJob(request: UndoRequest, context: JobContext): Job {
  const { cancellation } = context;
  const resources = new Resources();
  try {
    const { folder: runFolder, past, startedAtMs } = await openPastRun(request, context, resources);
    if (past.description.command !== 'import') {
      throw new UndoError(
        `${request.run} is not an import, but "${past.description.command}": it cannot be undone.`,
        { hint: 'Give the run of the import itself.' },
      );
    }
    if (past.rowsInDoubt > 0) {
      throw new UndoError(`${past.rowsInDoubt} rows of the run may or may not have been written.`, {
        hint: `Find out first: okta-csv-import resume ${runFolder}`,
      });
    }
    const org = resources.add(await request.connect());
    assertSameOrg(past, org.client);
    const folder = undoFolderOf(runFolder);
    const { force, confirm, concurrency } = request;
    if (confirm !== undefined) {
      const plan = await planUndo({ past, client: org.client, folder, force }, cancellation.signal);
      if (!(await confirm(plan))) {
        return { exitCode: cancellation.isAborted ? exitCodeOf(cancellation) : 2 };
      }
    }
    return yield* followUp(
      {
        command: 'undo',
        past,
        org,
        folder,
        startedAtMs,
        concurrency,
        operations: undoOperations(past),
        isDone: isReverted,
        apply: (operation, write) => revertUser(operation, { ...write, force }),
      },
      context,
      resources,
    );
  } finally {
    await resources.close();
  }
}

async function planUndo(
  {
    past,
    client,
    folder,
    force,
  }: {
    readonly past: PastRun;
    readonly client: OktaClient;
    readonly folder: string;
    readonly force: boolean;
  },
  signal: AbortSignal,
): Promise<UndoPlan> {
  const earlier = (await hasJournal(folder)) ? await readJournal(folder) : undefined;
  const remove = new Sample();
  const restore = new Sample();
  const changed = new Sample();
  let gone = 0;
  let restoredEarlier = 0;
  const remaining = function* (): ReturnType<typeof undoOperations> {
    for (const operation of undoOperations(past)) {
      const outcome = earlier?.outcomeOf(operation.row.row);
      if (outcome === undefined || !isReverted(outcome)) yield operation;
      else if (outcome.status === 'removed') gone += 1;
      else restoredEarlier += 1;
    }
  };
  try {
    for await (const { operation, found } of compareWithOrg(remaining(), client, signal)) {
      const { kind, login } = operation;
      if (found.kind === 'gone') gone += 1;
      if (found.kind === 'changed') changed.add(login);
      const willRevert = found.kind === 'as-left' || (found.kind === 'changed' && force);
      if (willRevert) (kind === 'remove' ? remove : restore).add(login);
    }
  } finally {
    earlier?.close();
  }
  const { runId } = past.description;
  return { orgUrl: client.orgUrl, runId, remove, restore, changed, gone, restoredEarlier, force, signal };
}

const SAMPLE_SIZE = 5;

class Sample implements LoginSample {
  count = 0;
  readonly logins: string[] = [];

  add(login: string): void {
    this.count += 1;
    if (this.logins.length < SAMPLE_SIZE) this.logins.push(login);
  }
}
