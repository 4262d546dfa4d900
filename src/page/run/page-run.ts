import { OktaImportError } from '../../errors.js';
import { runToEnd, type Job, type JobContext, type OpenOrg } from '../../jobs/job.js';
import type { FinishedRun, RunInfo, RunObserver, RunProgress } from '../../jobs/run-observer.js';
import { waitOf } from '../../jobs/track-progress.js';
import type { OktaClient } from '../../okta/client.js';
import { outcomeMessage } from '../../report/results-columns.js';
import { Cancellation } from '../../rows/cancellation.js';
import { exitCodeOf } from '../../rows/exit-code.js';
import type { RowOutcome } from '../../rows/outcome.js';
import { isFailure } from '../../rows/status-table.js';

import type { LinksFile, RunAction, RunView } from '../api/run.js';
import { byStatus } from '../counts.js';
import { forPage } from '../for-page.js';
import type { PageSession } from '../session.js';
import type { RunStep } from '../steps.js';
import { Throttle } from '../throttle.js';
import { waitText } from '../wait-text.js';

import { stepsAfter } from './next-steps.js';
import { resultOf, type EndedAction } from './run-result.js';

type Failure = RunView['failures'][number];

const MAX_FAILURES = 100;
const MAX_WARNINGS = 50;

/** What a run does, and for whom. */
export interface RunStart {
  readonly action: RunAction;
  /** Name of the file, or of the run that the action is about. */
  readonly name: string;
  readonly orgUrl: string;
  readonly connect: () => Promise<OpenOrg>;
  readonly work: RunWork;
  readonly isWorkbook: boolean;
  /** Where links are written. */
  readonly links?: LinksFile | undefined;
  /** Rows of the file that are not among those to send. */
  readonly leftOut: number;
  /** The run has its folder, and nothing was sent yet. */
  readonly onStarted?: ((run: RunInfo) => void) | undefined;
}

/** A job of rows, or something else that looks at the org. */
export type RunWork =
  | { readonly kind: 'job'; readonly start: (context: JobContext, connect: RunStart['connect']) => Job }
  | {
      readonly kind: 'lookup';
      readonly run: (tools: {
        readonly context: JobContext;
        readonly connect: RunStart['connect'];
        readonly addFailure: (failure: Failure) => void;
      }) => Promise<{ readonly headline: string; readonly exitCode: number }>;
    };

/** A run that this process works on. It goes on when no tab is open. */
export class PageRun implements RunStep {
  readonly ended: Promise<number>;
  readonly #session: PageSession;
  readonly #start: RunStart;
  readonly #isSandbox: boolean;
  readonly #cancellation = new Cancellation();
  readonly #throttle: Throttle;
  #failures: readonly Failure[] = [];
  readonly #warnings: string[] = [];
  #client: OktaClient | undefined;
  #info: RunInfo | undefined;
  #progress: RunProgress | undefined;
  #finished: FinishedRun | undefined;
  #result: RunView['result'];

  constructor(session: PageSession, start: RunStart) {
    this.#session = session;
    this.#start = start;
    this.#isSandbox = session.org.state.kind === 'sandbox';
    this.#throttle = new Throttle(() => session.send({ kind: 'run', run: this.view }));
    this.ended = this.#run();
  }

