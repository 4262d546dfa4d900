import { join } from 'node:path';

import { paced } from '../engine/activate-user.js';
import { isWaiting, remindUser } from '../engine/remind-user.js';
import { FirstDayLog, firstDayLogsIn, type Sent } from '../journal/first-day-log.js';
import { createRunFolder, defaultRunId } from '../journal/run-folder.js';
import type { User } from '../okta/types.js';
import { readUsers } from '../org/read-users.js';
import { exitCodeOf } from '../rows/exit-code.js';
import type { RemindOperation } from '../rows/operation.js';

import { openCohort, type Cohort, type CohortPerson, type CohortRequest } from './cohort.js';
import { followUp } from './follow-up.js';
import type { Job, JobContext } from './job.js';
import { MailPlanner, type MailPlan } from '../engine/mail-plan.js';
import { Resources } from './resources.js';

export interface RemindRequest extends CohortRequest {
  /** For how long people must have had the invitation. */
  readonly afterMs: number;
  /** Minimum time since the last reminder of the same people. */
  readonly everyMs: number;
  /** Maximum emails per minute; undefined for as many as the org allows. */
  readonly perMinute: number | undefined;
  readonly concurrency: number;
  /** Gets the plan. Nothing is sent unless it resolves to true. */
  readonly confirm?: ((plan: ReminderPlan) => Promise<boolean>) | undefined;
}

/** Who is to be reminded. */
export interface ReminderPlan {
  /** `run it`, `data set staff`. */
  readonly cohort: string;
  readonly orgUrl: string;
  readonly people: number;
  readonly mails: MailPlan;
  /** In the order of the file. */
  readonly due: readonly PlannedReminder[];
  /** Invited too recently, or reminded too recently. */
  readonly waiting: readonly WaitingPerson[];
  /** People who cannot be reminded, because there is no link to send: staged ones, and those whose password must be changed. */
  readonly uninvited: Readonly<Record<UninvitedStatus, number>>;
  /** Aborts the question. */
  readonly signal: AbortSignal;
}

export type UninvitedStatus = Extract<User['status'], 'STAGED' | 'PASSWORD_EXPIRED'>;

/** A person whose reminder is not due yet, and the flag that says so. */
export interface WaitingPerson extends PlannedReminder {
  readonly flag: '--after' | '--every';
}

export interface PlannedReminder {
  readonly row: number;
  readonly line: number;
  readonly oktaId: string;
  readonly login: string;
  readonly name: string;
  readonly status: User['status'];
  /** ISO 8601. */
  readonly invitedAt: string;
  /** ISO 8601; null for never. */
  readonly remindedAt: string | null;
}

/** Says who would be reminded. Changes nothing, takes no lock. */
export async function planReminders(request: RemindRequest, context: JobContext): Promise<ReminderPlan> {
  const resources = new Resources();
  try {
    const cohort = await openCohort(request, context, resources, { purpose: 'remind', locks: false });
    return await planOf(cohort, await readLogs(cohort), request, context);
  } finally {
    await resources.close();
  }
}

/**
 * Sends the activation email again to the people of a run or a data set who have not signed in yet. Each time has a folder of its own,
 * with a journal and a report. What was sent is remembered in the folder of the run or of the data sets, before it is sent.
 */
export async function* remindJob(request: RemindRequest, context: JobContext): Job {
  const { cancellation, clock } = context;
  const resources = new Resources();
  try {
    const cohort = await openCohort(request, context, resources, { purpose: 'remind', locks: true });
    const { locks, org, subject, reports } = cohort;
    // A person can be in several runs.
    await locks.take(join(reports, 'remind.lock'), `Reminders of the runs in ${reports}`);
    const log = resources.add(await FirstDayLog.open(cohort.logPath, locks.assertHeld));
    const plan = await planOf(cohort, await readLogs(cohort), request, context);
    const orgStartedAtMs = org.client.governor.serverClock.earliest(clock.now());
    if (request.confirm !== undefined && !(await request.confirm(plan))) {
      return { exitCode: cancellation.isAborted ? exitCodeOf(cancellation.reason) : 2 };
    }
    const startedAtMs = clock.now();
    const { runId, folder } = await createRunFolder(
      cohort.reports,
      undefined,
      request.dataset === undefined
        ? `${cohort.runId}-remind`
        : defaultRunId(startedAtMs, `remind-${cohort.runId}`),
    );
    const { perMinute, concurrency } = request;
    const unknown = { inRow: 0 };
    const names = new Map([...plan.due].map(({ row, name }) => [row, name]));
    return yield* followUp(
      {
        command: 'remind',
        subject: { ...subject, names: () => Promise.resolve(names) },
        runId,
        org,
        folder,
        startedAtMs,
        locks,
        concurrency,
        sendsEmail: true,
        operations: () => plan.due.map((reminder) => toOperation(reminder, cohort)),
        paced:
          perMinute === undefined
            ? undefined
            : (planned) => paced(planned, { perMinute, clock, cancellation }),
        isDone: () => false,
        apply: (operation, write) =>
          remindUser(operation, { ...write, log, startedAtMs: orgStartedAtMs, unknown }),
      },
      context,
      resources,
    );
  } finally {
    await resources.close();
  }
}

