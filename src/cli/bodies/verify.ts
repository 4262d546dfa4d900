import { findRunFolder } from '../../journal/run-folder.js';
import { readJournal } from '../../journal/reader.js';
import type { RemoveOperation, RestoreOperation } from '../../rows/operation.js';
import type { UserComparison } from '../../engine/revert-user.js';
import { compareWithOrg, undoOperationsInFileOrder } from '../../engine/undo-operations.js';
import { Cancellation } from '../../rows/cancellation.js';
import type { Org } from '../../settings/load.js';
import type { RequestSettings } from '../../settings/requests.js';

import type { OutputFlags } from './finish.js';
import { assertSameOrg, openOrg } from '../connect.js';
import type { CommandContext } from '../command-context.js';
import { escapeControlCharacters } from '../../text.js';

export interface VerifyFlags {
  /** A run id, or the run's folder. */
  readonly run: string;
  readonly org: Org;
  readonly requests: RequestSettings;
  readonly talk: OutputFlags;
  readonly reports: string;
}

/** A user that is not as the run left it. */
interface Difference {
  readonly row: number;
  readonly line: number;
  readonly login: string;
  readonly oktaId: string;
  readonly difference: string;
}

/**
 * `verify <run>`: reads back every user that the run says it created or updated, fifty a request, and says what is not so.
 *
 * @returns the exit code: 1 when something is not so.
 */
export async function verifyRun(flags: VerifyFlags, surroundings: CommandContext): Promise<number> {
  const { stdout, terminal } = surroundings;
  const cancellation = new Cancellation();
  surroundings.onInterrupt((signal) => cancellation.abort({ kind: 'interrupted', signal }));
  const past = await readJournal(await findRunFolder(flags.reports, flags.run));
  const org = await openOrg(flags.org, flags.requests, surroundings);
  const differences: Difference[] = [];
  let users = 0;
  let different = 0;
  try {
    assertSameOrg(past.description, org);
    for await (const { operation, found } of compareWithOrg(
      undoOperationsInFileOrder(past),
      org.client,
      cancellation.signal,
    )) {
      users += 1;
      const difference = differenceOf(operation, found);
      if (difference === undefined) continue;
      different += 1;
      const { row, login, oktaId } = operation;
      const item = { row: row.row, line: row.line, login, oktaId, difference };
      if (flags.talk.json) differences.push(item);
      else {
        stdout.write(
          `row ${item.row} (line ${item.line}) ${escapeControlCharacters(login)} ${oktaId}: ${escapeControlCharacters(difference)}\n`,
        );
      }
    }
    if (flags.talk.json) stdout.write(`${JSON.stringify({ users, differences }, undefined, 2)}\n`);
    if (!flags.talk.quiet) {
      const doubt = past.rowsInDoubt > 0 ? ` ${past.rowsInDoubt} rows are in doubt: "resume" finds out.` : '';
      const verdict = different === 0 ? 'all as the run left them' : `${different} not as the run left them`;
      terminal.info(`${users} users looked up, ${verdict}.${doubt}`);
    }
    return different > 0 || past.rowsInDoubt > 0 ? 1 : 0;
  } finally {
    past.close();
    await org.close();
  }
}

function differenceOf(
  { login }: RemoveOperation | RestoreOperation,
  found: UserComparison,
): string | undefined {
  switch (found.kind) {
    case 'gone':
      return 'the org has no such user any more';
    case 'changed':
      return found.user.profile.login === login
        ? 'its profile was changed since'
        : `its login is ${found.user.profile.login} now`;
    case 'as-left':
      return found.user.status === 'DEPROVISIONED' ? 'it was deactivated since' : undefined;
    default:
      return found satisfies never;
  }
}
