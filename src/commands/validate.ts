import { readCsv } from '../csv/records.js';
import { openSource } from '../csv/source.js';
import { OktaImportError } from '../errors.js';
import { RunReport } from '../report/run-report.js';
import { writeSummary, type Summary } from '../report/summary.js';
import { closingWords, Progress } from '../report/terminal.js';
import { createRunFolder, defaultRunId } from '../run/folder.js';
import { notAttempted, type Finished, type Planned } from '../run/outcome.js';
import { planImport } from '../run/plan.js';
import { parseSelection } from '../run/selection.js';
import { Stop } from '../run/stop.js';
import type { Org, RequestSettings } from '../settings/load.js';

import { compileChecks, namesUserTypes, readMapping, type RowFlags } from './checks.js';
import type { TalkFlags } from './import-run.js';
import { offline, openOrg, readOrg, type OpenOrg } from './org.js';
import type { Surroundings } from './surroundings.js';

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
  const { clock, stderr } = surroundings;
  const stop = new Stop();
  surroundings.onInterrupt((signal) => stop.pull({ kind: 'interrupted', signal }));
  const isSelected = flags.rows.only === undefined ? undefined : parseSelection(flags.rows.only);
  const mappingFile = await readMapping(flags.rows.mapping);
  const source = await openSource(flags.file, surroundings.stdin);
  const startedAtMs = clock.now();
  let org: OpenOrg | undefined;
  try {
    const table = await readCsv(source.read(), flags.rows);
    org = flags.org && (await openOrg(flags.org, flags.requests, surroundings));
    const knowledge = org
      ? await readOrg(org.client, {
          withUserTypes: namesUserTypes(table.header, flags.rows, mappingFile),
          signal: stop.signal,
          say: (words) => stderr.write(`${words}\n`),
        })
      : offline;
    const checks = compileChecks(table.header, flags.rows, mappingFile, knowledge);
    const { runId, folder } = await createRunFolder(
      flags.reports,
      flags.runId,
      defaultRunId(startedAtMs, `validate-${source.name}`),
    );
    const report = await RunReport.open({
      folder,
      header: table.header,
      delimiter: table.delimiter,
      secretColumns: checks.mapping.secretColumns,
    });
    const progress =
      flags.talk.quiet || !flags.talk.progress
        ? undefined
        : new Progress({
            stderr,
            now: () => clock.now(),
            isInteractive: surroundings.isInteractive,
            state: () => ({
              counts: report.counts,
              records: undefined,
              wait: org?.client.governor.windowWait,
            }),
          });
    const planned = planImport(checks.check(table.rows), {
      activate: flags.rows.activate,
      changePassword: flags.rows.changePassword,
      isSelected,
      directory: knowledge.directory,
      columnOf: checks.mapping.columnOf,
      signal: stop.signal,
      because: () => stop.because(),
      stop: (error) => stop.pull({ kind: 'failed', error }),
    });
    let fileError: unknown;
    try {
      for await (const item of planned) await report.add(verdict(item, org !== undefined));
    } catch (error) {
      // The rows before it have been judged, and the report shows them.
      if (!(error instanceof OktaImportError)) throw error;
      fileError = error;
    }
    const { counts } = report;
    await report.close(counts.total, (row) =>
      notAttempted({ row, line: 0, cells: [] }, undefined, stop.because()),
    );
    progress?.stop();
    const stats = org?.client.governor.stats;
    const finishedAtMs = clock.now();
    const exitCode = exitCodeOf(stop, fileError, counts.invalid);
    const summary: Summary = {
      runId,
      command: 'validate',
      file: {
        name: source.name,
        sha256: source.sha256 ?? '',
        encoding: table.encoding,
        delimiter: table.delimiter,
      },
      org: org?.url ?? null,
      startedAt: new Date(startedAtMs).toISOString(),
      finishedAt: new Date(finishedAtMs).toISOString(),
      durationMs: Math.round(finishedAtMs - startedAtMs),
      counts,
      requests: {
        sent: stats?.sent ?? 0,
        retried: org?.client.retried ?? 0,
        rateLimited: (stats?.rateLimited ?? 0) + (stats?.concurrencyLimited ?? 0),
        concurrencyLimited: stats?.concurrencyLimited ?? 0,
        waits: stats?.waits ?? 0,
        waitedMs: Math.round(stats?.waitedMs ?? 0),
      },
      exitCode,
      stoppedBecause: stoppedBecause(stop, fileError),
    };
    await writeSummary(folder, summary);
    if (flags.talk.json) surroundings.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    if (!flags.talk.quiet) stderr.write(`${closingWords(summary, report.causes, folder).join('\n')}\n`);
    else if (summary.stoppedBecause !== null) stderr.write(`${summary.stoppedBecause}\n`);
    return exitCode;
  } finally {
    await source.close();
    await org?.close();
  }
}

function verdict(item: Planned, hasOrg: boolean): Finished {
  if (item.kind === 'decided') return item;
  const { row, login } = item;
  const status = hasOrg ? 'would-create' : 'valid';
  return { row, outcome: { row: row.row, line: row.line, login, attempts: 0, durationMs: 0, status } };
}

function exitCodeOf({ reason }: Stop, fileError: unknown, invalid: number): number {
  if (reason?.kind === 'interrupted') return reason.signal === 'SIGINT' ? 130 : 143;
  if (reason !== undefined) return 3;
  if (fileError !== undefined) return 2;
  return invalid > 0 ? 1 : 0;
}

function stoppedBecause({ reason }: Stop, fileError: unknown): string | null {
  if (reason?.kind === 'interrupted') return `interrupted by ${reason.signal}`;
  const error = (reason?.kind === 'failed' ? reason.error : undefined) ?? fileError;
  if (error === undefined) return null;
  const hint = error instanceof OktaImportError && error.hint !== undefined ? ` ${error.hint}` : '';
  return (error instanceof Error ? error.message : String(error)) + hint;
}
