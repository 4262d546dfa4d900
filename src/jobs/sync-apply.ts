import { parseMaxFailures, StopConditions } from '../engine/stop-conditions.js';
import { ResultFiles } from '../report/import-result-files.js';
import { RunReport } from '../report/run-report.js';
import { type CompletedRow, notAttempted } from '../rows/outcome.js';
import { writeDataset } from '../sync/dataset-file.js';
import { foldOutcome, foldRun } from '../sync/fold.js';

import { orInDoubt } from './settle-rows.js';
import { type Job, type JobContext, processRows } from './job.js';
import { shownFlags } from './options.js';
import type { LinkRecipient } from '../engine/keep-link.js';
import type { PreparedRows } from './prepare-rows.js';
import type { RunStore } from './run-store.js';
import { readFileOf } from './scan-input.js';
import { type PassContext, planPeople } from './sync-pass.js';
import { countOutcome, noSyncCounts } from './sync-counts.js';
import { numberLeavers } from './sync-leavers.js';
import type { PlannedSync, SyncInput } from './sync-prepare.js';
import { applyPeople } from './sync-rows.js';

/** Everything that it takes to apply a sync, new or resumed. */
export interface ReadySync extends SyncInput, PlannedSync {
  readonly prepared: PreparedRows;
  readonly store: RunStore;
  /** Gets passwords and activation links. */
  readonly links: LinkRecipient | undefined;
}

/** The second pass: applies every row, then the leavers, and saves the state. */
export async function* applySync(ready: ReadySync, context: JobContext): Job {
  const { request, options, input, scan, org, dataset, path, settings, plan, seen, prepared, store, past } =
    ready;
  const { links } = ready;
  const { cancellation, clock } = context;
  const fileRows = scan.rows ?? 0;
  const leaverRows = numberLeavers(plan.leavers, fileRows, past);
  const totalRows = fileRows + leaverRows.length;
  const startedAtMs = clock.now();
  const { folder, journal, runId } = store;
  dataset.header = { ...dataset.header, openRun: runId };
  await writeDataset(path, dataset);
  const { secretColumns, describer } = prepared.checks;
  const report = new RunReport(
    folder === undefined
      ? undefined
      : await ResultFiles.open({
          folder,
          header: scan.header,
          delimiter: scan.found.delimiter,
          sheet: scan.found.sheet,
          secretColumns,
          describer,
        }),
    describer,
  );
  const stopConditions = new StopConditions({
    canary: options.canary,
    maxFailures:
      request.maxFailures === undefined ? undefined : parseMaxFailures(request.maxFailures, fileRows),
    isSettledEarlier: past && ((row) => past.isSettled(row)),
    cancellation,
  });
  const counts = noSyncCounts(settings.dataset);
  counts.leavers = leaverRows.length;
  const recorded = new Map(past?.members);
  if (past !== undefined) foldRun(dataset, past);
  const pass: PassContext = {
    checks: prepared.checks,
    options,
    writesLinks: links !== undefined,
    groupResolver: prepared.metadata.groupResolver,
    cancellation,
    people: {
      dataset,
      users: ready.users,
      memberships: ready.memberships,
      settings,
      others: ready.others,
    },
    seen,
    merging: ready.merging,
    onGroupCreated: (groupId, name) => journal.recordGroup(groupId, name),
    settledEarlier: past && ((row) => past.outcomeOf(row)),
  };
  /** Okta IDs of users to whom the run wrote all that their rows want; kept only for `forgetUnwritten`. */
  const written = new Set<string>();
  const rows = async function* (): AsyncGenerator<readonly CompletedRow[]> {
    const { batches } = await input.read({ found: scan.found }, cancellation.signal);
    const applied = applyPeople(planPeople(batches, pass), leaverRows, {
      ...context,
      pass,
      org,
      store,
      links,
      stopConditions,
      isMasteredByOkta: prepared.metadata.isMasteredByOkta,
      past,
      onPlanned(person) {
        const member = person.kind === 'person' && 'member' in person.plan ? person.plan.member : undefined;
        // What the journal has of a request without a response is what was sent.
        if (member !== undefined && past?.isInDoubt(member.row) !== true) recorded.set(member.row, member);
      },
    });
    for await (const batch of applied) {
      for (const { outcome } of batch) {
        const member = recorded.get(outcome.row);
        if (outcome.row <= fileRows) countOutcome(counts, outcome, member);
        if (settings.overrideEdits && (outcome.status === 'created' || outcome.status === 'updated')) {
          written.add(outcome.oktaId);
        }
        foldOutcome(dataset, outcome, member, settings.today);
        recorded.delete(outcome.row);
      }
      yield batch;
    }
    // Who was created by a request without a response is not known yet: the run stays open, so that the next one finds out.
    if (cancellation.isAborted || report.inDoubt > 0) return;
    if (settings.overrideEdits) forgetUnwritten(ready, written);
    await saveDataset(ready, clock.now());
  };
  return yield* processRows(
    {
      command: 'sync',
      runId,
      folder,
      file: readFileOf(input, scan.found),
      client: org.client,
      rows: totalRows,
      startedAtMs,
      report,
      journal,
      past,
      isDoneEarlier: past && ((row) => past.isSettled(row)),
      missing: (row) =>
        past?.outcomeOf(row) ??
        orInDoubt(notAttempted({ row, line: 0 }, undefined, cancellation.stopReason()), past),
      warnings: prepared.warnings,
      options,
      header: scan.header,
      flags: shownFlags(request),
      atEnd: () => ({ sync: counts }),
    },
    rows(),
    context,
  );
}