  get view(): RunView {
    const { action, name, orgUrl, isWorkbook } = this.#start;
    const leftOut = this.#leftOut;
    const progress = this.#progress;
    const counts = this.#finished?.summary.counts ?? progress?.counts;
    const isEnded = this.#result !== undefined;
    const rows = progress?.rows ?? this.#info?.rows;
    const isWaiting = !isEnded && this.#client !== undefined;
    return {
      runId: this.#info?.runId ?? '',
      action,
      name,
      org: new URL(orgUrl).host,
      isSandbox: this.#isSandbox,
      isWorkbook,
      status: isEnded ? 'ended' : this.#cancellation.isAborted ? 'pausing' : 'running',
      rows: rows && rows - leftOut,
      doneRows: (counts?.total ?? 0) - (counts?.notAttempted ?? 0),
      leftOut,
      counts: counts === undefined ? {} : byStatus(counts),
      rowsPerMinute: progress?.rowsPerMinute ?? 0,
      timeLeftMs: isEnded ? undefined : progress?.timeLeftMs,
      wait: isWaiting ? waitText(waitOf(this.#client!, this.#now())) : undefined,
      requests: {
        sent: progress?.requests.sent ?? 0,
        rateLimited: progress?.requests.rateLimited ?? 0,
      },
      failures: this.#failures,
      warnings: this.#warnings,
      result: this.#result,
    };
  }

  /** As the first Ctrl-C: no new rows; those in progress are finished. */
  pause(): void {
    this.#cancellation.abort({ kind: 'interrupted', signal: 'SIGINT' });
    this.#session.changed();
  }

  async #run(): Promise<number> {
    // After the constructor: the session has the run when the first event is sent.
    await Promise.resolve();
    const ticker = setInterval(() => this.#throttle.call(), 1000);
    let ended: EndedAction;
    try {
      ended = await this.#work();
    } catch (error) {
      const { message, hint } = this.#session.noticeOf(error, 'run');
      const exitCode = error instanceof OktaImportError ? error.exitCode : 1;
      ended = { exitCode, headline: undefined, stopped: { message, hint } };
    }
    clearInterval(ticker);
    this.#throttle.close();
    const { action, links } = this.#start;
    const leftOut = this.#leftOut;
    const runId = this.#info?.runId;
    const of = { finished: this.#finished, session: this.#session, runId, leftOut, links };
    try {
      this.#result = await resultOf(action, ended, of);
    } catch (error) {
      // The run itself has ended as it should: only what can be done next is unknown.
      this.#session.notify(this.#session.noticeOf(error, 'run'));
      this.#result = await resultOf(action, ended, { ...of, runId: undefined });
    }
    this.#session.changed();
    return ended.exitCode;
  }

  async #work(): Promise<EndedAction> {
    const { work } = this.#start;
    const connect = async (): Promise<OpenOrg> => {
      const org = await this.#start.connect();
      this.#client = org.client;
      return org;
    };
    if (work.kind === 'lookup') {
      const addFailure = (failure: Failure): void => this.#addFailures([failure]);
      const found = await work.run({ context: this.#context, connect, addFailure });
      const { reason } = this.#cancellation;
      if (reason === undefined) return found;
      return { exitCode: exitCodeOf(reason), headline: undefined, stopped: { message: 'Paused.' } };
    }
    const { exitCode } = await runToEnd(work.start(this.#context, connect));
    return { exitCode, headline: undefined };
  }

  get #context(): JobContext {
    const { clock, random, version, startedBy } = this.#session.context;
    return {
      clock,
      random,
      version,
      cancellation: this.#cancellation,
      observer: this.#observer,
      startedBy: startedBy(clock.now()),
      nextSteps: (run) => stepsAfter(run, this.#session),
    };
  }

  readonly #observer: RunObserver = {
    started: (run) => {
      this.#info = run;
      this.#start.onStarted?.(run);
      this.#session.changed();
    },
    progress: (progress) => {
      this.#progress = progress;
      this.#throttle.call();
    },
    rows: (outcomes) => this.#addFailures(outcomes.flatMap(failureOf)),
    notice: (message) => this.#addWarning(message),
    warning: ({ message, row }) => {
      // Those of rows were shown before, and are in the report.
      if (row === undefined) this.#addWarning(message);
    },
    finished: (run) => {
      this.#finished = run;
    },
  };

  /** Hidden rows may be among them, which are counted only at the end. */
  get #leftOut(): number {
    const { stoppedBecause, counts } = this.#finished?.summary ?? {};
    return stoppedBecause === null && counts !== undefined ? counts.notAttempted : this.#start.leftOut;
  }

  #addFailures(failures: readonly Failure[]): void {
    if (failures.length === 0) return;
    this.#failures = [...failures.toReversed(), ...this.#failures].slice(0, MAX_FAILURES);
    this.#throttle.call();
  }

  #addWarning(message: string): void {
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(message);
  }

  #now(): number {
    return this.#session.context.clock.now();
  }
}

function failureOf(outcome: RowOutcome): Failure[] {
  if (!isFailure(outcome.status) && outcome.status !== 'kept') return [];
  const { row, line, login = '' } = outcome;
  return [{ row, line, login, message: forPage(outcomeMessage(outcome)) }];
}
