import type { MailPlan } from '../engine/mail-plan.js';
import type { LinkRecipient } from '../engine/keep-link.js';
import { StopConditions, parseMaxFailures } from '../engine/stop-conditions.js';
import type { Retry } from '../journal/journal-line.js';
import type { MappingFile } from '../mapping/mapping-file.js';
import { ResultFiles } from '../report/import-result-files.js';
import { RunReport } from '../report/run-report.js';
import { exitCodeOf } from '../rows/exit-code.js';
import { notAttempted, type CompletedRow } from '../rows/outcome.js';
import { assertSelectsSome, countSelected } from '../rows/row-selection.js';
import { OtherRuns } from '../engine/other-runs.js';

import { assertGroupOption } from './assert-group-option.js';
import { reportFormat, toCsvOptions } from './csv-options.js';
import { importRows } from './import-rows.js';
import { orInDoubt } from './settle-rows.js';
import { decideHiddenRows, type AskAboutHiddenRows } from './hidden-rows.js';
import { countMails } from './count-mails.js';
import { openInput, type Input, type InputScan, type InputSource } from './input.js';
import { noticeInterruptedImports } from './interrupted-imports.js';
import { processRows, type Job, type JobContext, type OpenOrg } from './job.js';
import { assertPasswordsHaveFile, openRunLinks } from './links.js';
import { findMergedRows, noticeMergedRows, type RowMerging } from './merge-rows.js';
import {
  resolveOptions,
  shownFlags,
  toSettings,
  type ImportOptions,
  type ResolvedOptions,
} from './options.js';
import { prepareRows, type PreparedRows } from './prepare-rows.js';
import { describeMapping, readMapping } from './read-mapping.js';
import { recognizing } from './recognize-records.js';
import { Resources } from './resources.js';
import { findRetriedRun, retryResultOf } from './retried-run.js';
import type { Run } from './run.js';
import { openStore, workFolderOf, type RunIdentity, type RunStore, type StoreOptions } from './run-store.js';
import { describeFile, readFileOf, scanInput } from './scan-input.js';
import { dateSettings, LaterStarts } from './start-dates.js';
import { checkRows } from './validate.js';

export interface ImportRequest extends ImportOptions {
  readonly source: InputSource;
  readonly store: StoreOptions;
  readonly connect: () => Promise<OpenOrg>;
  /** Asked before anything is written. */
  readonly confirm?: ((plan: ImportPlan) => Promise<boolean>) | undefined;
  /** Asked before, about the hidden rows of a workbook, unless `hiddenRows` is set. */
  readonly askAboutHiddenRows?: AskAboutHiddenRows | undefined;
  /** Folder of the run whose failed rows the source has; by default it is looked for in the reports folder. */
  readonly retried?: string | undefined;
  /** Name of the file of which the source is an edited copy: the run and its report are named for it. */
  readonly editedFrom?: string | undefined;
  /** The number of rows, if the source does not know it. */
  readonly expectedRows?: number | undefined;
}

/** An import that is about to start. */
export interface ImportPlan {
  readonly orgUrl: string;
  /** Rows to send. */
  readonly rows: number;
  /** Hash of the file, hexadecimal; undefined for records. */
  readonly sha256: string | undefined;
  /** Counts the activation emails, which takes as long as reading the file; undefined for a large one. */
  readonly mails: () => Promise<MailPlan | undefined>;
  /** Ends the wait for an answer. */
  readonly signal: AbortSignal;
}

