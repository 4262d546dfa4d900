import type { Clock } from '../clock.js';
import { OktaImportError } from '../errors.js';
import type { OpenOrg } from '../jobs/job.js';
import type { StartedBy } from '../journal/journal-line.js';

import type { PlanOptions } from './api/plan.js';
import type { Notice, OrgChange, OrgState, PageEvent, PageState, StepName } from './api/state.js';
import type { CheckStep, ColumnsStep, FileStep, PlanStep, RunStep } from './steps.js';
import { waitAtMost } from './wait-at-most.js';

/** What the page needs of the process that it runs in. */
export interface PageContext {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly version: string;
  /** Folder of the runs, absolute. */
  readonly reports: string;
  readonly startedBy: (nowMs: number) => StartedBy;
  /** Flags about rate limits and the reports folder, as typed in the next command. */
  readonly commandArgs: readonly string[];
  /** Maximum number of rows in progress. */
  readonly concurrency: number;
  /** An org that was typed on the page. Signs in once, to check it. @throws {OktaImportError} why it cannot be used. */
  readonly openTypedOrg: (typed: OrgChange) => Promise<PageOrg>;
}

/** The org that the page works with. */
export interface PageOrg {
  readonly state: OrgState;
  /** Undefined if there is none, or its settings are incomplete. Every job opens and closes its own. */
  readonly connect: (() => Promise<OpenOrg>) | undefined;
  /** Flags that select it, as typed in the next command. */
  readonly orgArgs: readonly string[];
}

interface Steps {
  readonly file: FileStep;
  readonly columns: ColumnsStep;
  readonly check: CheckStep;
  readonly plan: PlanStep;
}

/** In the order of the steps: what replaces one makes the later ones invalid. */
const ORDER = ['file', 'columns', 'check', 'plan'] as const satisfies readonly (keyof Steps)[];

const MAX_CLOSE_MS = 1000;

/** @param org - that of the session when the listeners were called. */
type Listener = (session: PageSession, org: PageOrg) => void | Promise<void>;

/**
 * All that the page knows: one person works at it, in any number of tabs.
 *
 * Steps are replaced as a whole. The parts of the server listen for a step that they build on: `session.on('file', openColumns)`.
 */
export class PageSession {
  readonly context: PageContext;
  #org: PageOrg;
  #steps: Partial<Steps> = {};
  #run: RunStep | undefined;
  #planOptions: PlanOptions | undefined;
  #revision = 0;
  #notices: readonly Notice[] = [];
  readonly #listeners = new Map<keyof Steps | 'org', Listener[]>();
  readonly #send: (event: PageEvent) => void;
  #isStateDue = false;
  readonly #closers: (() => Promise<void>)[] = [];
  /** Replaced steps that are still closing. */
  readonly #closing = new Set<Promise<void>>();

  readonly #onError: (error: unknown) => void;

  /**
   * @param send - sends an event to all tabs.
   * @param onError - gets mistakes of the program that no request can report.
   */
  constructor(
    context: PageContext,
    org: PageOrg,
    send: (event: PageEvent) => void,
    onError: (error: unknown) => void,
  ) {
    this.#onError = onError;
    this.context = context;
    this.#org = org;
    this.#send = send;
  }

  get org(): PageOrg {
    return this.#org;
  }

  get file(): FileStep | undefined {
    return this.#steps.file;
  }

  get columns(): ColumnsStep | undefined {
    return this.#steps.columns;
  }

  get check(): CheckStep | undefined {
    return this.#steps.check;
  }

  get plan(): PlanStep | undefined {
    return this.#steps.plan;
  }

  get run(): RunStep | undefined {
    return this.#run;
  }

  /** The latest choice. */
  get planOptions(): PlanOptions | undefined {
    return this.#planOptions;
  }

  /** Calls the listener after the step was replaced, before the request that did it is answered. */
  on(step: keyof Steps | 'org', listener: Listener): void {
    this.#listeners.set(step, [...(this.#listeners.get(step) ?? []), listener]);
  }

