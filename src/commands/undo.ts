import { OktaImportError } from '../errors.js';
import { printable } from '../report/printable.js';
import { findRunFolder, undoFolderOf } from '../run/folder.js';
import { readJournal, type PastRun } from '../run/journal-reader.js';
import { takeLock } from '../run/lock.js';
import { Stop } from '../run/stop.js';
import { takeBack } from '../run/take-back.js';
import { lookUp, undoOperations } from '../run/undo.js';
import type { Org } from '../settings/load.js';
import type { RequestSettings } from '../settings/requests.js';

import { ask } from './ask.js';
import { interrupt, type TalkFlags } from './ending.js';
import { runFollowUp } from './follow-up.js';
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
 * `undo <run>`: deactivates and deletes the users that the run created, and gives those that it updated their former
 * values, newest first, after showing what it will do.
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
    if (!(await isAgreed(past, org, flags, surroundings, stop))) return 2;
    return await runFollowUp(
      {
        command: 'undo',
        past,
        org,
        folder: undoFolderOf(runFolder),
        stop,
        startedAt,
        operations: undoOperations(past),
        // What was kept may go this time, and what failed may succeed.
        isDone: ({ status }) => status === 'removed' || status === 'restored',
        apply: (operation, context) => takeBack(operation, { ...context, force: flags.force }),
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
  past: PastRun,
  org: OpenOrg,
  flags: UndoFlags,
  surroundings: Surroundings,
  stop: Stop,
): Promise<boolean> {
  const counts = { remove: 0, restore: 0, changed: 0, gone: 0 };
  const changed: string[] = [];
  for await (const { operation, found } of lookUp(undoOperations(past), org.client, stop.signal)) {
    const isToBeDone = found.kind === 'as-left' || (found.kind === 'changed' && flags.force);
    if (isToBeDone) counts[operation.kind] += 1;
    if (found.kind === 'gone') counts.gone += 1;
    if (found.kind !== 'changed') continue;
    counts.changed += 1;
    if (changed.length < 5) changed.push(operation.login);
  }
  const { runId } = past.description;
  const todo = counts.remove + counts.restore;
  const lines = [`${org.url}, run ${runId}: ${deeds(counts)}.`];
  if (counts.changed > 0) {
    const examples = printable(changed.join(', '));
    const fate = flags.force
      ? 'are among them (--force)'
      : 'keep what was changed (--force takes them back too)';
    lines.push(`${counts.changed} whose profile was changed since ${fate}: ${examples}`);
  }
  if (counts.gone > 0) lines.push(`${counts.gone} ${counts.gone === 1 ? 'is' : 'are'} gone already.`);
  const { talk } = surroundings;
  talk.note(lines.join('\n'));
  if (flags.yes || todo === 0) return true;
  if (!surroundings.canAsk) {
    talk.warn('Nothing was done. Give --yes to do it.');
    return false;
  }
  const answer = await ask('Take it back? Type yes: ', surroundings, stop.signal);
  if (answer.toLowerCase() === 'yes') return true;
  talk.warn('Nothing was done.');
  return false;
}

function deeds({ remove, restore }: { readonly remove: number; readonly restore: number }): string {
  const back = `${users(restore)} that it updated ${restore === 1 ? 'gets' : 'get'} former values back`;
  if (remove === 0) return restore === 0 ? 'there is nothing to take back' : back;
  const gone = `${users(remove)} that it created will be deleted for good`;
  return restore === 0 ? gone : `${gone}, ${back}`;
}

function users(count: number): string {
  return `${count} ${count === 1 ? 'user' : 'users'}`;
}

/** What cannot be taken back: others may have put people into them since. */
function groupsThatStay({ groups }: PastRun): readonly string[] {
  if (groups.length === 0) return [];
  const names = groups.map(({ name, groupId }) => `${name} (${groupId})`).join(', ');
  return [`Groups that the run created stay, with whoever is in them: ${printable(names)}`];
}