/** Creates or updates a user for every row. */
export async function* importJob(request: ImportRequest, context: JobContext): Job {
  const { cancellation } = context;
  const resources = new Resources();
  try {
    const resolved = resolveOptions(request);
    assertMaxFailures(resolved, request);
    const mappingFile = await readMapping(resolved.mapping);
    assertPasswordsHaveFile(mappingFile, resolved);
    const given = { ...resolved, dates: dateSettings(mappingFile, context.clock.now()) };
    const input = resources.add(await openInput(request.source, cancellation.signal, request.editedFrom));
    const org = resources.add(await request.connect());
    if (given.allOrNothing) {
      if (input.isOpenEnded) throw new TypeError('allOrNothing needs a file: records are read only once.');
      const { exitCode } = yield* failuresOf(
        checkRows(
          { input, org, options: given, mappingFile, store: checkStore(request.store), isGate: true },
          context,
        ),
      );
      if (exitCode !== 0) return { exitCode };
    }
    const scan = await scanInput(input, toCsvOptions(given, mappingFile), context);
    if (scan.header.length === 0) return { exitCode: exitCodeOf(cancellation.reason) };
    if (typeof given.only === 'string' && scan.rows !== undefined) assertSelectsSome(given.only, scan.rows);
    reportFormat(scan.found, context.observer);
    const { client } = org;
    const { header, samples, found } = scan;
    const toPrepare = { header, samples, found, input, options: given, mappingFile, client };
    const prepared = await prepareRows(toPrepare, context);
    const { signal } = cancellation;
    await assertGroupOption(given, prepared.metadata.groupResolver, signal);
    const unconfirmed = () => ({ exitCode: cancellation.isAborted ? exitCodeOf(cancellation.reason) : 2 });
    const options = await decideHiddenRows(scan.hidden, given, {
      ask: request.askAboutHiddenRows,
      loginOf: prepared.checks.loginOf,
      observer: context.observer,
      signal,
    });
    if (options === undefined) return unconfirmed();
    const rows = rowsToDo(options, scan.rows ?? request.expectedRows ?? 0, scan.hidden.count);
    if (request.confirm !== undefined && rows > 0) {
      const { checks } = prepared;
      const mails = (): Promise<MailPlan | undefined> => countMails(input, scan, { checks, options, signal });
      const isConfirmed = await request.confirm({
        orgUrl: client.orgUrl,
        rows,
        sha256: input.sha256,
        mails,
        signal,
      });
      if (!isConfirmed) return unconfirmed();
    }
    const merging = await findMergedRows(input, scan.found, { checks: prepared.checks, options, signal });
    noticeMergedRows(merging, context);
    const startedAtMs = context.clock.now();
    const planned = { options, input, scan, prepared, merging, org, startedAtMs, expectedRows: rows };
    const reports = request.store.kind === 'run' ? request.store.reports : undefined;
    const retried = { input, scan, org: client.orgUrl, signal };
    const retry =
      reports === undefined
        ? undefined
        : await findRetriedRun({ ...retried, reports, folder: request.retried });
    const identity = { ...identityOf(planned, mappingFile), retry };
    const links = await openRunLinks(
      options,
      { client, runId: `import ${input.name}`, mappingFile },
      context,
      resources,
    );
    const store = resources.add(await openStore(request.store, identity, context));
    await noticeInterruptedImports({ ...planned, store }, context);
    return yield* sendRows({ ...planned, store, retry, links }, context);
  } finally {
    await resources.close();
  }
}

/** @throws {MaxFailuresError | RangeError} a share needs to know of how many rows. */
function assertMaxFailures({ maxFailures }: ImportOptions, { source, expectedRows }: ImportRequest): void {
  if (maxFailures === undefined) return;
  parseMaxFailures(maxFailures, 0);
  if (maxFailures.includes('%') && 'records' in source && expectedRows === undefined) {
    throw new RangeError(
      `maxFailures "${maxFailures}" is a share of an unknown number of records: set expectedRows.`,
    );
  }
}

/** Only rows that keep an all-or-nothing import from starting. */
async function* failuresOf(check: Job): Job {
  for (;;) {
    const next = await check.next();
    if (next.done === true) return next.value;
    const bad = next.value.filter(({ outcome: { status } }) => status === 'invalid' || status === 'failed');
    if (bad.length > 0) yield bad;
  }
}

/** The dry run before an import has a folder of its own. */
function checkStore(store: StoreOptions): StoreOptions {
  if (store.kind !== 'run') return { kind: 'none' };
  return { ...store, runId: store.runId && `${store.runId}-check` };
}

/** One import, new or resumed, that is ready to send. */
export interface ReadyImport {
  readonly options: ResolvedOptions;
  readonly input: Input;
  readonly scan: InputScan;
  readonly prepared: PreparedRows;
  /** Undefined if rows of the input are never merged. */
  readonly merging: RowMerging | undefined;
  readonly org: OpenOrg;
  readonly store: RunStore;
  readonly startedAtMs: number;
  /** The run of which the file holds failed rows. */
  readonly retry?: Retry | undefined;
  /** Gets passwords and activation links. */
  readonly links: LinkRecipient | undefined;
  /** Decides how the org is asked for existing users. */
  readonly expectedRows: number;
}

