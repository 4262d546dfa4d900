import { join } from 'node:path';

import { activateJob } from '../../jobs/activate.js';
import { activationPlanLines } from '../../jobs/activation-plan-text.js';
import { runToEnd, type Job, type JobContext } from '../../jobs/job.js';
import type { ListedRun } from '../../jobs/list-runs.js';
import { inShell } from '../../jobs/next-steps.js';
import type { PastRunRequest } from '../../jobs/past-run.js';
import { planReminders, remindJob } from '../../jobs/remind.js';
import { reminderText } from '../../jobs/reminder-text.js';
import { resumeJob } from '../../jobs/resume.js';
import { undoJob } from '../../jobs/undo.js';
import { undoPlanLines } from '../../jobs/undo-plan-text.js';
import { verifyJob } from '../../jobs/verify.js';
import { Cancellation } from '../../rows/cancellation.js';
import { plural } from '../../text.js';

import type { ActionPlan, RunAction } from '../api/run.js';
import { StepNotReadyError } from '../page-error.js';
import { forPage } from '../for-page.js';
import type { PageSession } from '../session.js';

import { isFile } from './listed-run.js';
import type { RunWork } from './page-run.js';

/** As the defaults of `remind`. */
const REMIND_AFTER_MS = 3 * 86_400_000;

/** Something that can be done with a run: what it would do, and how it is done. */
export interface PreparedAction {
  readonly plan: () => Promise<Pick<ActionPlan, 'lines' | 'hasWork'>>;
  readonly work: RunWork;
}

/** The run that an action is about: an interrupted undo or activation is continued by the action on its run. */
export function runOf({ runId, command }: ListedRun): string {
  return ['undo', 'activate'].includes(command) && runId.endsWith(`-${command}`)
    ? runId.slice(0, -command.length - 1)
    : runId;
}

/** The command line that does the same. */
export function commandOf(
  action: RunAction,
  runId: string,
  { org, context }: PageSession,
): string | undefined {
  if (org.state.kind === 'sandbox') return undefined;
  return inShell(action, runId, ...org.orgArgs, ...context.commandArgs);
}

/** @throws {StepNotReadyError} */
export function prepareAction(session: PageSession, run: ListedRun, action: RunAction): PreparedAction {
  const { connect } = session.org;
  if (connect === undefined) {
    throw new StepNotReadyError('There is no org.', { hint: 'Choose the org at the top of the page.' });
  }
  const { context } = session;
  const request = { run: runOf(run), reports: context.reports, concurrency: context.concurrency };
  switch (action) {
    case 'resume':
      return resume(run, request);
    case 'undo':
      return undo(request, connect, session);
    case 'activate':
      return activate(request, connect, session);
    case 'remind':
      return remind(request, connect, session);
    case 'verify':
      return verify(request);
    case 'import':
      throw new StepNotReadyError('A run cannot be imported again.', {
        hint: 'Correct its failed rows instead.',
      });
    default:
      return action satisfies never;
  }
}

type Request = Omit<PastRunRequest, 'connect'> & { readonly concurrency: number };
type Connect = PastRunRequest['connect'];

function resume(run: ListedRun, request: Request): PreparedAction {
  const { counts, description, folder } = run;
  const rows = description?.file.records ?? counts?.total ?? 0;
  const left = counts?.notAttempted ?? 0;
  return {
    plan: () =>
      Promise.resolve({
        lines: [
          `${rows - left} of ${plural(rows, 'row')} of ${run.file?.name ?? 'the file'} were sent.`,
          'Rows that succeeded are not sent again. Rows with an unknown outcome are looked up in the org first, so that nobody is created twice.',
          'Then the other rows are sent.',
        ],
        hasWork: true,
      }),
    work: {
      kind: 'job',
      start: async function* (context, connect) {
        const path = description?.file.path ?? '';
        const edited = join(folder, 'edited.csv');
        // The copy beside the report, if the file itself is gone.
        const isMoved = !(await isFile(path)) && (await isFile(edited));
        const source = isMoved ? { csv: edited } : undefined;
        return yield* resumeJob({ ...request, source, connect }, context);
      },
    },
  };
}

