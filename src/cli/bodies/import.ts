import { openSource } from '../../csv/source.js';
import { namesUserTypes } from '../../jobs/compile-checks.js';
import { readOrgMetadata } from '../../org/org-metadata.js';
import {
  createRunFolder,
  defaultRunId,
  importLockPaths,
  removeEmptyFolder,
} from '../../journal/run-folder.js';
import { Journal } from '../../journal/journal.js';
import type { RunSettings } from '../../journal/journal-line.js';
import { takeLock, type Lock } from '../../journal/lock.js';
import { assertSelectsSome, countSelected, parseSelection } from '../../rows/row-selection.js';
import { exitCodeFor, Cancellation } from '../../rows/cancellation.js';
import type { Org } from '../../settings/load.js';
import type { RequestSettings } from '../../settings/requests.js';

import { compileChecks, readMapping, type RowFlags } from './load-mapping.js';
import { interrupt, tellNotices, type OutputFlags } from './finish.js';
import { isConfirmed } from '../confirm-first-import.js';
import { runImport } from './import-run.js';
import type { StopConditionFlags } from '../next-steps.js';
import { parseMaxFailures } from '../../engine/stop-conditions.js';
import { openOrg } from '../connect.js';
import type { CommandContext } from '../command-context.js';
import { surveyFile } from './scan-input.js';
import { checkSource } from './validate.js';

export interface ImportFlags {
  /** Path of the CSV, or `-`. */
  readonly file: string;
  readonly rows: RowFlags;
  readonly org: Org;
  readonly requests: RequestSettings;
  readonly brakes: StopConditionFlags;
  /** Send nothing unless every row is good. */
  readonly allOrNothing: boolean;
  /** Without asking whether a first import is meant. */
  readonly yes: boolean;
  readonly talk: OutputFlags;
  readonly reports: string;
  /** The flags that lead to the org, as they were typed. */
  readonly orgArgs: readonly string[];
  readonly runId: string | undefined;
}

/**
 * `import <file>`: rows become users.
 *
 * Everything that makes the file as a whole unusable is found before the first request that writes.
 *
 * @returns the exit code.
 */
export async function importFile(flags: ImportFlags, surroundings: CommandContext): Promise<number> {
  const cancellation = new Cancellation();
  surroundings.onInterrupt((signal) => interrupt(cancellation, signal, flags.talk, surroundings));
  if (flags.rows.only !== undefined) parseSelection(flags.rows.only);
  if (flags.brakes.maxFailures !== undefined) parseMaxFailures(flags.brakes.maxFailures, 0);
  const mappingFile = await readMapping(flags.rows.mapping);
  const source = await openSource(flags.file, surroundings.stdin, cancellation.signal);
  const org = await openOrg(flags.org, flags.requests, surroundings);
  const locks: Lock[] = [];
  try {
    if (flags.allOrNothing) {
      const runId = flags.runId && `${flags.runId}-check`;
      const check = { source, org, cancellation, isGate: true };
      const exitCode = await checkSource(check, { ...flags, runId }, surroundings);
      if (exitCode !== 0) return exitCode;
    }
    const survey = await surveyFile(source, flags, cancellation.signal, surroundings);
    if (flags.rows.only !== undefined) assertSelectsSome(flags.rows.only, survey.records);
    tellNotices(survey.found, flags.talk, surroundings);
    const knowledge = await readOrgMetadata(org.client, {
      withUserTypes: namesUserTypes(survey.header, flags.rows, mappingFile),
      createsGroups: flags.rows.createGroups,
      signal: cancellation.signal,
      warn: (words) => surroundings.terminal.warn(words),
    });
    const checks = compileChecks(survey.header, flags.rows, mappingFile, knowledge);

    const sha256 = source.sha256 ?? '';
    if (flags.org.kind === 'org' && !flags.yes) {
      const { only } = flags.rows;
      const rows = only === undefined ? survey.records : countSelected(only, survey.records);
      const { file, reports } = flags;
      const plan = { file, sha256, orgUrl: org.url, rows, flags: flags.rows, reports };
      if (!(await isConfirmed(plan, surroundings, cancellation.signal))) {
        return cancellation.reason === undefined ? 2 : exitCodeFor(cancellation.reason);
      }
    }
    const nowMs = surroundings.clock.now();
    const startedAt = new Date(nowMs).toISOString();
    const { runId, folder } = await createRunFolder(
      flags.reports,
      flags.runId,
      defaultRunId(nowMs, source.name),
    );
    try {
      if (flags.org.kind === 'org') {
        for (const path of await importLockPaths(org.url, sha256, flags.reports)) {
          locks.push(await takeLock(path, `${source.name} for ${org.url}`, runId, startedAt));
        }
      }
      locks.push(await takeLock(`${folder}/lock`, `Run ${runId}`, runId, startedAt));
    } catch (error) {
      await removeEmptyFolder(folder);
      throw error;
    }
    const { serverClock } = org.client.governor;
    const description = {
      runId,
      version: surroundings.version,
      command: 'import',
      file: {
        name: source.name,
        path: source.path,
        sizeBytes: source.sizeBytes,
        sha256,
        encoding: survey.found.encoding,
        delimiter: survey.found.delimiter,
        records: survey.records,
        secretColumns: [...checks.mapping.secretColumns],
      },
      org: org.url,
      startedAt,
      startedAtOrgMs: serverClock.isKnown ? Math.floor(serverClock.earliest(nowMs)) : 0,
      settings: settingsOf(flags.rows),
    };
    const journal = await Journal.create(folder, description);
    try {
      const { header, found } = survey;
      return await runImport(
        {
          description,
          folder,
          source,
          header,
          found,
          checks,
          org,
          knowledge,
          journal,
          past: undefined,
          cancellation,
        },
        flags,
        surroundings,
      );
    } finally {
      await journal.close();
    }
  } finally {
    for (const lock of locks) await lock.release();
    await source.close();
    await org.close();
  }
}

function settingsOf(rows: RowFlags): RunSettings {
  const { mapping, activate, changePassword, group, userType, only, ignoreColumns } = rows;
  const { ifExists, clearEmpty, createGroups, encoding, delimiter, sheet } = rows;
  return {
    mapping,
    activate,
    changePassword,
    groups: group,
    userType,
    ifExists,
    clearEmpty,
    createGroups,
    only,
    ignoreColumns,
    encoding,
    delimiter,
    sheet,
  };
}
