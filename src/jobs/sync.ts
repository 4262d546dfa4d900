import { OktaImportError } from '../errors.js';
import type { SyncSettings } from '../journal/journal-line.js';
import { exitCodeOf } from '../rows/exit-code.js';
import { type Brake, BRAKES } from '../sync/brakes.js';
import { datasetPath } from '../sync/dataset-file.js';

import { reportFormat, toCsvOptions } from './csv-options.js';
import { decideHiddenRows, reportHiddenRows, type AskAboutHiddenRows } from './hidden-rows.js';
import { type InputSource, openInput } from './input.js';
import type { Job, JobContext, OpenOrg } from './job.js';
import { findMergedRows, noticeMergedRows } from './merge-rows.js';
import { assertPasswordsHaveFile, generatesPasswords, openRunLinks } from './links.js';
import { openDataset } from './open-dataset.js';
import { resolveOptions, toSettings } from './options.js';
import { assertGroupOption } from './assert-group-option.js';
import { prepareRows } from './prepare-rows.js';
import { describeMapping, readMapping } from './read-mapping.js';
import { writeRecoveredSignIns } from './recovered-sign-ins.js';
import { Resources } from './resources.js';
import { openStore } from './run-store.js';
import { describeFile, scanInput } from './scan-input.js';
import { toDateSettings } from './start-dates.js';
import { applySync } from './sync-apply.js';
import { dryRunSync } from './sync-dry-run.js';
import { resolveSyncOptions, type SyncImportOptions, type SyncOptions } from './sync-options.js';
import { type CountedPlan, isFirstDeactivation, standingReasons } from './sync-plan.js';
import { planSync } from './sync-prepare.js';

export interface SyncRequest extends SyncImportOptions, SyncOptions {
  readonly source: InputSource;
  /** Where run folders and data sets are. */
  readonly reports: string;
  readonly runId?: string | undefined;
  readonly connect: () => Promise<OpenOrg>;
  /** Only plans: writes nothing to the org, and leaves the data set as it is. */
  readonly dryRun?: boolean | undefined;
  /** Asks about the hidden rows of a workbook; undefined if nobody can be asked. */
  readonly askAboutHiddenRows?: AskAboutHiddenRows | undefined;
  /** Gets the plan before anything is written. Nothing is written unless it resolves to true. */
  readonly confirm?: ((plan: SyncPlan) => Promise<boolean>) | undefined;
}

/** What a sync is about to do. */
export interface SyncPlan extends CountedPlan {
  readonly orgUrl: string;
  readonly settings: SyncSettings;
  /** Whether people are deactivated for the first time in this data set. */
  readonly isFirstDeactivation: boolean;
  readonly signal: AbortSignal;
}

/** The plan looks like a mistake: nothing was written. */
export class SyncStoppedError extends OktaImportError {
  override readonly code = 'ERR_SYNC_STOPPED';
  override readonly exitCode = 3;
  /** What `--accept` needs to let the run pass. */
  readonly accept: string;

  constructor(message: string, accept: string) {
    super(message, {
      hint: `Look at the plan with --dry-run. If it is right, run the same command with --accept ${accept}`,
    });
    this.accept = accept;
  }
}

/**
 * Makes the org match a file for the people of a data set: creates joiners, changes movers, and deals with leavers. Reads the
 * file twice after the scan: once to plan and count, and, if nothing speaks against the plan, once to apply it.
 */
