import { join } from 'node:path';

import type { OpenOrg } from '../../jobs/job.js';
import { inShell } from '../../jobs/next-steps.js';
import { shownFlags, type ImportOptions } from '../../jobs/options.js';
import type { FinishedRun, RunObserver, RunProgress } from '../../jobs/run-observer.js';
import { waitOf } from '../../jobs/track-progress.js';
import { validateJob } from '../../jobs/validate.js';
import type { OktaClient } from '../../okta/client.js';
import type { RowDescriber } from '../../report/row-describer.js';
import { Cancellation } from '../../rows/cancellation.js';
import { noCounts } from '../../rows/counts.js';
import { plural } from '../../text.js';

import type { PlannedRowsPage, PlannedRowsQuery, PlanOptions, PlanState } from '../api/plan.js';
import { byStatus } from '../counts.js';
import { OpenedFileChangedError, StepNotReadyError } from '../page-error.js';
import type { PageSession, PlannedImport, PlanStep } from '../session.js';
import { Throttle } from '../throttle.js';
import { waitText } from '../wait-text.js';

import type { PlanInput } from './plan-input.js';
import { PlannedRows } from './planned-rows.js';

/** Shells take less in one word than in all: 128 kB on Linux, 32 kB in all on Windows. */
const MAX_COMMAND = 30_000;

/** The dry run of an import: what it would do with every row. */
export class Plan implements PlanStep {
  readonly #session: PageSession;
  readonly #input: PlanInput;
  readonly #planOptions: PlanOptions;
  readonly #options: ImportOptions;
  readonly #orgUrl: string;
  readonly #connect: () => Promise<OpenOrg>;
  readonly #checkVersion: number | undefined;
  readonly #command: string | undefined;
  readonly #cancellation = new Cancellation();
  readonly #throttle: Throttle;
  readonly #rows = new PlannedRows();
  readonly #notices: string[] = [];
  #client: OktaClient | undefined;
  #describer: RowDescriber | undefined;
  #progress: RunProgress | undefined;
  #finished: FinishedRun | undefined;
  #problem: PlanState['problem'];
  #isRunning = true;
  /** A run reads the files. */
  #isTaken = false;
  /** The users in the org are no longer as they were. */
  #isUsed = false;
  #done: Promise<void> = Promise.resolve();

  /** @param connect - to the org of the session. */
  constructor(
    session: PageSession,
    input: PlanInput,
    { options, connect }: { readonly options: PlanOptions; readonly connect: () => Promise<OpenOrg> },
  ) {
    this.#session = session;
    this.#input = input;
    this.#planOptions = options;
    this.#options = { ...options, ...input.options, concurrency: session.context.concurrency };
    this.#connect = connect;
    this.#orgUrl = session.org.state.url ?? '';
    this.#checkVersion = session.check?.version;
    const command = inShell(
      'import',
      input.typedPath,
      ...shownFlags(this.#options),
      ...session.org.orgArgs,
      ...session.context.commandArgs,
    );
    this.#command = command.length > MAX_COMMAND ? undefined : command;
    this.#throttle = new Throttle(() => session.send({ kind: 'plan', plan: this.state }));
  }

  /** Runs on; the progress arrives as events. */
  start(): void {
    this.#done = this.#run().finally(() => {
      this.#isRunning = false;
      this.#throttle.close();
      this.#session.changed();
    });
  }

  get state(): PlanState {
    const { estimate, summary, warnings } = this.#finished ?? {};
    const groups = warnings?.groups() ?? [];
    const counts = summary?.counts ?? this.#progress?.counts ?? noCounts();
    const mails = estimate?.activationMails ?? 0;
    return {
      status: this.#status,
      options: this.#planOptions,
      rows: this.#session.check?.state.rows,
      checkedRows: counts.total,
      counts: byStatus(counts),
      groupsToCreate: estimate?.groupsToCreate ?? [],
      mails: {
        count: mails,
        domains: (estimate?.mailDomains ?? []).map(({ domain, mails: count }) => ({ domain, count })),
      },
      startLater: estimate?.startLater ?? 0,
      requests: estimate && estimate.creates + estimate.updates + estimate.groupsToCreate.length,
      minutes: estimate?.minutes,
      wait: this.#isRunning && this.#client ? waitText(waitOf(this.#client, this.#now())) : undefined,
      command: this.#command,
      warnings: [
        ...this.#notices,
        ...groups.map(({ rows, message }) => `${plural(rows, 'row')}: ${message}`),
      ],
      problem: this.#problem,
    };
  }

  rows(query: PlannedRowsQuery): PlannedRowsPage {
    return this.#rows.page(query, this.#session.check?.excludedRows ?? []);
  }

  get planned(): PlannedImport | undefined {
    const sha256 = this.#finished?.summary.file.sha256;
    if (this.#status !== 'ready' || sha256 === undefined) return undefined;
    return {
      options: this.#options,
      path: this.#input.path,
      name: this.#input.name,
      isEdited: this.#input.isEdited,
      sha256,
      orgUrl: this.#orgUrl,
      connect: this.#connect,
    };
  }

  take(): void {
    this.#isTaken = true;
  }

  markUsed(): void {
    this.#isUsed = true;
  }

  async close(): Promise<void> {
    this.#cancellation.abort({ kind: 'interrupted', signal: 'SIGINT' });
    await this.#done;
    // A run reads them again when it is resumed.
    if (!this.#isTaken) await this.#input.remove();
  }

  get #status(): PlanState['status'] {
    if (this.#isRunning) return 'running';
    if (this.#problem !== undefined) return 'failed';
    const isCurrent =
      !this.#isUsed &&
      this.#session.check?.version === this.#checkVersion &&
      this.#session.org.connect === this.#connect;
    return isCurrent ? 'ready' : 'outdated';
  }

  async #run(): Promise<void> {
    const { clock, random, version, reports } = this.#session.context;
    const ticker = setInterval(() => this.#throttle.call(), 1000);
    try {
      const job = validateJob(
        {
          ...this.#options,
          source: { csv: this.#input.path },
          store: { kind: 'none', as: join(reports, 'plan') },
          connect: async () => {
            const org = await this.#connect();
            this.#client = org.client;
            return org;
          },
        },
        { clock, random, version, cancellation: this.#cancellation, observer: this.#observer },
      );
      for (;;) {
        const next = await job.next();
        if (next.done === true) break;
        for (const completed of next.value) this.#rows.add(completed, this.#describer);
        this.#throttle.call();
      }
      const { reason } = this.#cancellation;
      if (reason?.kind === 'failed') throw reason.error;
      if (this.#finished === undefined) {
        throw new StepNotReadyError('The file has no rows.', { hint: 'Choose another file or sheet.' });
      }
      // Then other rows were planned than were checked.
      const opened = this.#session.file?.table?.sha256;
      const isChanged = opened !== undefined && this.#finished.summary.file.sha256 !== opened;
      if (isChanged && !this.#input.isEdited) throw new OpenedFileChangedError(this.#input.name);
    } catch (error) {
      this.#problem = this.#session.noticeOf(error, 'plan');
    } finally {
      clearInterval(ticker);
    }
  }

  readonly #observer: RunObserver = {
    started: ({ describer }) => {
      this.#describer = describer;
    },
    progress: (progress) => {
      this.#progress = progress;
    },
    notice: (message) => void this.#notices.push(message),
    warning: ({ message, row }) => {
      // Those of rows are counted by kind.
      if (row === undefined) this.#notices.push(message);
    },
    finished: (run) => {
      this.#finished = run;
    },
  };

  #now(): number {
    return this.#session.context.clock.now();
  }
}
