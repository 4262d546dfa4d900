import { OktaImportError } from '../../errors.js';
import { findRunFolder, hasJournal, undoFolderOf } from '../../journal/run-folder.js';
import { readJournal, type PastRun } from '../../journal/reader.js';
import { takeLock } from '../../journal/lock.js';
import { exitCodeFor, Cancellation } from '../../rows/cancellation.js';
import { revertUser } from '../../engine/revert-user.js';
import { isReverted, compareWithOrg, undoOperations } from '../../engine/undo-operations.js';
import type { Org } from '../../settings/load.js';
import type { RequestSettings } from '../../settings/requests.js';

import { saysYes } from '../confirm.js';
import { interrupt, type OutputFlags } from './finish.js';
import { runFollowUp } from './follow-up.js';
import { assertSameOrg, openOrg, type OpenOrg } from '../connect.js';
import type { CommandContext } from '../command-context.js';
import { escapeControlCharacters, plural } from '../../text.js';

export interface UndoFlags {
  /** A run id, or the run's folder. */
  readonly run: string;
  /** Without asking. */
  readonly yes: boolean;
  /** Users as well whose profile was changed since. */
  readonly force: boolean;
  readonly org: Org;
  readonly requests: RequestSettings;
  readonly talk: OutputFlags;
  readonly reports: string;
}

/** The run cannot be undone as things are. */
export class UndoError extends OktaImportError {
  override readonly code = 'ERR_UNDO';
}

/**
 * `undo <run>`: deactivates and deletes the users that the run created, and gives those that it updated their former
 * values, newest first, after showing what it will do.
 *
 * Has a folder and a journal of its own beside the run's (`<run-id>-undo`); the same command again goes on with it.
 *
 * @returns the exit code.
 */
export async function undoRun(flags: UndoFlags, surroundings: CommandContext): Promise<number> {
  const cancellation = new Cancellation();
  surroundings.onInterrupt((signal) => interrupt(cancellation, signal, flags.talk, surroundings));
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
        { hint: 'Give the run of the import itself.' },
      );
    }
    if (past.rowsInDoubt > 0) {
      throw new UndoError(`${past.rowsInDoubt} rows of the run may or may not have been written.`, {
        hint: `Find out first: okta-csv-import resume ${runFolder}`,
      });
    }
    org = await openOrg(flags.org, flags.requests, surroundings);
    assertSameOrg(past.description, org);
    const folder = undoFolderOf(runFolder);
    if (!(await isAgreed({ past, org, folder }, flags, surroundings, cancellation))) {
      return cancellation.reason === undefined ? 2 : exitCodeFor(cancellation.reason);
    }
    return await runFollowUp(
      {
        command: 'undo',
        past,
        org,
        folder,
        cancellation,
        startedAt,
        operations: undoOperations(past),
        isDone: isReverted,
        apply: (operation, context) => revertUser(operation, { ...context, force: flags.force }),
        next: groupsThatStay(past),
      },
      flags,
      surroundings,
    );
  } finally {
    past?.close();
    await lock.release();
    await org?.close();
  }
}

/** Shows what would be done, and has it confirmed. */
async function isAgreed(
  { past, org, folder }: { readonly past: PastRun; readonly org: OpenOrg; readonly folder: string },
  flags: UndoFlags,
  surroundings: CommandContext,
  cancellation: Cancellation,
): Promise<boolean> {
  const earlier = (await hasJournal(folder)) ? await readJournal(folder) : undefined;
  const remove = new Some();
  const restore = new Some();
  const changed = new Some();
  let gone = 0;
  let restoredEarlier = 0;
  const left = function* (): ReturnType<typeof undoOperations> {
    for (const operation of undoOperations(past)) {
      const outcome = earlier?.outcomeOf(operation.row.row);
      if (outcome === undefined || !isReverted(outcome)) yield operation;
      else if (outcome.status === 'removed') gone += 1;
      else restoredEarlier += 1;
    }
  };
  try {
    for await (const { operation, found } of compareWithOrg(left(), org.client, cancellation.signal)) {
      const { kind, login } = operation;
      if (found.kind === 'gone') gone += 1;
      if (found.kind === 'changed') changed.add(login);
      const isToBeDone = found.kind === 'as-left' || (found.kind === 'changed' && flags.force);
      if (isToBeDone) (kind === 'remove' ? remove : restore).add(login);
    }
  } finally {
    earlier?.close();
  }
  const { runId } = past.description;
  const lines = [`${org.url}, run ${runId}: ${deeds({ remove: remove.count, restore: restore.count })}.`];
  if (remove.count > 0) lines.push(`To be deleted: ${remove.words()}`);
  if (restore.count > 0) lines.push(`To get former values back: ${restore.words()}`);
  if (changed.count > 0) {
    const fate = flags.force
      ? 'are among them (--force)'
      : 'keep what was changed (--force takes them back too)';
    lines.push(`${changed.count} whose profile was changed since ${fate}: ${changed.words()}`);
  }
  if (gone > 0) lines.push(`${gone} ${gone === 1 ? 'is' : 'are'} gone already.`);
  if (restoredEarlier > 0) {
    lines.push(`${restoredEarlier} got former values back by an earlier undo already.`);
  }
  const { terminal } = surroundings;
  terminal.info(lines.join('\n'));
  if (flags.yes || remove.count + restore.count === 0) return true;
  if (!surroundings.canAsk) {
    terminal.warn('Nothing was done. Give --yes to do it.');
    return false;
  }
  return saysYes('Take it back?', surroundings, cancellation.signal);
}

/** How many there are, and who the first of them are. */
class Some {
  count = 0;
  readonly #first: string[] = [];

  add(login: string): void {
    this.count += 1;
    if (this.#first.length < SHOWN) this.#first.push(login);
  }

  words(): string {
    const more = this.count - this.#first.length;
    return escapeControlCharacters(this.#first.join(', ')) + (more === 0 ? '' : `, and ${more} more`);
  }
}

const SHOWN = 5;

function deeds({ remove, restore }: { readonly remove: number; readonly restore: number }): string {
  const back = `${plural(restore, 'user')} that it updated ${restore === 1 ? 'gets' : 'get'} former values back`;
  if (remove === 0) return restore === 0 ? 'there is nothing to take back' : back;
  const gone = `${plural(remove, 'user')} that it created will be deleted for good`;
  return restore === 0 ? gone : `${gone}, ${back}`;
}

/** What cannot be taken back: others may have put people into them since. */
function groupsThatStay({ groups }: PastRun): readonly string[] {
  if (groups.length === 0) return [];
  const names = groups.map(({ name, groupId }) => `${name} (${groupId})`).join(', ');
  return [`Groups that the run created stay, with whoever is in them: ${escapeControlCharacters(names)}`];
}
