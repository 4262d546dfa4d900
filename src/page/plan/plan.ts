import { join } from 'node:path';

import type { OpenOrg } from '../../jobs/job.js';
import { inShell } from '../../jobs/next-steps.js';
import { shownFlags, type ImportOptions } from '../../jobs/options.js';
import type { FinishedRun, RunObserver, RunProgress } from '../../jobs/run-observer.js';
import { waitOf } from '../../jobs/track-progress.js';
import { importMinutes, validateJob } from '../../jobs/validate.js';
import type { OktaClient } from '../../okta/client.js';
import type { RowDescriber } from '../../report/row-describer.js';
import { Cancellation } from '../../rows/cancellation.js';
import { noCounts } from '../../rows/counts.js';
import { selectionWithout } from '../../rows/row-selection.js';
import { plural } from '../../text.js';

import type { PlannedRowsPage, PlannedRowsQuery, PlanOptions, PlanState } from '../api/plan.js';
import { byStatus } from '../counts.js';
import { OpenedFileChangedError, StepNotReadyError } from '../page-error.js';
import type { PageOrg, PageSession } from '../session.js';
import type { PlannedImport, PlanStep } from '../steps.js';
import { Throttle } from '../throttle.js';
import { waitText } from '../wait-text.js';

import type { PlanInput } from './plan-input.js';
import { PlannedRows, type RemainingRows } from './planned-rows.js';

/** Shells take less in one word than in all: 128 kB on Linux, 32 kB in all on Windows. */
const MAX_COMMAND = 30_000;
const MAX_DOMAINS = 10;

/** The dry run of an import: what it would do with every row. */
export class Plan implements PlanStep {
  readonly #session: PageSession;
  readonly #input: PlanInput;
  readonly #planOptions: PlanOptions;
  readonly #options: ImportOptions;
  readonly #org: PageOrg;
  readonly #connect: () => Promise<OpenOrg>;
  readonly #isWorkbook: boolean;
  readonly #cancellation = new Cancellation();
  readonly #throttle: Throttle;
  readonly #rows: PlannedRows;
  /** Rows that were unticked when it was made. */
  readonly #leftOut: ReadonlySet<number>;
  #remaining: { readonly key: string; readonly rows: RemainingRows } | undefined;
  readonly #notices: string[] = [];
  #client: OktaClient | undefined;
  #describer: RowDescriber | undefined;
  #progress: RunProgress | undefined;
  #finished: FinishedRun | undefined;
  #problem: PlanState['problem'];
  #isRunning = true;
  /** A run reads the files. */
  #isTaken = false;
  #isClosed = false;
  /** The users in the org are no longer as they were. */
  #isUsed = false;
  #done: Promise<void> = Promise.resolve();

  /** @param org - that of the session, with its `connect`. */
  constructor(
    session: PageSession,
    input: PlanInput,
    {
      options,
      org,
      connect,
    }: {
      readonly options: PlanOptions;
      readonly org: PageOrg;
      readonly connect: () => Promise<OpenOrg>;
    },
  ) {
    this.#session = session;
    this.#input = input;
    this.#planOptions = options;
    this.#options = { ...options, ...input.options, concurrency: session.context.concurrency };
    this.#org = org;
    this.#connect = connect;
    this.#isWorkbook = session.file?.state.found.kind === 'workbook';
    this.#leftOut = new Set(input.excludedRows);
    this.#rows = new PlannedRows(options.activate);
    this.#throttle = new Throttle(() => session.send({ kind: 'plan', plan: this.state }));
  }

