import { createReadStream } from 'node:fs';
import { join } from 'node:path';

import { listRun, listRuns, type ListedRun, type UnreadableRun } from '../../jobs/list-runs.js';
import { pastPageSteps } from '../../jobs/page-steps.js';
import { reportJob } from '../../jobs/report.js';
import { PAGE_FILE } from '../../report/html/write-page.js';
import { lineLabelOf } from '../../rows/place.js';

import type { ActionPlan, ListedRunView, RunAction } from '../api/run.js';
import { PageRequestError } from '../page-error.js';
import { json, type PageRequest, type Route } from '../route.js';
import type { PageSession } from '../session.js';

import { parseActionOptions } from './action-options.js';
import { commandOf, prepareAction, runOf } from './actions.js';
import { assertConfirmed, assertIdle } from './confirm.js';
import { correctFailedRows, type LoadMapping } from './correct.js';
import { isFile, notSelectedIn, RUN_FILES, toView } from './listed-run.js';
import { PageRun } from './page-run.js';
import { fieldOf } from './run-routes.js';

/** More runs are not listed: the command `runs` has them all. */
const MAX_RUNS = 500;

/** Its scripts and styles are inline, with their digests in the page itself. Nobody's cookies, nothing from the network. */
const REPORT_CSP =
  "sandbox allow-scripts allow-downloads allow-popups; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The runs of the reports folder, their files, and what can be done with them. */
export function runsRoutes(session: PageSession, loadMapping: LoadMapping): readonly Route[] {
  // A folder that cannot be read is named when the runs are listed.
  const notice = (): Promise<void> => noticeInterruptedRuns(session).catch(() => {});
  session.on('org', notice);
  void notice();
  return [
    {
      method: 'GET',
      path: '/api/runs',
      handle: async () => {
        const runs: ListedRunView[] = [];
        for await (const run of listRuns(session.context.reports, MAX_RUNS)) {
          runs.push(await toView(run, session.org));
        }
        return json(runs);
      },
    },
    {
      method: 'POST',
      path: '/api/runs/:run/plan',
      handle: async (request) => {
        const { run, action } = await actionOf(request);
        const options = parseActionOptions(fieldOf(request.body, 'options'));
        const effect = await prepareAction(session, run, action, options).plan();
        const runId = runOf(run);
        return json({
          action,
          runId,
          org: new URL(run.org ?? '').host,
          ...effect,
          command: commandOf(action, runId, options, session),
        } satisfies ActionPlan);
      },
    },
    {
      method: 'POST',
      path: '/api/runs/:run/actions',
      handle: async (request) => {
        assertIdle(session);
        const { run, action } = await actionOf(request);
        const options = parseActionOptions(fieldOf(request.body, 'options'));
        const { work, links } = prepareAction(session, run, action, options);
        const { connect } = session.org;
        if (connect === undefined || run.org === undefined) throw unknownAction(action);
        if (action !== 'verify') assertConfirmed(run.org, fieldOf(request.body, 'org'));
        // Another request may have started one meanwhile.
        assertIdle(session);
        const name = action === 'resume' ? (run.file?.name ?? run.runId) : runOf(run);
        const { description } = run;
        session.replaceRun(
          new PageRun(session, {
            action,
            name,
            orgUrl: run.org,
            connect,
            work,
            links,
            isWorkbook: lineLabelOf(description?.file ?? {}) === 'sheet row',
            leftOut: action === 'resume' ? notSelectedIn(description) : 0,
          }),
        );
        session.dismiss(interruptedNoticeId(run.runId));
        return json(session.state);
      },
    },
    {
      method: 'POST',
      path: '/api/runs/:run/correct',
      handle: async ({ params }) => {
        assertIdle(session);
        const run = await requireRun(session, params['run'] ?? '');
        if ('problem' in run || !(await toView(run, session.org)).canCorrect) throw unknownAction('correct');
        await correctFailedRows(session, run, loadMapping);
        return json(session.state);
      },
    },
    {
      method: 'GET',
      path: '/runs/:run/:file',
      handle: async ({ params }) => {
        const run = await requireRun(session, params['run'] ?? '');
        const name = params['file'] ?? '';
        if (name === PAGE_FILE) return { kind: 'file', ...(await reportOf(run, session)) };
        const file = RUN_FILES.find((each) => each === name);
        const path = join(run.folder, name);
        if (file === undefined || !(await isFile(path))) throw noFile(name);
        const contentType = file.endsWith('.csv') ? 'text/csv; charset=utf-8' : 'application/octet-stream';
        const downloadAs = `${run.runId}-${file}`;
        return { kind: 'file', contentType, content: createReadStream(path), downloadAs };
      },
    },
  ];
}

/** Says at the start that runs were interrupted. */
async function noticeInterruptedRuns(session: PageSession): Promise<void> {
  for await (const run of listRuns(session.context.reports, 20)) {
    const view = await toView(run, session.org);
    if (view.state !== 'interrupted' || !view.actions.includes('resume')) continue;
    session.notify({
      id: interruptedNoticeId(run.runId),
      severity: 'warning',
      message: `The run ${run.runId} was interrupted before its end.`,
      hint: 'Open Runs to resume it: nothing is sent twice.',
    });
  }
}

function interruptedNoticeId(runId: string): string {
  return `interrupted-${runId}`;
}

/** @throws {PageRequestError} the run does not have the action. */
async function actionOf({
  session,
  params,
  body,
}: PageRequest): Promise<{ readonly run: ListedRun; readonly action: RunAction }> {
  const run = await requireRun(session, params['run'] ?? '');
  const wanted = fieldOf(body, 'action');
  if ('problem' in run) throw unknownAction(wanted);
  const { actions } = await toView(run, session.org);
  const action = actions.find((each) => each === wanted);
  if (action === undefined) throw unknownAction(wanted);
  return { run, action };
}

async function requireRun(session: PageSession, runId: string): Promise<ListedRun | UnreadableRun> {
  const run = await listRun(session.context.reports, runId);
  if (run !== undefined) return run;
  throw new PageRequestError(`There is no run ${JSON.stringify(runId.slice(0, 200))}.`, {
    status: 404,
    hint: 'Open Runs to see the runs of the reports folder.',
  });
}

function unknownAction(action: unknown): PageRequestError {
  const name = typeof action === 'string' ? JSON.stringify(action.slice(0, 50)) : 'This';
  return new PageRequestError(`${name} is not possible for the run in its present state and org.`, {
    status: 409,
    hint: 'Open Runs again to see what can be done.',
  });
}

function noFile(name: string): PageRequestError {
  return new PageRequestError(`The run has no file ${JSON.stringify(name.slice(0, 100))}.`, {
    status: 404,
    hint: 'Open Runs to see the files of the run.',
  });
}

/** The report page; that of a run without an end is rebuilt, so that it shows how far the run is. */
async function reportOf(
  run: ListedRun | UnreadableRun,
  { context }: PageSession,
): Promise<{
  readonly contentType: string;
  readonly content: AsyncIterable<Uint8Array>;
  readonly contentSecurityPolicy: string;
}> {
  const page = join(run.folder, PAGE_FILE);
  const isComplete = 'problem' in run || (run.state === 'ended' && (await isFile(page)));
  if (!isComplete && run.description !== undefined) {
    const { clock, version, reports } = context;
    await reportJob({ run: run.runId, reports }, { clock, version, nextSteps: pastPageSteps });
  }
  if (!(await isFile(page))) throw noFile(PAGE_FILE);
  return {
    contentType: 'text/html; charset=utf-8',
    content: createReadStream(page),
    contentSecurityPolicy: REPORT_CSP,
  };
}