export async function* syncJob(request: SyncRequest, context: JobContext): Job {
  const { cancellation, clock } = context;
  const { signal } = cancellation;
  const resources = new Resources();
  try {
    const sync = resolveSyncOptions(request);
    const path = datasetPath(request.reports, request.dataset);
    const given = resolveOptions({ ...request, ifExists: 'update' });
    const mappingFile = await readMapping(given.mapping);
    assertPasswordsHaveFile(mappingFile, request.dryRun === true ? { links: '' } : given);
    const dates = toDateSettings(mappingFile, clock.now());
    const input = resources.add(await openInput(request.source, signal));
    const org = resources.add(await request.connect());
    const scan = await scanInput(input, toCsvOptions(given, mappingFile), context);
    if (scan.header.length === 0) return { exitCode: exitCodeOf(cancellation.reason) };
    reportFormat(scan.found, context.observer);
    const settings = {
      ...sync.settings,
      today: dates.today,
      actsOnLeavers: true,
    };
    const { dataset, recovered } = await openDataset(
      { path, settings, columns: scan.header, org, reports: request.reports, accept: sync.accept },
      { ...context, resources },
    );
    const { header, samples, found } = scan;
    const { client } = org;
    const prepare = { header, samples, found, usesDates: true, input, options: given, mappingFile, client };
    const first = await prepareRows(prepare, silent(context));
    const report = { loginOf: first.checks.loginOf, observer: context.observer };
    if (request.dryRun === true) reportHiddenRows(scan.hidden, given.hiddenRows, report);
    const ask = request.askAboutHiddenRows;
    const options =
      request.dryRun === true
        ? given
        : await decideHiddenRows(scan.hidden, given, { ...report, ask, signal });
    if (options === undefined) {
      return { exitCode: cancellation.isAborted ? exitCodeOf(cancellation.reason) : 2 };
    }
    const merging = await findMergedRows(input, found, { checks: first.checks, options, signal });
    noticeMergedRows(merging, context);
    const ready = {
      request,
      sync,
      options,
      input,
      scan,
      org,
      dataset,
      path,
      settings,
      merging,
      past: undefined,
    };
    const planned = await planSync(ready, first, context, resources);
    if (cancellation.isAborted) return { exitCode: exitCodeOf(cancellation.reason) };
    const prepared = await prepareRows({ ...prepare, options }, context);
    await assertGroupOption(options, prepared.metadata.groupResolver, signal);
    if (request.dryRun === true) return yield* dryRunSync({ ...ready, ...planned, prepared }, context);
    assertNothingSpeaksAgainst(planned.plan, sync.accept);
    const plan = {
      ...planned.plan,
      orgUrl: org.client.orgUrl,
      settings: planned.settings,
      isFirstDeactivation: isFirstDeactivation({ dataset, plan: planned.plan }),
      signal,
    };
    if (request.confirm !== undefined && !(await request.confirm(plan))) {
      return { exitCode: cancellation.isAborted ? exitCodeOf(cancellation.reason) : 2 };
    }
    const links = await openRunLinks(
      options,
      { client, runId: `sync ${request.dataset}`, mappingFile },
      context,
      resources,
    );
    if (recovered !== undefined) {
      const generates = generatesPasswords(mappingFile);
      await writeRecoveredSignIns(recovered, links, { client, generates }, context);
    }
    const store = resources.add(
      await openStore(
        { kind: 'run', reports: request.reports, runId: request.runId },
        {
          command: 'sync',
          file: describeFile(input, scan, prepared.checks.secretColumns),
          org: org.client.orgUrl,
          startedAtOrgMs: orgMs(org, clock.now()),
          settings: {
            ...toSettings(options),
            mergesRows: merging !== undefined,
            ...(prepared.checks.dates.length > 0 && { dates }),
            sync: planned.settings,
          },
          mapping: describeMapping(mappingFile),
        },
        context,
      ),
    );
    return yield* applySync({ ...ready, ...planned, prepared, store, links }, context);
  } finally {
    await resources.close();
  }
}

function assertNothingSpeaksAgainst(plan: CountedPlan, accept: ReadonlySet<Brake>): void {
  const reasons = standingReasons(plan, accept);
  if (reasons.length === 0) return;
  const brakes = new Set<Brake>([...accept, ...reasons.map(({ brake }) => brake)]);
  const toAccept = BRAKES.filter((brake) => brakes.has(brake)).join(',');
  throw new SyncStoppedError(
    `Nothing was written, because this looks like a mistake: ${reasons.map(({ reason }) => reason).join('; ')}.`,
    toAccept,
  );
}

function orgMs({ client }: OpenOrg, nowMs: number): number {
  const { serverClock } = client.governor;
  return serverClock.isKnown ? Math.floor(serverClock.earliest(nowMs)) : 0;
}

/** The first pass warns of nothing: the second one does. */
function silent({ observer: _observer, ...context }: JobContext): JobContext {
  return context;
}
