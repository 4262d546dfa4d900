import { FollowerOutcomes } from '../engine/follower-outcomes.js';
import { ResultFiles } from '../report/import-result-files.js';
import { RunReport } from '../report/run-report.js';
import type { CompletedRow } from '../rows/outcome.js';

import { type Job, type JobContext, processRows } from './job.js';
import { shownFlags } from './options.js';
import { FirstSignInCounter } from './links.js';
import type { PreparedRows } from './prepare-rows.js';
import { readFileOf } from './scan-input.js';
import { type PassContext, planPeople } from './sync-pass.js';
import { PlanTextWriter } from './sync-plan-text.js';
import { isFirstDeactivation, standingReasons } from './sync-plan.js';
import type { PlannedSync, SyncInput } from './sync-prepare.js';
import { wouldBe, wouldLeave } from './sync-rows.js';
import { warnAbout, warnAboutLeaver, warnOfRefusals } from './sync-warnings.js';

/** Reports the plan, in a folder of its own. */
export async function* dryRunSync(
  ready: SyncInput & PlannedSync & { readonly prepared: PreparedRows },
  context: JobContext,
): Job {
  const { request, sync, options, input, scan, org, dataset, settings, plan, users, memberships, prepared } =
    ready;
  const { cancellation, clock } = context;
  const startedAtMs = clock.now();
  const { createRunFolder, defaultRunId } = await import('../journal/run-folder.js');
  const { runId, folder } = await createRunFolder(
    request.reports,
    request.runId,
    defaultRunId(startedAtMs, `plan-${input.name}`),
  );
  const { secretColumns, describer } = prepared.checks;
  const report = new RunReport(
    await ResultFiles.open({
      folder,
      header: scan.header,
      delimiter: scan.found.delimiter,
      sheet: scan.found.sheet,
      secretColumns,
      describer,
      showsValues: true,
    }),
    describer,
  );
  const text = new PlanTextWriter();
  const standing = standingReasons(plan, sync.accept);
  const signIns = new FirstSignInCounter();
  const pass: PassContext = {
    checks: prepared.checks,
    options,
    writesLinks: options.links !== undefined,
    groupResolver: prepared.metadata.groupResolver,
    cancellation,
    people: { dataset, users, memberships, settings, others: ready.others },
    seen: ready.seen,
    merging: ready.merging,
  };
  const rows = async function* (): AsyncGenerator<readonly CompletedRow[]> {
    const followers = ready.merging && new FollowerOutcomes(ready.merging);
    const { batches } = await input.read({ found: scan.found }, cancellation.signal);
    for await (const person of planPeople(batches, pass)) {
      text.add(person);
      if (person.kind === 'person' && person.plan.kind === 'create' && !person.plan.isStaged) {
        signIns.add(person.operation);
      }
      warnAbout(person, prepared.checks);
      warnOfRefusals(person, { ...prepared.checks, isMasteredByOkta: prepared.metadata.isMasteredByOkta });
      const completed = [wouldBe(person)];
      yield followers?.settle(completed) ?? completed;
    }
    const unsettled = followers?.unsettled(cancellation.stopReason()) ?? [];
    if (unsettled.length > 0) yield unsettled;
    const fileRows = scan.rows ?? 0;
    for (const [index, leaver] of plan.leavers.entries()) {
      text.addLeaver(leaver);
      const row = { row: fileRows + index + 1, line: 0, cells: [] };
      warnAboutLeaver(leaver, row, prepared.checks);
      yield [wouldLeave(leaver, row)];
    }
    signIns.notice(context);
    if (isFirstDeactivation(ready)) {
      context.observer?.notice?.(
        'The first run that deactivates leavers must be confirmed. Without a terminal, use --yes.',
      );
    }
  };
  return yield* processRows(
    {
      command: 'validate',
      runId,
      folder,
      file: readFileOf(input, scan.found),
      client: org.client,
      rows: (scan.rows ?? 0) + plan.leavers.length,
      startedAtMs,
      report,
      warnings: prepared.warnings,
      options,
      header: scan.header,
      flags: shownFlags(request),
      fields: describer?.fields.map(({ name }) => name),
      atEnd: () => ({
        sync: plan.counts,
        syncPlan: {
          sections: text.sections(),
          brakes: standing.map(({ reason, brake }) => `${reason} (--accept ${brake} lets it pass)`),
        },
        ...(standing.length > 0 && {
          wouldStopBecause: standing.map(({ reason }) => reason).join('; '),
          // As the run itself would end, unless the dry run was interrupted.
          exitCode: (normal: number) => (normal <= 1 ? 3 : normal),
        }),
      }),
    },
    rows(),
    context,
  );
}
