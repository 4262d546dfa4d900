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

import type { ActionOptions, ActionPlan, LinksFile, RunAction } from '../api/run.js';
import { StepNotReadyError } from '../page-error.js';
import { forPage } from '../for-page.js';
import type { PageSession } from '../session.js';

import { isFile, notSelectedIn } from './listed-run.js';
import type { RunWork } from './page-run.js';

/** As the defaults of `remind`. */
const REMIND_AFTER_MS = 3 * 86_400_000;

/** What an action would do. */
type ActionEffect = Pick<ActionPlan, 'lines' | 'hasWork' | 'changedUsers'>;

/** Something that can be done with a run: what it would do, and how it is done. */
export interface PreparedAction {
  readonly plan: () => Promise<ActionEffect>;
  readonly work: RunWork;
  /** Where links are written. */
  readonly links?: LinksFile | undefined;
}

const LINKS_FILES = { csv: 'links.csv', html: 'letters.html' } as const;

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
  { force, perMinute, links }: ActionOptions,
  { org, context }: PageSession,
): string | undefined {
  if (org.state.kind === 'sandbox') return undefined;
  return inShell(
    action,
    runId,
    ...(force === true ? ['--force'] : []),
    ...(perMinute === undefined ? [] : ['--per-minute', String(perMinute)]),
    ...(links === undefined ? [] : ['--links', join(context.reports, runId, LINKS_FILES[links])]),
    ...org.orgArgs,
    ...context.commandArgs,
  );
}

/** @throws {StepNotReadyError} */
export function prepareAction(
  session: PageSession,
  run: ListedRun,
  action: RunAction,
  options: ActionOptions,
): PreparedAction {
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
      return undo({ ...request, force: options.force === true }, connect, session);
    case 'activate':
      return activate({ ...request, perMinute: options.perMinute }, connect, session, options.links);
    case 'remind':
      return remind({ ...request, perMinute: options.perMinute }, connect, session);
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
/** @param perMinute - maximum emails per minute. */
type Paced = Request & { readonly perMinute: number | undefined };
type Connect = PastRunRequest['connect'];

function resume(run: ListedRun, request: Request): PreparedAction {
  const { counts, description, folder } = run;
  const leftOut = notSelectedIn(description);
  const rows = (description?.file.records ?? counts?.total ?? 0) - leftOut;
  const left = Math.max(0, (counts?.notAttempted ?? 0) - leftOut);
  return {
    plan: () =>
      Promise.resolve({
        lines: [
          `${rows - left} of ${plural(rows, 'row')} of ${run.file?.name ?? 'the file'} were sent.`,
          'Rows that succeeded are not sent again. Rows with an unknown outcome are looked up in the org first, so that nobody is created twice.',
          'Then the other rows are sent.',
        ],
        hasWork: true,
        changedUsers: 0,
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

function undo(
  base: Request & { readonly force: boolean },
  connect: Connect,
  session: PageSession,
): PreparedAction {
  return {
    plan: () =>
      planned(session, (context, keep) =>
        undoJob(
          {
            ...base,
            connect,
            confirm: (plan) =>
              keep({
                lines: undoPlanLines(plan),
                hasWork: plan.remove.count + plan.restore.count > 0,
                changedUsers: plan.changed.count,
              }),
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

function activate(
  request: Paced,
  connect: Connect,
  session: PageSession,
  format: ActionOptions['links'],
): PreparedAction {
  const file = format && LINKS_FILES[format];
  const links = file && { file: join(request.reports, request.run, file) };
  const base = { ...request, sendEmail: true, links };
  return {
    links: file && { runId: request.run, file },
    plan: () =>
      planned(session, (context, keep) =>
        activateJob(
          {
            ...base,
            connect,
            confirm: (plan) =>
              keep({
                lines: activationPlanLines(plan),
                hasWork: plan.users + plan.reissued > 0,
                changedUsers: 0,
              }),
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

function remind(request: Paced, connect: Connect, session: PageSession): PreparedAction {
  const base = {
    ...request,
    afterMs: REMIND_AFTER_MS,
    everyMs: REMIND_AFTER_MS,
  };
  return {
    async plan() {
      const plan = await planReminders({ ...base, connect }, jobContext(session));
      const lines = reminderText(plan).split('\n');
      return {
        lines: lines.map((line) => shownLine(line, session)),
        hasWork: plan.due.length > 0,
        changedUsers: 0,
      };
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
        changedUsers: 0,
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

type Keep = (plan: ActionEffect) => Promise<boolean>;

/** Runs a job up to its question, and takes what it would say there for the plan. */
async function planned(
  session: PageSession,
  start: (context: JobContext, keep: Keep) => Job,
): Promise<ActionEffect> {
  let plan: ActionEffect = { lines: [], hasWork: false, changedUsers: 0 };
  const keep: Keep = (found) => {
    plan = { ...found, lines: found.lines.map((line) => shownLine(line, session)) };
    return Promise.resolve(false);
  };
  await runToEnd(start(jobContext(session), keep));
  return plan;
}

/** Replaces the address of the sandbox org, which means nothing to the reader. */
function shownLine(line: string, { org: { state } }: PageSession): string {
  const { kind, url } = state;
  if (kind !== 'sandbox' || url === undefined) return forPage(line);
  const shown = line.replaceAll(url, 'the sandbox org');
  return forPage(shown.charAt(0).toUpperCase() + shown.slice(1));
}

function jobContext({ context: { clock, random, version } }: PageSession): JobContext {
  return { clock, random, version, cancellation: new Cancellation() };
}
