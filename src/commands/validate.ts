import { readCsv } from '../csv/records.js';
import { openSource, type Source } from '../csv/source.js';
import { OktaImportError } from '../errors.js';
import { bucketOf } from '../okta/bucket.js';
import type { OktaClient } from '../okta/client.js';
import { printable } from '../report/terminal.js';
import { restoredHeader } from '../people/user-request.js';
import { RunReport } from '../report/run-report.js';
import { createRunFolder, defaultRunId } from '../run/folder.js';
import { lookAtExisting, type Existing } from '../run/existing.js';
import type { ColumnOf } from '../run/explain.js';
import { Forecaster, type Forecast } from '../run/forecast.js';
import { judgeExisting } from '../run/judge.js';
import { notAttempted, type CreateOperation, type Finished, type Planned } from '../run/outcome.js';
import { planImport } from '../run/plan.js';
import { withoutTaken } from '../run/taken-logins.js';
import { parseSelection } from '../run/selection.js';
import { Stop } from '../run/stop.js';
import type { Org, RequestSettings } from '../settings/load.js';

import {
  aboutFile,
  compileChecks,
  namesUserTypes,
  readMapping,
  type Checks,
  type RowFlags,
} from './checks.js';
import { exitCodeOf, showProgress, tellEnd, tellNotices, type TalkFlags } from './ending.js';
import { offline, openOrg, readOrg, type OpenOrg } from './org.js';
import type { Surroundings } from './surroundings.js';
import { surveyFile } from './survey.js';

export interface ValidateFlags {
  /** Path of the CSV, or `-`. */
  readonly file: string;
  readonly rows: RowFlags;
  /** Undefined offline. */
  readonly org: Org | undefined;
  readonly requests: RequestSettings;
  readonly talk: TalkFlags;
  readonly reports: string;
  readonly runId: string | undefined;
}

/**
 * `validate <file>`: what `import` would say of every row, through the same code, and nothing is written to the org.
 *
 * @returns the exit code.
 */
