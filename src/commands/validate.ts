import { readCsv } from '../csv/records.js';
import { openSource } from '../csv/source.js';
import { OktaImportError } from '../errors.js';
import { RunReport } from '../report/run-report.js';
import { createRunFolder, defaultRunId } from '../run/folder.js';
import { notAttempted, type Finished, type Planned } from '../run/outcome.js';
import { planImport } from '../run/plan.js';
import { parseSelection } from '../run/selection.js';
import { Stop } from '../run/stop.js';
import type { Org, RequestSettings } from '../settings/load.js';

import { compileChecks, namesUserTypes, readMapping, type RowFlags } from './checks.js';
import { exitCodeOf, showProgress, tellEnd, type TalkFlags } from './ending.js';
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
    const progress = showProgress(flags.talk, surroundings, () => ({
      counts: report.counts,
      records: undefined,
      wait: org?.client.governor.windowWait,
    }));
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
    let isUnreadable = false;
    try {
      for await (const item of planned) await report.add(verdict(item, org !== undefined));
    } catch (error) {
      // The rows before it have been judged, and the report shows them.
      if (!(error instanceof OktaImportError)) throw error;
      isUnreadable = stop.reason === undefined;
      stop.pull({ kind: 'failed', error });
    }
    const { counts } = report;
    await report.close(counts.total, (row) =>
      notAttempted({ row, line: 0, cells: [] }, undefined, stop.because()),
    );
    progress?.stop();
    const exitCode = isUnreadable ? 2 : exitCodeOf(stop, counts.invalid);
    const { encoding, delimiter } = table;
    const file = { name: source.name, sha256: source.sha256 ?? '', encoding, delimiter };
    await tellEnd(
      {
        folder,
        about: { runId, command: 'validate', file, org: org?.url ?? null },
        startedAtMs,
        counts,
        causes: report.causes,
        client: org?.client,
        stop,
        exitCode,
        next: () => [],
      },
      flags.talk,
      surroundings,
    );
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
