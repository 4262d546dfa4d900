import { isReverted } from '../engine/undo-operations.js';
import { readDescription, readJournal, type PastRun } from '../journal/reader.js';
import { hasBegun, undoFolderOf } from '../journal/run-folder.js';
import type { OktaClient } from '../okta/client.js';
import type { User } from '../okta/types.js';
import { isListingFailure } from '../org/broken-listing.js';
import { UserReader } from '../org/user-reader.js';
import { Dataset, type DatasetHeader, type Member } from '../sync/dataset.js';
import { fillDataset, RecordedMembers, type UnprovenCreate } from '../sync/rebuild.js';
import { wasCreatedMeanwhile } from '../sync/recover.js';
import { listOf, plural, quoted } from '../text.js';

import { findDatasetRuns, type DatasetRun } from './dataset-runs.js';
import type { JobContext } from './job.js';
import { mapAhead } from './map-ahead.js';
import type { DatasetRequest } from './open-dataset.js';

const USERS_PER_PAGE = 200;
const READS_AT_ONCE = 10;

/**
 * Rebuilds the members of a data set from the journals of its runs, and the org. Reports what the journals do not prove.
 *
 * @throws {DatasetFileError} the reports folder cannot be read.
 * @throws what the client throws.
 */
export async function rebuildDataset(
  header: DatasetHeader,
  { org: { client }, reports, settings }: DatasetRequest,
  { clock, observer, cancellation: { signal } }: JobContext,
): Promise<Dataset> {
  const warn = (message: string): void => observer?.warning?.({ message });
  const { runs, unreadable } = await findDatasetRuns(reports, { dataset: header.name, org: client.orgUrl });
  for (const folder of unreadable) {
    warn(
      `The journal in ${folder} cannot be read. If the run belongs to data set ${quoted(header.name)}, the people whom it created are left out.`,
    );
  }
  const recorded = await recordedMembers(header, runs, warn);
  const members = recorded.members();
  const reader = new UserReader({ client, clock });
  const found = await readMembers(members, { client, reader, signal });
  const dataset = new Dataset(header);
  const { withoutKey, withSameKey } = fillDataset(dataset, found, settings);
  warnOfOmitted(withoutKey, `have no ${settings.match} in Okta`, warn);
  warnOfOmitted(withSameKey, `have the same ${settings.match} as another member`, warn);
  const unproven = await unprovenLogins(dataset, recorded.unproven, client, signal);
  warnOfOmitted(unproven, 'were possibly created by a run that did not come to its end', warn);
  observer?.notice?.(
    `The state of data set ${quoted(header.name)} was rebuilt from ${plural(runs.length, 'run')} in ${reports}: ${plural(dataset.size, 'person', 'people')}.`,
  );
  return dataset;
}

/** Runs and undos in the order in which they started. */
async function recordedMembers(
  header: DatasetHeader,
  runs: readonly DatasetRun[],
  warn: (message: string) => void,
): Promise<RecordedMembers> {
  const recorded = new RecordedMembers(header);
  const steps: { readonly at: string; readonly run: string; readonly undo?: string }[] = [];
  for (const { folder, description } of runs) {
    steps.push({ at: description.startedAt, run: folder });
    const undo = undoFolderOf(folder);
    if (!(await hasBegun(undo))) continue;
    steps.push({ at: (await readDescription(undo))?.startedAt ?? description.startedAt, run: folder, undo });
  }
  steps.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  for (const { run, undo } of steps) {
    await reading(run, warn, async (past) => {
      if (undo === undefined) return recorded.addRun(past);
      return reading(undo, warn, (undone) => {
        recorded.addUndo(past, (row) => {
          const outcome = undone.outcomeOf(row);
          return outcome !== undefined && isReverted(outcome);
        });
      });
    });
  }
  return recorded;
}

async function reading(
  folder: string,
  warn: (message: string) => void,
  use: (past: PastRun) => void | Promise<void>,
): Promise<void> {
  const past = await readJournal(folder);
  try {
    if (past.damage !== undefined) {
      warn(
        `The journal in ${folder} is damaged: ${past.damage}. What the rest does not prove is left out of the data set.`,
      );
    }
    await use(past);
  } finally {
    past.close();
  }
}

interface FoundMember {
  readonly recorded: Member;
  readonly user: User;
}

/**
 * The users who still exist. Searches are not used: they may lack users who were created a moment ago. Where the org cannot be
 * listed, the members are read one by one.
 */
async function readMembers(
  members: readonly Member[],
  { client, reader, signal }: ReadContext,
): Promise<readonly FoundMember[]> {
  const listed = await listMembers(members, client, signal);
  const found: FoundMember[] = [];
  const read = mapAhead(each(members), READS_AT_ONCE, async (recorded) => {
    // The list lacks deactivated users.
    const user = listed.get(recorded.oktaId) ?? (await reader.read(recorded.oktaId, signal));
    return { recorded, user };
  });
  for await (const { recorded, user } of read) if (user !== undefined) found.push({ recorded, user });
  return found;
}

interface ReadContext {
  readonly client: OktaClient;
  readonly reader: UserReader;
  readonly signal: AbortSignal;
}

/** The users that a listing has, by ID; empty if single reads take fewer requests. */
async function listMembers(
  members: readonly Member[],
  client: OktaClient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, User>> {
  const listed = new Map<string, User>();
  if (members.length === 0) return listed;
  const wanted = new Set(members.map(({ oktaId }) => oktaId));
  try {
    const users = await client.countUsers({ signal }).catch(() => undefined);
    if (users !== undefined && Math.ceil(users / USERS_PER_PAGE) >= members.length) return listed;
    for await (const user of client.listUsers({ pageSize: USERS_PER_PAGE }, { signal, isOptional: true })) {
      if (wanted.has(user.id)) listed.set(user.id, user);
    }
  } catch (error) {
    if (signal.aborted || !isListingFailure(error)) throw error;
  }
  return listed;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** The values of the rows cannot be compared any more, and the time of creation alone proves nothing. */
async function unprovenLogins(
  dataset: Dataset,
  unproven: readonly UnprovenCreate[],
  client: OktaClient,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const logins = new Set<string>();
  for (const { login, creates } of unproven) {
    const user = await client.findUserByLogin(login, { signal });
    if (user === undefined || !wasCreatedMeanwhile(user, creates)) continue;
    if (dataset.findById(user.id) === undefined) logins.add(login);
  }
  return [...logins];
}

const MAX_LOGINS = 5;

function warnOfOmitted(logins: readonly string[], what: string, warn: (message: string) => void): void {
  if (logins.length === 0) return;
  const more = logins.length > MAX_LOGINS ? ` and ${logins.length - MAX_LOGINS} more` : '';
  const names = `${listOf(logins.slice(0, MAX_LOGINS).map(quoted))}${more}`;
  warn(
    `Left out of the data set, because they ${what}: ${names}. A run with --adopt-existing makes those of the file members again.`,
  );
}