export async function validateFile(flags: ValidateFlags, surroundings: Surroundings): Promise<number> {
  const stop = new Stop();
  surroundings.onInterrupt((signal) => stop.pull({ kind: 'interrupted', signal }));
  const source = await openSource(flags.file, surroundings.stdin, stop.signal);
  let org: OpenOrg | undefined;
  try {
    org = flags.org && (await openOrg(flags.org, flags.requests, surroundings));
    return await checkSource({ source, org, stop, isGate: false }, flags, surroundings);
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
  { source, org, stop, isGate }: { source: Source; org: OpenOrg | undefined; stop: Stop; isGate: boolean },
  flags: Omit<ValidateFlags, 'org' | 'file'>,
  surroundings: Surroundings,
): Promise<number> {
  const { clock, stderr } = surroundings;
  const startedAtMs = clock.now();
  const isSelected = flags.rows.only === undefined ? undefined : parseSelection(flags.rows.only);
  const mappingFile = await readMapping(flags.rows.mapping);
  // How many rows there are decides how the org is asked who is there.
  const survey =
    org && flags.rows.ifExists !== 'fail' ? await surveyFile(source, flags.rows, stop.signal) : undefined;
  const table = await readCsv(source.read(), flags.rows).catch((error: unknown) => {
    throw aboutFile(error, source.name);
  });
  const header = restoredHeader(table.header);
  const knowledge = org
    ? await readOrg(org.client, {
        withUserTypes: namesUserTypes(header, flags.rows, mappingFile),
        createsGroups: flags.rows.createGroups,
        signal: stop.signal,
        say: (words) => stderr.write(`${words}\n`),
      })
    : offline;
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
  const progress = showProgress(flags.talk, surroundings, () => ({
    counts: report.counts,
    records: undefined,
    wait: org?.client.governor.windowWait,
  }));
  const { columnOf } = checks.mapping;
  const forecaster = new Forecaster();
  const planned = planImport(checks.check(table.rows), {
    activate: flags.rows.activate,
    changePassword: flags.rows.changePassword,
    isSelected,
    directory: knowledge.directory,
    mayExist: flags.rows.ifExists !== 'fail',
    columnOf,
    signal: stop.signal,
    because: () => stop.because(),
    stop: (error) => stop.pull({ kind: 'failed', error }),
  });
  const existing =
    org && lookAtExisting(flags.rows.ifExists, { client: org.client, rows: survey?.records ?? 0, folder });
  let isUnreadable = false;
  try {
    const items =
      org === undefined
        ? planned
        : judgedByOrg(planned, { client: org.client, existing, columnOf, stop, flags, warn: checks.warn });
    for await (const item of items) {
      if (item.kind === 'create') forecaster.add(item);
      else if (item.outcome.status === 'would-update') forecaster.addUpdate();
      await report.add(verdict(item, org !== undefined));
    }
  } catch (error) {
    // The rows before it have been judged, and the report shows them.
    if (!(error instanceof OktaImportError)) throw error;
    isUnreadable = stop.reason === undefined;
    stop.pull({ kind: 'failed', error: aboutFile(error, source.name) });
  } finally {
    await existing?.close();
  }
  const { counts } = report;
  await report.close(counts.total, (row) =>
    notAttempted({ row, line: 0, cells: [] }, undefined, stop.because()),
  );
  progress?.stop();
  const found = table.found();
  const judged = isUnreadable ? 2 : exitCodeOf(stop, counts.invalid + counts.failed);
  const exitCode = isGate && judged === 1 ? 2 : judged;
  const talk = isGate && exitCode === 0 ? { json: false, quiet: true, progress: false } : flags.talk;
  const forecast =
    org && forecaster.forecast(org.client.governor.limitOf(CREATE_BUCKET), flags.requests.rateLimitShare);
  tellNotices(found, talk, surroundings);
  const { encoding, delimiter } = found;
  const file = { name: source.name, sha256: source.sha256 ?? '', encoding, delimiter };
  await tellEnd(
    {
      folder,
      about: { runId, command: 'validate', file, org: org?.url ?? null },
      startedAtMs,
      counts,
      causes: report.causes,
      warnings: checks.warnings,
      client: org?.client,
      stop,
      exitCode,
      next: () =>
        isGate ? ['Nothing was sent: not every row is good (--all-or-nothing).'] : wordsOfForecast(forecast),
      forecast,
    },
    talk,
    surroundings,
  );
  return exitCode;
}

/** What only the org can tell of rows: who is there already, and which creates it would refuse. */
function judgedByOrg(
  planned: AsyncIterable<Planned<CreateOperation>>,
  {
    client,
    existing,
    columnOf,
    stop,
    flags,
    warn,
  }: {
    client: OktaClient;
    existing: Existing | undefined;
    columnOf: ColumnOf;
    stop: Stop;
    flags: Pick<ValidateFlags, 'requests'>;
    warn: Checks['warn'];
  },
): AsyncGenerator<Planned<CreateOperation>> {
  const { signal } = stop;
  const judged =
    existing === undefined
      ? planned
      : judgeExisting(planned, {
          client,
          existing,
          columnOf,
          signal,
          concurrency: flags.requests.concurrency,
          because: () => stop.because(),
          stop: (error) => stop.pull({ kind: 'failed', error }),
        });
  return withoutTaken(judged, { client, columnOf, warn, signal });
}

function verdict(item: Planned, hasOrg: boolean): Finished {
  if (item.kind === 'decided') return item;
  const { row, login } = item;
  const status = hasOrg ? 'would-create' : 'valid';
  return { row, outcome: { row: row.row, line: row.line, login, attempts: 0, durationMs: 0, status } };
}

/** What creates count against; listing users tells its limit. */
const CREATE_BUCKET = bucketOf('POST', '/api/v1/users');

function wordsOfForecast(forecast: Forecast | undefined): string[] {
  if (forecast === undefined) return [];
  const { creates, updates, minutes, activationMails, sample } = forecast;
  if (creates + updates === 0) return ['The plan: nothing would be written.'];
  const time =
    minutes === undefined
      ? ''
      : minutes === 0
        ? ', within a minute'
        : `, in about ${minutes} min at this share`;
  const mails = `${activationMails} activation ${activationMails === 1 ? 'mail' : 'mails'}`;
  return [
    `The plan: ${creates} would be created${updates > 0 ? `, ${updates} updated` : ''}${time}; ${mails} would go out.`,
    ...(sample === undefined ? [] : [`The first request: ${printable(JSON.stringify(sample))}`]),
  ];
}
