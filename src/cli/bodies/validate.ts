import { readCsv } from '../../csv/records.js';
import { openSource, type Source } from '../../csv/source.js';
import { OktaImportError } from '../../errors.js';
import { bucketNameOf } from '../../okta/rate-limit/bucket-name.js';
import { namesUserTypes } from '../../jobs/compile-checks.js';
import { judgeRows } from '../../jobs/dry-run-rows.js';
import { offlineMetadata, readOrgMetadata } from '../../org/org-metadata.js';
import { unescapeHeader } from '../../mapping/generated-file.js';
import { RunReport } from '../../report/run-report.js';
import { createRunFolder, defaultRunId } from '../../journal/run-folder.js';
import { PlanEstimator, type PlanEstimate } from '../../engine/plan-estimate.js';
import { notAttempted } from '../../rows/outcome.js';
import { SampleRecorder } from '../../journal/progress-samples.js';
import { assertSelectsSome, parseSelection } from '../../rows/row-selection.js';
import { Cancellation } from '../../rows/cancellation.js';
import type { Org } from '../../settings/load.js';
import type { RequestSettings } from '../../settings/requests.js';

import { aboutFile, compileChecks, readMapping, type RowFlags } from './load-mapping.js';
import { exitCodeOf, tellEnd, tellNotices, type OutputFlags } from './finish.js';
import { openOrg, type OpenOrg } from '../connect.js';
import { logRow } from '../row-log.js';
import { followRun } from '../show-progress.js';
import type { CommandContext } from '../command-context.js';
import { surveyFile } from './scan-input.js';
import { escapeControlCharacters, plural } from '../../text.js';

export interface ValidateFlags {
  /** Path of the CSV, or `-`. */
  readonly file: string;
  readonly rows: RowFlags;
  /** Undefined offline. */
  readonly org: Org | undefined;
  readonly requests: RequestSettings;
  readonly talk: OutputFlags;
  readonly reports: string;
  readonly runId: string | undefined;
}

/**
 * `validate <file>`: what `import` would say of every row, through the same code, and nothing is written to the org.
 *
 * @returns the exit code.
 */
export async function validateFile(flags: ValidateFlags, surroundings: CommandContext): Promise<number> {
  const cancellation = new Cancellation();
  surroundings.onInterrupt((signal) => cancellation.abort({ kind: 'interrupted', signal }));
  const source = await openSource(flags.file, surroundings.stdin, cancellation.signal);
  let org: OpenOrg | undefined;
  try {
    org = flags.org && (await openOrg(flags.org, flags.requests, surroundings));
    return await checkSource({ source, org, cancellation, isGate: false }, flags, surroundings);
  } finally {
    await source.close();
    await org?.close();
  }
}

/**
 * Judges every row of a file, reports it, and changes nothing.
 *
 * @param check.org - undefined offline.
 * @param check.isGate - it stands before an import of all or nothing: a good file is not worth a word, and bad rows
 *   mean that nothing is sent (exit code 2).
 * @returns the exit code.
 */