  /** Replaces a step, closes the later ones, and calls the listeners. */
  async replace<Name extends keyof Steps>(name: Name, step: Steps[Name] | undefined): Promise<void> {
    const outdated = ORDER.slice(ORDER.indexOf(name));
    const former = outdated.map((each) => this.#steps[each]);
    const kept = Object.fromEntries(
      ORDER.filter((each) => !outdated.includes(each)).map((each) => [each, this.#steps[each]]),
    );
    this.#steps = { ...kept, [name]: step };
    this.changed();
    await this.#closeSteps(former.filter((each) => each !== step));
    await this.#notify(name);
  }

  /** Updates the columns where the later steps are not affected. */
  updateColumns(step: ColumnsStep): void {
    this.#steps = { ...this.#steps, columns: step };
    this.changed();
  }

  async replaceOrg(org: PageOrg): Promise<void> {
    this.#org = org;
    this.changed();
    await this.#notify('org');
  }

  /** For the next plan: a change of the rows must not lose what was chosen. */
  rememberPlanOptions(options: PlanOptions): void {
    this.#planOptions = options;
    this.changed();
  }

  replaceRun(run: RunStep | undefined): void {
    this.#run = run;
    this.changed();
  }

  /** Adds or replaces a notice by its ID. */
  notify(notice: Notice): void {
    this.#notices = [...this.#notices.filter(({ id }) => id !== notice.id), notice];
    this.changed();
  }

  dismiss(id: string): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
    this.changed();
  }

  /** Sends the state to all tabs, once for all changes of this moment. */
  changed(): void {
    this.#revision += 1;
    if (this.#isStateDue) return;
    this.#isStateDue = true;
    setImmediate(() => {
      this.#isStateDue = false;
      this.#send({ kind: 'state', state: this.state });
    });
  }

  /** Sends a part of the state that changes often. */
  send(event: PageEvent): void {
    this.#revision += 1;
    this.#send(event);
  }

  get state(): PageState {
    return {
      revision: this.#revision,
      version: this.context.version,
      org: this.#org.state,
      file: this.file?.state,
      columns: this.columns?.state,
      check: this.check?.state,
      plan: this.plan?.state,
      planOptions: this.#planOptions,
      run: this.#run?.view,
      openSteps: this.#openSteps,
      notices: this.#notices,
    };
  }

  /** Calls the function when the page ends, after the steps were closed. */
  onClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** What the page shows for an error of something that no request waits for. */
  noticeOf(error: unknown, id: string): Notice {
    if (error instanceof OktaImportError) {
      const { message, hint } = error;
      return { id, severity: 'error', message, hint };
    }
    this.#onError(error);
    const message = 'Internal error. This is a bug in okta-csv-import.';
    return { id, severity: 'error', message, hint: 'See the terminal for details, and report it.' };
  }

  /** Pauses the run, if there is one, and ends. */
  async close(): Promise<void> {
    this.#run?.pause();
    await this.#run?.ended;
    for (const name of ORDER) await this.#steps[name]?.close();
    await Promise.all(this.#closing);
    for (const close of this.#closers) await close();
  }

  /** Ends in the background: requests in flight are finished first, and the org may not respond. */
  async #closeSteps(steps: readonly (Steps[keyof Steps] | undefined)[]): Promise<void> {
    const closing = Promise.all(steps.map(async (step) => step?.close())).then(() => {}, this.#onError);
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
    await waitAtMost(MAX_CLOSE_MS, closing);
  }

  get #openSteps(): readonly StepName[] {
    const { columns, check } = this;
    const hasTable = this.file?.table !== undefined;
    const isMapped = hasTable && columns?.mappingFile !== undefined;
    return [
      'file',
      ...(hasTable && columns !== undefined ? (['columns'] as const) : []),
      ...(isMapped ? (['check'] as const) : []),
      ...(isMapped && check !== undefined ? (['plan'] as const) : []),
      ...(this.#run === undefined ? [] : (['run'] as const)),
      ...(this.#run?.view.result?.hasReport === true ? (['report'] as const) : []),
      'runs',
    ];
  }

  async #notify(name: keyof Steps | 'org'): Promise<void> {
    const org = this.#org;
    for (const listener of this.#listeners.get(name) ?? []) await listener(this, org);
    this.changed();
  }
}
