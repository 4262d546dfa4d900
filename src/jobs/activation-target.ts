import { stagedUsers } from '../engine/activate-user.js';
import type { LinkRecipient } from '../engine/keep-link.js';
import { FirstDayLog } from '../journal/first-day-log.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { activationFolderOf, createRunFolder, defaultRunId, hasBegun } from '../journal/run-folder.js';
import { readUsers } from '../org/read-users.js';
import type { StartsLater } from '../report/summary.js';
import type { ActivateOperation } from '../rows/operation.js';

import { ActivationError } from './activation-error.js';
import { openCohort, type CohortRequest } from './cohort.js';
import { usersOfRun, type FollowUpSubject } from './follow-up.js';
import type { JobContext, OpenOrg } from './job.js';
import { assertNotUndone, openSettledImport } from './past-run.js';
import type { Resources } from './resources.js';
import type { RunLocks } from './run-locks.js';
import { LaterStarts, todayOf } from './start-dates.js';

/** Whom an activation is about. */
export interface ActivationTarget {
  /** For messages: `run it`, `data set staff`. */
  readonly name: string;
  readonly org: OpenOrg;
  readonly locks: RunLocks;
  readonly subject: FollowUpSubject;
  readonly startedAtMs: number;
  /** A new iteration at each call. */
  readonly operations: () => Iterable<ActivateOperation>;
  /** Users whom an earlier process has activated, by row. */
  readonly wasActivated: (row: number) => boolean;
  /** Users who wait for their start date, and are left alone. */
  readonly waitingForStart: number;
  /** The same, if it is known when they start. */
  readonly startsLater?: StartsLater | undefined;
  /** Users without a start date whom `due` leaves alone. */
  readonly withoutStart: number;
  /** Where links are remembered that are not kept yet; undefined for a run, whose activation has a journal that is continued. */
  readonly pending: FirstDayLog | undefined;
  /** Forgets those that are kept after all: a kill came between the two. Call it before `operations`. */
  readonly forgetKept: (links: Pick<LinkRecipient, 'has'>) => Promise<void>;
  /** Where the activation has its journal and report. Call it once, when it is certain that it takes place. */
  readonly openFolder: () => Promise<{ readonly runId: string | undefined; readonly folder: string }>;
}

export interface TargetRequest extends CohortRequest {
  /** Whether people are activated before their start date. */
  readonly early?: boolean | undefined;
  /** Of a run: only people with a start date, which has come. */
  readonly due?: boolean | undefined;
  /** Whether links are written: those of a data set that were issued and lost are issued again. */
  readonly writesLinks: boolean;
  /** Whether users will be activated; otherwise no lock is taken and nothing is written. */
  readonly locks: boolean;
}

export async function openTarget(
  request: TargetRequest,
  context: JobContext,
  resources: Resources,
): Promise<ActivationTarget> {
  const { run, dataset } = request;
  if (run !== undefined) return openRunTarget({ ...request, run }, context, resources);
  return openDatasetTarget({ ...request, dataset }, context, resources);
}

async function openRunTarget(
  request: TargetRequest & { readonly run: string },
  context: JobContext,
  resources: Resources,
): Promise<ActivationTarget> {
  const opened = await openSettledImport(request, context, resources, {
    RunError: ActivationError,
    purpose: 'activate',
    locks: request.locks,
    allow: (folder) => assertNotUndone(folder, ActivationError),
  });
  const { past, org, locks, startedAtMs } = opened;
  const { runId, settings } = past.description;
  if (request.due === true || request.early === true) assertHasDates(past, request);
  const folder = activationFolderOf(opened.folder);
  const activated = await rowsActivatedIn(folder);
  const today = todayOf(settings.dates, startedAtMs);
  const later = new LaterStarts();
  let withoutStart = 0;
  for (const { row, startsOn } of stagedUsers(past)) {
    if (activated.has(row.row)) continue;
    if (startsOn === undefined) withoutStart += 1;
    else if (startsOn > today && request.early !== true) later.add(startsOn);
  }
  const { startsLater } = later;
  return {
    name: `run ${runId}`,
    org,
    locks,
    subject: usersOfRun(past),
    startedAtMs,
    *operations() {
      for (const operation of stagedUsers(past)) {
        const { row, startsOn } = operation;
        const isWanted =
          startsOn === undefined ? request.due !== true : startsOn <= today || request.early === true;
        if (isWanted || activated.has(row.row)) yield operation;
      }
    },
    wasActivated: (row) => activated.has(row),
    waitingForStart: startsLater?.users ?? 0,
    startsLater,
    withoutStart: request.due === true ? withoutStart : 0,
    pending: undefined,
    forgetKept: () => Promise.resolve(),
    openFolder: () => Promise.resolve({ runId: undefined, folder }),
  };
}

