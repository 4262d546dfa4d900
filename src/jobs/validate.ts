import { OtherRuns } from '../engine/other-runs.js';
import { PlanEstimator, waitMinutes } from '../engine/plan-estimate.js';
import { createRunFolder, defaultRunId } from '../journal/run-folder.js';
import { ColumnsError } from '../mapping/columns-error.js';
import type { MappingFile } from '../mapping/mapping-file.js';
import type { OktaClient } from '../okta/client.js';
import { bucketNameOf } from '../okta/rate-limit/bucket-name.js';
import { ResultFiles } from '../report/import-result-files.js';
import { RunReport } from '../report/run-report.js';
import { assertSelectsSome } from '../rows/row-selection.js';
import type { CompletedRow } from '../rows/outcome.js';
import { lineLabelOf } from '../rows/place.js';

import { assertGroupOption } from './assert-group-option.js';
import { reportFormat, toCsvOptions } from './csv-options.js';
import { FirstSignInCounter } from './links.js';
import { dryRunRows } from './dry-run-rows.js';
import { reportHiddenRows } from './hidden-rows.js';
import { openInput, type Input, type InputSource, type InputTable } from './input.js';
import { processRows, type Job, type JobContext, type OpenOrg } from './job.js';
import { findMergedRows, mergeWhileReading, noticeMergedRows } from './merge-rows.js';
import { resolveOptions, shownFlags, type ImportOptions, type ResolvedOptions } from './options.js';
import { prepareRows, type PreparedRows } from './prepare-rows.js';
import { readMapping } from './read-mapping.js';
import { Resources } from './resources.js';
import { PreviewRows } from './row-preview.js';
import { workFolderOf, type StoreOptions } from './run-store.js';
import { readFileOf, scanInput } from './scan-input.js';
import { dateSettings } from './start-dates.js';

export interface ValidateRequest extends ImportOptions {
  readonly source: InputSource;
  readonly store: StoreOptions;
  /** Undefined offline. */
  readonly connect: (() => Promise<OpenOrg>) | undefined;
  readonly expectedRows?: number | undefined;
  /** See `ImportRequest`. */
  readonly editedFrom?: string | undefined;
}

/** The dry run: what an import would do with every row, through the same code; writes nothing to the org. */
export async function* validateJob(request: ValidateRequest, context: JobContext): Job {
  const { cancellation } = context;
  const resources = new Resources();
  try {
    const given = resolveOptions(request);
    const input = resources.add(await openInput(request.source, cancellation.signal, request.editedFrom));
    const org = request.connect && resources.add(await request.connect());
    const mappingFile = await readMapping(given.mapping);
    const options = { ...given, dates: dateSettings(mappingFile, context.clock.now()) };
    const { store, expectedRows } = request;
    const check = { input, org, options, mappingFile, store, expectedRows, isGate: false };
    return yield* checkRows(check, context);
  } finally {
    await resources.close();
  }
}

export interface RowsToCheck {
  readonly input: Input;
  /** Undefined offline. */
  readonly org: OpenOrg | undefined;
  readonly options: ResolvedOptions;
  readonly mappingFile: MappingFile | undefined;
  readonly store: StoreOptions;
  readonly expectedRows?: number | undefined;
  /** Comes before an all-or-nothing import: bad rows mean that nothing is sent (exit code 2). */
  readonly isGate: boolean;
}