function toOperation(
  { row, line, login, oktaId }: PlannedReminder,
  { lineLabel }: Pick<Cohort, 'lineLabel'>,
): RemindOperation {
  return { kind: 'remind', row: { row, line, lineLabel, cells: [] }, login, oktaId };
}

/** Of all runs of the reports folder. */
async function readLogs({ reports }: Cohort): Promise<readonly FirstDayLog[]> {
  return Promise.all((await firstDayLogsIn(reports)).map((path) => FirstDayLog.read(path)));
}

function lastReminder(logs: readonly FirstDayLog[], oktaId: string): Sent | undefined {
  const reminders = logs.flatMap((log) => log.last('reminder', oktaId) ?? []);
  return reminders.toSorted((one, other) => other.atMs - one.atMs)[0];
}

/**
 * Minimum time since the run that sent the last reminder started. A daily job does not start at the same second every day, and starts
 * an hour early when daylight saving time begins.
 */
function intervalMs(everyMs: number): number {
  return everyMs < DAY_MS ? everyMs : everyMs - TOLERANCE_MS;
}

const DAY_MS = 86_400_000;
const TOLERANCE_MS = 2 * 3_600_000;

async function planOf(
  cohort: Cohort,
  logs: readonly FirstDayLog[],
  { afterMs, everyMs, perMinute }: RemindRequest,
  { clock, cancellation }: JobContext,
): Promise<ReminderPlan> {
  const { client } = cohort.org;
  const { signal } = cancellation;
  const people = new Map(
    cohort.people.flatMap((person) => (person.isMissing ? [] : [[person.oktaId, person] as const])),
  );
  const due: PlannedReminder[] = [];
  const waiting: WaitingPerson[] = [];
  const uninvited = { STAGED: 0, PASSWORD_EXPIRED: 0 };
  const mails = new MailPlanner();
  for await (const { oktaId, user } of readUsers(people.keys(), { client, clock, signal })) {
    const person = people.get(oktaId);
    if (person === undefined || user === undefined) continue;
    if (user.status === 'STAGED' || user.status === 'PASSWORD_EXPIRED') uninvited[user.status] += 1;
    if (!isWaiting(user)) continue;
    const reminded = lastReminder(logs, oktaId);
    const planned = toPlanned(person, user, reminded?.atMs);
    const { serverClock } = client.governor;
    const invitedForMs = serverClock.earliest(clock.now()) - Date.parse(planned.invitedAt);
    // The org's clock is known to a second: a job that runs daily at the same time must not skip a day because of it.
    const remindedForMs =
      reminded === undefined ? Infinity : serverClock.latest(clock.now()) - reminded.startedAtMs;
    if (invitedForMs < afterMs) waiting.push({ ...planned, flag: '--after' });
    else if (remindedForMs < intervalMs(everyMs)) {
      waiting.push({ ...planned, flag: '--every' });
    } else {
      due.push(planned);
      mails.add(user);
    }
  }
  const byRow = (one: PlannedReminder, other: PlannedReminder): number => one.row - other.row;
  return {
    cohort: cohort.name,
    orgUrl: client.orgUrl,
    people: people.size,
    mails: mails.plan(perMinute),
    due: due.sort(byRow),
    waiting: waiting.sort(byRow),
    uninvited,
    signal,
  };
}

function toPlanned(
  { row, line }: CohortPerson,
  { id: oktaId, status, profile, statusChanged, activated, created }: User,
  remindedAtMs: number | undefined,
): PlannedReminder {
  const text = (name: string): string => {
    const value = profile[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    row,
    line,
    oktaId,
    login: text('login'),
    name: `${text('firstName')} ${text('lastName')}`.trim(),
    status,
    // Of a user in recovery, when the recovery began.
    invitedAt: statusChanged ?? activated ?? created,
    remindedAt: remindedAtMs === undefined ? null : new Date(remindedAtMs).toISOString(),
  };
}