function undo(request: Request, connect: Connect, session: PageSession): PreparedAction {
  const base = { ...request, force: false };
  return {
    plan: () =>
      planned(session, (context, keep) =>
        undoJob(
          {
            ...base,
            connect,
            confirm: (plan) => keep(undoPlanLines(plan), plan.remove.count + plan.restore.count > 0),
          },
          context,
        ),
      ),
    work: {
      kind: 'job',
      start: (context, connectOrg) => undoJob({ ...base, connect: connectOrg }, context),
    },
  };
}

function activate(request: Request, connect: Connect, session: PageSession): PreparedAction {
  const base = { ...request, perMinute: undefined, sendEmail: true };
  return {
    plan: () =>
      planned(session, (context, keep) =>
        activateJob(
          {
            ...base,
            connect,
            confirm: (plan) => keep(activationPlanLines(plan), plan.users + plan.reissued > 0),
          },
          context,
        ),
      ),
    work: {
      kind: 'job',
      start: (context, connectOrg) => activateJob({ ...base, connect: connectOrg }, context),
    },
  };
}

function remind(request: Request, connect: Connect, session: PageSession): PreparedAction {
  const base = {
    ...request,
    afterMs: REMIND_AFTER_MS,
    everyMs: REMIND_AFTER_MS,
    perMinute: undefined,
  };
  return {
    async plan() {
      const plan = await planReminders({ ...base, connect }, jobContext(session));
      return { lines: reminderText(plan).split('\n').map(forPage), hasWork: plan.due.length > 0 };
    },
    work: {
      kind: 'job',
      start: (context, connectOrg) => remindJob({ ...base, connect: connectOrg }, context),
    },
  };
}

function verify(request: Request): PreparedAction {
  return {
    plan: () =>
      Promise.resolve({
        lines: [
          'Reads every user that the run created or updated, and lists what has changed since.',
          'Changes nothing.',
        ],
        hasWork: true,
      }),
    work: {
      kind: 'lookup',
      async run({ context, connect, addFailure }) {
        const differences = verifyJob({ ...request, connect }, context);
        for (;;) {
          const next = await differences.next();
          if (next.done === true) {
            const { users, differences: found, rowsInDoubt, damage, exitCode } = next.value;
            const verdict = found === 0 ? 'all as the run left them' : `${found} changed since the run`;
            const doubt =
              rowsInDoubt > 0
                ? ` ${plural(rowsInDoubt, 'unknown outcome')}: resume the run to settle it.`
                : '';
            if (damage !== undefined) context.observer?.warning?.({ message: damage });
            return { exitCode, headline: `${plural(users, 'user')} checked, ${verdict}.${doubt}` };
          }
          const { row, line, login, difference } = next.value;
          addFailure({ row, line, login, message: difference });
        }
      },
    },
  };
}

type Keep = (lines: readonly string[], hasWork: boolean) => Promise<boolean>;

/** Runs a job up to its question, and takes what it would say there for the plan. */
async function planned(
  session: PageSession,
  start: (context: JobContext, keep: Keep) => Job,
): Promise<Pick<ActionPlan, 'lines' | 'hasWork'>> {
  let plan: Pick<ActionPlan, 'lines' | 'hasWork'> = { lines: [], hasWork: false };
  const keep: Keep = (lines, hasWork) => {
    plan = { lines: lines.map(forPage), hasWork };
    return Promise.resolve(false);
  };
  await runToEnd(start(jobContext(session), keep));
  return plan;
}

function jobContext({ context: { clock, random, version } }: PageSession): JobContext {
  return { clock, random, version, cancellation: new Cancellation() };
}