/** @throws {ActivationError} */
function assertHasDates({ description }: PastRun, { due }: Pick<TargetRequest, 'due'>): void {
  const { runId, settings } = description;
  if (settings.dates !== undefined) return;
  throw new ActivationError(
    `Run ${runId} has no start dates, so ${due === true ? '--due' : '--early'} does not apply to it.`,
    { hint: 'Leave the flag out to activate all of its staged users.' },
  );
}

async function rowsActivatedIn(folder: string): Promise<ReadonlySet<number>> {
  const rows = new Set<number>();
  const earlier: PastRun | undefined = (await hasBegun(folder)) ? await readJournal(folder) : undefined;
  for (let row = 1; row <= (earlier?.lastRow ?? 0); row += 1) {
    const status = earlier?.outcomeOf(row)?.status;
    if (status === 'activated' || status === 'unchanged') rows.add(row);
  }
  earlier?.close();
  return rows;
}

/** The members who are staged, and those whose link was lost. */
async function openDatasetTarget(
  request: TargetRequest,
  context: JobContext,
  resources: Resources,
): Promise<ActivationTarget> {
  const options = { purpose: 'activate', locks: request.locks } as const;
  const cohort = await openCohort(request, context, resources, options);
  const { org, locks, subject } = cohort;
  const { clock, cancellation } = context;
  const pending = resources.add(
    request.locks
      ? await FirstDayLog.open(cohort.logPath, locks.assertHeld)
      : await FirstDayLog.read(cohort.logPath),
  );
  const lost = new Set(request.writesLinks ? pending.idsOf('link') : []);
  const people = new Map(
    cohort.people.flatMap((person) => (person.isMissing ? [] : [[person.oktaId, person] as const])),
  );
  const operations: ActivateOperation[] = [];
  const names = new Map<number, string>();
  const kept = new Set<string>();
  let waitingForStart = 0;
  const { signal } = cancellation;
  for await (const { oktaId, user } of readUsers(people.keys(), { client: org.client, clock, signal })) {
    const person = people.get(oktaId);
    const isStaged = user?.status === 'STAGED';
    if (person === undefined || user === undefined || !(isStaged || lost.has(oktaId))) continue;
    if (isStaged && person.waitsForStart && request.early !== true) {
      waitingForStart += 1;
      continue;
    }
    const { row, line } = person;
    const { login, firstName, lastName } = user.profile;
    operations.push({
      kind: 'activate',
      row: { row, line, lineLabel: cohort.lineLabel, cells: [] },
      login,
      oktaId,
    });
    names.set(row, [firstName, lastName].filter((name) => typeof name === 'string').join(' '));
  }
  operations.sort((one, other) => one.row.row - other.row.row);
  const startedAtMs = clock.now();
  return {
    name: cohort.name,
    org,
    locks,
    subject: { ...subject, names: () => Promise.resolve(names) },
    startedAtMs,
    operations: () => operations.filter(({ oktaId }) => !kept.has(oktaId)),
    wasActivated: () => false,
    waitingForStart,
    withoutStart: 0,
    pending,
    forgetKept: async (links) => {
      for (const oktaId of lost) {
        if (!links.has(oktaId)) continue;
        if (request.locks) await pending.withdraw('link', oktaId, clock.now());
        kept.add(oktaId);
      }
    },
    openFolder: () =>
      createRunFolder(cohort.reports, undefined, defaultRunId(startedAtMs, `activate-${cohort.runId}`)),
  };
}