  /** Runs on; the progress arrives as events. */
  start(): void {
    if (this.#isClosed) return;
    this.#done = this.#run().finally(() => {
      this.#isRunning = false;
      this.#throttle.close();
      this.#session.changed();
    });
  }

  get state(): PlanState {
    const { estimate, summary, warnings } = this.#finished ?? {};
    const groups = warnings?.groups() ?? [];
    const all = summary?.counts ?? this.#progress?.counts ?? noCounts();
    const {
      counts,
      groupsToCreate,
      mails: { count, domains },
    } = this.#remainingRows() ?? {
      counts: byStatus(all),
      groupsToCreate: estimate?.groupsToCreate ?? [],
      mails: {
        count: estimate?.activationMails ?? 0,
        domains: (estimate?.mailDomains ?? []).map(({ domain, mails }) => ({ domain, count: mails })),
      },
    };
    const creates = counts['would-create'] ?? 0;
    const updates = counts['would-update'] ?? 0;
    return {
      status: this.#status,
      options: this.#planOptions,
      rows: this.#session.check?.state.rows,
      checkedRows: all.total,
      counts,
      groupsToCreate,
      mails: { count, domains: domains.slice(0, MAX_DOMAINS) },
      startLater: estimate?.startLater ?? 0,
      requests: estimate && creates + updates + groupsToCreate.length,
      minutes: estimate && this.#client && importMinutes(this.#client, { creates, updates }),
      wait: this.#isRunning && this.#client ? waitText(waitOf(this.#client, this.#now())) : undefined,
      command: this.#command(),
      warnings: [
        ...this.#notices,
        ...groups.map(({ rows, message }) => `${plural(rows, 'row')}: ${message}`),
      ],
      problem: this.#problem,
    };
  }

  /** Without the rows that were unticked since; undefined if none were, or not all rows are known. */
  #remainingRows(): RemainingRows | undefined {
    const { estimate } = this.#finished ?? {};
    const excluded = this.#session.check?.excludedRows ?? [];
    if (estimate === undefined || excluded.every((row) => this.#leftOut.has(row))) return undefined;
    const key = excluded.join(',');
    if (this.#remaining?.key !== key) {
      const groups = { toCreate: estimate.groupsToCreate, ofAll: this.#planOptions.groups };
      this.#remaining = { key, rows: this.#rows.without(new Set(excluded), groups) };
    }
    return this.#remaining.rows;
  }

  /** @param excluded - by default, the rows that are unticked now, of those that were planned. */
  #importOptions(excluded = this.#session.check?.excludedRows ?? []): ImportOptions {
    const rows = this.#session.check?.state.rows ?? 0;
    return { ...this.#options, only: selectionWithout(excluded, rows) };
  }

  #command(): string | undefined {
    const command = inShell(
      'import',
      this.#input.typedPath,
      ...shownFlags(this.#importOptions()),
      ...this.#session.org.orgArgs,
      ...this.#session.context.commandArgs,
    );
    return command.length > MAX_COMMAND ? undefined : command;
  }

  rows(query: PlannedRowsQuery): PlannedRowsPage {
    return this.#rows.page(query, this.#session.check?.excludedRows ?? []);
  }

  get planned(): PlannedImport | undefined {
    const sha256 = this.#finished?.summary.file.sha256;
    if (this.#status !== 'ready' || sha256 === undefined) return undefined;
    const options = this.#importOptions();
    if (options.only === '') return undefined;
    return {
      options,
      path: this.#input.path,
      name: this.#input.name,
      isEdited: this.#input.isEdited,
      retried: this.#input.retried,
      isWorkbook: this.#isWorkbook,
      leftOut: this.#session.check?.excludedRows.length ?? 0,
      sha256,
      orgUrl: this.#org.state.url ?? '',
      connect: this.#connect,
    };
  }

  take(): void {
    this.#isTaken = true;
  }

  async release(): Promise<void> {
    this.#isTaken = false;
    if (this.#isClosed) await this.#input.remove();
  }

  markUsed(): void {
    this.#isUsed = true;
  }

  async close(): Promise<void> {
    this.#cancellation.abort({ kind: 'interrupted', signal: 'SIGINT' });
    await this.#done;
    this.#isClosed = true;
    // A run reads them again when it is resumed.
    if (!this.#isTaken) await this.#input.remove();
  }

  get #status(): PlanState['status'] {
    if (this.#isRunning) return 'running';
    if (this.#problem !== undefined) return 'failed';
    const { check, org } = this.#session;
    const isCurrent =
      !this.#isUsed &&
      check?.version === this.#input.version &&
      org === this.#org &&
      this.#areRowsPlanned(new Set(check?.excludedRows));
    return isCurrent ? 'ready' : 'outdated';
  }

  /** Rows can be left out of a plan, but not added. */
  #areRowsPlanned(excluded: ReadonlySet<number>): boolean {
    const isMore = [...this.#leftOut].some((row) => !excluded.has(row));
    // Which of the users would start later is not known.
    const isLess = excluded.size > this.#leftOut.size && (this.#finished?.estimate?.startLater ?? 0) > 0;
    return !isMore && !isLess;
  }

  async #run(): Promise<void> {
    const { clock, random, version, reports } = this.#session.context;
    const ticker = setInterval(() => this.#throttle.call(), 1000);
    try {
      const job = validateJob(
        {
          ...this.#importOptions([...this.#leftOut]),
          source: { csv: this.#input.path },
          editedFrom: this.#input.isEdited ? this.#input.name : undefined,
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