export async function checkSource(
  {
    source,
    org,
    cancellation,
    isGate,
  }: { source: Source; org: OpenOrg | undefined; cancellation: Cancellation; isGate: boolean },
  flags: Omit<ValidateFlags, 'org' | 'file'>,
  surroundings: CommandContext,
): Promise<number> {
  const { clock } = surroundings;
  const startedAtMs = clock.now();
  const isSelected = flags.rows.only === undefined ? undefined : parseSelection(flags.rows.only);
  const mappingFile = await readMapping(flags.rows.mapping);
  // How many rows there are decides how the org is asked who is there.
  const survey =
    org && flags.rows.ifExists !== 'fail'
      ? await surveyFile(source, flags, cancellation.signal, surroundings)
      : undefined;
  const table = await readCsv(source.read(), flags.rows).catch((error: unknown) => {
    throw aboutFile(error, source.name);
  });
  const header = unescapeHeader(table.header);
  const knowledge = org
    ? await readOrgMetadata(org.client, {
        withUserTypes: namesUserTypes(header, flags.rows, mappingFile),
        createsGroups: flags.rows.createGroups,
        signal: cancellation.signal,
        warn: (words) => surroundings.terminal.warn(words),
      })
    : offlineMetadata;
  const checks = compileChecks(header, flags.rows, mappingFile, knowledge);
  const { runId, folder } = await createRunFolder(
    flags.reports,
    flags.runId,
    defaultRunId(startedAtMs, `validate-${source.name}`),
  );
  const report = await RunReport.open({
    folder,
    header,
    delimiter: table.delimiter,
    secretColumns: checks.mapping.secretColumns,
  });
  const begun = {
    command: 'validate',
    runId,
    folder,
    file: source.name,
    sha256: source.sha256,
    records: survey?.records,
    org: org?.url,
    isResumed: false,
  };
  const progress = followRun(flags.talk, surroundings, begun, {
    name: source.name,
    client: org?.client,
    counts: () => report.counts,
    records: survey?.records,
    source,
  });
  const forecaster = new PlanEstimator();
  const samples = new SampleRecorder({ clock, client: org?.client });
  samples.start();
  let isUnreadable = false;
  try {
    const judged = judgeRows(table.batches, {
      clock,
      client: org?.client,
      groupResolver: knowledge.groupResolver,
      checks,
      rules: flags.rows,
      isSelected,
      expectedRows: survey?.records ?? 0,
      folder,
      concurrency: flags.requests.concurrency,
      cancellation,
      onCreate: (operation) => forecaster.add(operation),
    });
    for await (const batch of judged) {
      for (const finished of batch) {
        if (finished.outcome.status === 'would-update') forecaster.addUpdate();
        samples.count(finished.outcome.status);
        logRow(surroundings.terminal, finished.outcome);
        const isWritten = report.add(finished);
        if (isWritten !== undefined) await isWritten;
      }
    }
    const { only } = flags.rows;
    if (only !== undefined && cancellation.reason === undefined) assertSelectsSome(only, report.counts.total);
  } catch (error) {
    // The rows before it have been judged, and the report shows them.
    if (!(error instanceof OktaImportError)) throw error;
    isUnreadable = cancellation.reason === undefined;
    cancellation.abort({ kind: 'failed', error: aboutFile(error, source.name) });
  }
  const { counts } = report;
  await report.close(counts.total, (row) =>
    notAttempted({ row, line: 0 }, undefined, cancellation.stopReason()),
  );
  progress?.stop();
  samples.stop();
  const found = table.found();
  const judged = isUnreadable ? 2 : exitCodeOf(cancellation, counts.invalid + counts.failed);
  const exitCode = isGate && judged === 1 ? 2 : judged;
  const talk = isGate && exitCode === 0 ? { json: false, quiet: true, progress: false } : flags.talk;
  const forecast =
    org && forecaster.estimate(org.client.governor.limitOf(CREATE_BUCKET), flags.requests.rateLimitShare);
  tellNotices(found, talk, surroundings);
  const { encoding, delimiter } = found;
  const file = { name: source.name, sha256: source.sha256 ?? '', encoding, delimiter };
  await tellEnd(
    {
      folder,
      about: { runId, command: 'validate', file, org: org?.url ?? null },
      startedAtMs,
      counts,
      failures: report.failures,
      warnings: checks.warnings,
      client: org?.client,
      cancellation,
      exitCode,
      records: undefined,
      sessions: [samples.samples],
      next: () => {
        if (!isGate) return wordsOfForecast(forecast);
        return isUnreadable ? [] : ['Nothing was sent: not every row is good (--all-or-nothing).'];
      },
      forecast,
    },
    talk,
    surroundings,
  );
  return exitCode;
}

/** What creates count against; listing users tells its limit. */
const CREATE_BUCKET = bucketNameOf('POST', '/api/v1/users');

function wordsOfForecast(forecast: PlanEstimate | undefined): string[] {
  if (forecast === undefined) return [];
  const { creates, updates, minutes, activationMails, sample } = forecast;
  if (creates + updates === 0) return ['The plan: nothing would be written.'];
  const time =
    minutes === undefined
      ? ''
      : minutes === 0
        ? ', within a minute'
        : `, in about ${minutes} min at this share`;
  const mails = plural(activationMails, 'activation mail');
  return [
    `The plan: ${creates} would be created${updates > 0 ? `, ${updates} updated` : ''}${time}; ${mails} would go out.`,
    ...(sample === undefined
      ? []
      : [`The first request: ${escapeControlCharacters(JSON.stringify(sample))}`]),
  ];
}