/**
 * Hidden attributes count as overwritten from now on: members for whom this run did not write them, since their rows failed or were
 * invalid or absent, are remembered as if they had never been written, so that a later run writes them.
 */
function forgetUnwritten({ dataset, plan }: ReadySync, written: ReadonlySet<string>): void {
  const { overwritten = [] } = dataset.header;
  const added = [...plan.hidden].filter((name) => !overwritten.includes(name));
  if (added.length === 0) return;
  for (const member of dataset.members()) {
    if (!written.has(member.oktaId)) dataset.set(dataset.withoutValues(member, added));
  }
}

/** A run that did not come to its end stays open, and is not saved: `resume` or the next run completes its state. */
async function saveDataset(
  { dataset, path, seen, scan, store, settings, plan, prepared }: ReadySync,
  nowMs: number,
): Promise<void> {
  const missing = new Set(plan.leavers.map(({ member }) => member.oktaId));
  for (const member of dataset.members()) {
    if (missing.has(member.oktaId)) {
      dataset.set({ ...member, missingSince: member.missingSince ?? settings.today });
    } else if (seen.has(member) || member.seen === settings.today) {
      const { missingSince: _missingSince, ...present } = member;
      dataset.set({ ...present, seen: settings.today });
    }
  }
  for (const { member, user } of plan.leavers) {
    const current = dataset.findById(member.oktaId);
    if (current === undefined) continue;
    // Deleted in Okta and gone from the file: there is nothing to remember.
    if (user === undefined) dataset.delete(current);
    else if (user.status === 'DEPROVISIONED') dataset.set({ ...current, left: 'deactivated' });
  }
  const { openRun: _openRun, ...header } = dataset.header;
  const { runId } = store;
  // A run that was resumed after it had saved the state.
  const isSavedAgain = header.lastRun?.runId === runId;
  dataset.header = {
    ...header,
    fileBefore: isSavedAgain
      ? header.fileBefore
      : { runId, columns: header.columns, rows: header.rows, dates: header.dates },
    columns: scan.header,
    rows: scan.rows ?? 0,
    dates: prepared.checks.dates,
    lastRun: { runId, at: new Date(nowMs).toISOString() },
    managedGroups: settings.managedGroups,
    overwritten: settings.overrideEdits
      ? [...plan.hidden]
      : header.overwritten?.filter((name) => plan.hidden.has(name)),
    hasDeactivated: header.hasDeactivated || plan.leavers.some(({ action }) => action === 'deactivate'),
  };
  await writeDataset(path, dataset);
}