export async function* checkRows(check: RowsToCheck, context: JobContext): Job {
  const { input, org, options, mappingFile, store, isGate } = check;
  const { cancellation } = context;
  const startedAtMs = context.clock.now();
  // The number of rows decides how the org is asked for existing users.
  const countsRows = org !== undefined && options.ifExists !== 'fail';
  // Rows can name people of later rows.
  const readsPeople =
    mappingFile?.fields.some(({ source }) => source.kind === 'column' && source.personAs) === true;
  const csvOptions = toCsvOptions(options, mappingFile);
  const scan = countsRows || readsPeople ? await scanInput(input, csvOptions, context) : undefined;
  const prepare = ({ header, samples }: Pick<InputTable, 'header' | 'samples'>): Promise<PreparedRows> =>
    prepareRows(
      { header, samples, found: scan?.found, input, options, mappingFile, client: org?.client },
      context,
    );
  const early = scan !== undefined && readsPeople && scan.header.length > 0 ? await prepare(scan) : undefined;
  const table = await input.read(csvOptions, cancellation.signal);
  const { header } = table;
  if (header.length === 0) return { exitCode: 0 };
  const { metadata, checks, warnings } = await Promise.resolve(early ?? prepare(table)).catch(
    (error: unknown) => {
      // A wrong encoding is why a column may be unknown.
      if (error instanceof ColumnsError) {
        reportFormat(table.found(), context.observer);
      }
      throw error;
    },
  );
  await assertGroupOption(options, metadata.groupResolver, cancellation.signal);
  const { runId, folder } =
    store.kind === 'run'
      ? await createRunFolder(store.reports, store.runId, defaultRunId(startedAtMs, `validate-${input.name}`))
      : { runId: '', folder: undefined };
  const otherRunsOf = folder ?? (store.kind === 'none' ? store.as : undefined);
  // Only an org is asked about the groups of a user's other rows.
  const merging =
    org === undefined
      ? mergeWhileReading(checks, options)
      : await findMergedRows(input, table.found(), { checks, options, signal: cancellation.signal });
  const { secretColumns, describer } = checks;
  const report = new RunReport(
    folder === undefined
      ? undefined
      : await ResultFiles.open({
          ...table,
          folder,
          secretColumns,
          sheet: table.found().sheet,
          describer,
          showsValues: true,
        }),
    describer,
  );
  const estimator = new PlanEstimator();
  const signIns = new FirstSignInCounter();
  const previewRows = new PreviewRows();
  const rows = async function* (): AsyncGenerator<readonly CompletedRow[], void, undefined> {
    const checked = dryRunRows(table.batches, {
      clock: context.clock,
      client: org?.client,
      groupResolver: metadata.groupResolver,
      isMasteredByOkta: metadata.isMasteredByOkta,
      checks,
      merging,
      options,
      expectedRows: scan?.rows ?? check.expectedRows ?? 0,
      folder: workFolderOf({ folder }),
      otherRuns:
        otherRunsOf === undefined || org === undefined
          ? undefined
          : new OtherRuns(otherRunsOf, org.client.orgUrl, context.clock),
      cancellation,
      onCreate(operation) {
        estimator.add(operation);
        signIns.add(operation);
      },
      onGroupMissing: estimator.addGroup,
    });
    for await (const batch of checked) {
      for (const completed of batch) {
        previewRows.add(completed);
        if (completed.outcome.status === 'would-update') estimator.addUpdate();
      }
      yield batch;
    }
    if (typeof options.only === 'string' && !cancellation.isAborted) {
      assertSelectsSome(options.only, report.counts.total);
    }
  };
  return yield* processRows(
    {
      command: 'validate',
      runId,
      folder,
      file: readFileOf(input, table.found()),
      client: org?.client,
      rows: scan?.rows,
      startedAtMs,
      report,
      warnings,
      options,
      header,
      describer,
      flags: shownFlags(options),
      fields: describer?.fields.map(({ name }) => name),
      tracked: { bytes: () => input.bytes() },
      isGate,
      atEnd() {
        const found = table.found();
        if (!isGate) {
          const preview = previewRows.preview(describer, lineLabelOf({ ...input.file, ...found }));
          if (preview !== undefined) context.observer?.preview?.(preview);
          reportFormat(found, context.observer);
          noticeMergedRows(merging, context);
          signIns.notice(context);
          reportHiddenRows(table.hidden, options.hiddenRows, {
            loginOf: checks.loginOf,
            observer: context.observer,
          });
        }
        return {
          file: readFileOf(input, found),
          estimate:
            org && estimator.estimate(org.client.governor.limitOf(CREATE_BUCKET), org.client.governor.share),
          exitCode: (normal, isInputBroken) => (isInputBroken || (isGate && normal === 1) ? 2 : normal),
        };
      },
    },
    rows(),
    context,
  );
}

/** What creates count against; the org states its limit on other requests too. */
const CREATE_BUCKET = bucketNameOf('POST', '/api/v1/users');

/** How long the org's limit makes an import wait, in minutes; undefined if the org states none. */
export function importMinutes(
  { governor }: Pick<OktaClient, 'governor'>,
  { creates, updates }: { readonly creates: number; readonly updates: number },
): number | undefined {
  return waitMinutes(Math.max(creates, updates), governor.limitOf(CREATE_BUCKET), governor.share);
}