/** Sends the rows that have no outcome yet. */
export async function* sendRows(ready: ReadyImport, context: JobContext): Job {
  const { options, input, scan, prepared, org, store, startedAtMs, links } = ready;
  const { cancellation } = context;
  const { past, folder, journal } = store;
  const { found } = scan;
  const { secretColumns, describer } = prepared.checks;
  const { header } = scan;
  const report = new RunReport(
    store.hasReport && folder !== undefined
      ? await ResultFiles.open({ ...found, folder, header, secretColumns, describer })
      : undefined,
    describer,
  );
  const createdGroups = past?.groups.map(({ name }) => name) ?? [];
  const stopConditions = new StopConditions({
    canary: options.canary,
    maxFailures:
      options.maxFailures === undefined
        ? undefined
        : parseMaxFailures(options.maxFailures, scan.rows ?? ready.expectedRows),
    isSettledEarlier: past && ((row) => past.isSettled(row)),
    cancellation,
  });
  const checks = past && input.isOpenEnded ? recognizing(prepared.checks, past) : prepared.checks;
  const later = new LaterStarts();
  const rows = async function* (): AsyncGenerator<readonly CompletedRow[], void, undefined> {
    const { batches } = await input.read({ found }, cancellation.signal);
    const imported = importRows(batches, {
      client: org.client,
      groupResolver: prepared.metadata.groupResolver,
      isMasteredByOkta: prepared.metadata.isMasteredByOkta,
      probe: probeOf(prepared, org),
      checks,
      merging: ready.merging,
      options,
      expectedRows: ready.expectedRows - (past?.rowsSettled ?? 0),
      stopConditions,
      journal,
      links,
      createdGroups,
      beforeRow: store.locks?.check,
      assertHeld: store.locks?.assertHeld,
      isJournaled: folder !== undefined,
      otherRuns: folder === undefined ? undefined : new OtherRuns(folder, org.client.orgUrl, context.clock),
      past,
      folder: workFolderOf(store),
      cancellation,
      clock: context.clock,
      random: context.random,
    });
    for await (const batch of imported) {
      for (const { outcome } of batch) later.addOutcome(outcome);
      yield batch;
    }
  };
  return yield* processRows(
    {
      command: 'import',
      runId: store.runId,
      folder,
      file: readFileOf(input, found),
      client: org.client,
      rows: scan.rows,
      startedAtMs,
      report,
      journal,
      past,
      isDoneEarlier: past && ((row) => past.isSettled(row)),
      missing: report.hasFiles
        ? (row) =>
            past?.outcomeOf(row) ??
            orInDoubt(notAttempted({ row, line: 0 }, undefined, cancellation.stopReason()), past)
        : undefined,
      warnings: prepared.warnings,
      options,
      header,
      describer,
      createdGroups,
      flags: shownFlags(options),
      inTheEnd: retryResult(ready),
      atEnd: () => ({ startsLater: later.startsLater }),
    },
    rows(),
    context,
  );
}

/** The schema could be read at the start. */
function probeOf({ metadata }: PreparedRows, { client }: OpenOrg): (() => Promise<unknown>) | undefined {
  return metadata.isOrgSchema ? () => client.getUserSchema(undefined) : undefined;
}

function retryResult({ retry, store, org }: ReadyImport): Run['inTheEnd'] {
  const { folder, runId } = store;
  if (retry === undefined || folder === undefined) return undefined;
  return () => retryResultOf(folder, { runId, retry, org: org.client.orgUrl, command: 'import' });
}

/** How many rows are sent; some fewer if hidden rows are among the selected ones. */
export function rowsToDo(
  { only, isSelected, hiddenRows }: ResolvedOptions,
  total: number,
  hidden = 0,
): number {
  if (typeof only === 'string') return countSelected(only, total);
  if (isSelected === undefined) return hiddenRows === 'skip' ? total - hidden : total;
  let rows = 0;
  for (let row = 1; row <= total; row += 1) if (isSelected(row)) rows += 1;
  return rows;
}

function identityOf(
  planned: Omit<ReadyImport, 'store' | 'links'>,
  mappingFile: MappingFile | undefined,
): RunIdentity {
  const { input, scan, prepared, org, options, startedAtMs } = planned;
  const { serverClock } = org.client.governor;
  return {
    command: 'import',
    file: describeFile(input, scan, prepared.checks.secretColumns),
    org: org.client.orgUrl,
    startedAtOrgMs: serverClock.isKnown ? Math.floor(serverClock.earliest(startedAtMs)) : 0,
    settings: { ...toSettings(options), mergesRows: planned.merging !== undefined },
    mapping: describeMapping(mappingFile),
  };
}
