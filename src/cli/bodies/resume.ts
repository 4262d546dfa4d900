import { dirname } from 'node:path';

import { openSource } from '../../csv/source.js';
import { OktaImportError } from '../../errors.js';
import { namesUserTypes } from '../../jobs/compile-checks.js';
import { readOrgMetadata } from '../../org/org-metadata.js';
import { findRunFolder, importLockPaths, wasUndone } from '../../journal/run-folder.js';
import { readJournal } from '../../journal/reader.js';
import { Journal } from '../../journal/journal.js';
import type { RunDescription } from '../../journal/journal-line.js';
import { takeLock, type Lock } from '../../journal/lock.js';
import { Cancellation } from '../../rows/cancellation.js';
import type { Org } from '../../settings/load.js';
import type { RequestSettings } from '../../settings/requests.js';

import { compileChecks, readMapping, type RowFlags } from './load-mapping.js';
import { interrupt, type OutputFlags } from './finish.js';
import { runImport } from './import-run.js';
import type { StopConditionFlags } from '../next-steps.js';
import { assertSameOrg, openOrg, type OpenOrg } from '../connect.js';
import type { CommandContext } from '../command-context.js';
import { surveyAgain } from './scan-input.js';

export interface ResumeFlags {
  /** A run id, or the run's folder. */
  readonly run: string;
  /** Where the file is now; undefined for where it was. */
  readonly file: string | undefined;
  readonly org: Org;
  readonly requests: RequestSettings;
  readonly brakes: StopConditionFlags;
  readonly talk: OutputFlags;
  readonly reports: string;
  /** The flags that lead to the org, as they were typed. */
  readonly orgArgs: readonly string[];
}

/** The run cannot be gone on with as things are. */
export class ResumeError extends OktaImportError {
  override readonly code = 'ERR_RESUME';
}

/**
 * `resume <run>`: goes on with a run that stopped. Rows that have an outcome are left alone, rows in doubt are settled
 * first, the rest is sent; the reports are those of one run.
 *
 * @returns the exit code.
 */
export async function resumeRun(flags: ResumeFlags, surroundings: CommandContext): Promise<number> {
  const cancellation = new Cancellation();
  surroundings.onInterrupt((signal) => interrupt(cancellation, signal, flags.talk, surroundings));
  const folder = await findRunFolder(flags.reports, flags.run);
  if (await wasUndone(folder)) {
    throw new ResumeError(`The run in ${folder} was undone.`, { hint: 'Import the file anew instead.' });
  }
  const startedAt = new Date(surroundings.clock.now()).toISOString();
  const locks: Lock[] = [await takeLock(`${folder}/lock`, `The run in ${folder}`, flags.run, startedAt)];
  let org: OpenOrg | undefined;
  try {
    const past = await readJournal(folder);
    const { description } = past;
    const rows = flagsOf(description);
    const mappingFile = await readMapping(rows.mapping);
    const source = await openSource(
      flags.file ?? pathOf(description),
      surroundings.stdin,
      cancellation.signal,
    );
    try {
      const survey = await surveyAgain(
        source,
        { description, rows, talk: flags.talk },
        cancellation.signal,
        surroundings,
      );
      if (source.sha256 !== description.file.sha256) throw changedFile(description, source);
      org = await openOrg(flags.org, flags.requests, surroundings);
      assertSameOrg(description, org);
      for (const path of await importLockPaths(org.url, description.file.sha256, dirname(folder))) {
        locks.push(await takeLock(path, `${source.name} for ${org.url}`, description.runId, startedAt));
      }
      const knowledge = await readOrgMetadata(org.client, {
        withUserTypes: namesUserTypes(survey.header, rows, mappingFile),
        createsGroups: rows.createGroups,
        signal: cancellation.signal,
        warn: (words) => surroundings.terminal.warn(words),
      });
      const checks = compileChecks(survey.header, rows, mappingFile, knowledge);
      const journal = await Journal.reopen(folder, past.bytes, {
        at: startedAt,
        version: surroundings.version,
      });
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
            past,
            cancellation,
          },
          { ...flags, rows },
          surroundings,
        );
      } finally {
        await journal.close();
      }
    } finally {
      await source.close();
      past.close();
    }
  } finally {
    for (const lock of locks) await lock.release();
    await org?.close();
  }
}

function flagsOf({ settings }: RunDescription): RowFlags {
  const { groups, ...rows } = settings;
  return {
    ...rows,
    group: groups,
    // JSON leaves out what is undefined.
    mapping: rows.mapping,
    userType: rows.userType,
    ifExists: rows.ifExists ?? 'fail',
    clearEmpty: rows.clearEmpty ?? false,
    createGroups: rows.createGroups ?? false,
    only: rows.only,
    encoding: rows.encoding,
    delimiter: rows.delimiter,
    sheet: rows.sheet,
  };
}

function pathOf({ file }: RunDescription): string {
  if (file.path !== '') return file.path;
  throw new ResumeError(`The run read ${file.name}, which is gone.`, {
    hint: 'Give the same data again: --file <path>, or --file - to read standard input.',
  });
}

function changedFile({ file }: RunDescription, now: { name: string; sizeBytes: number }): ResumeError {
  const size =
    now.sizeBytes === file.sizeBytes
      ? 'the same size, other content'
      : `${file.sizeBytes} bytes then, ${now.sizeBytes} now`;
  return new ResumeError(`${now.name} is not the file that the run began with (${size}).`, {
    hint: 'Give the file as it was with --file, or import the new one as a run of its own.',
  });
}
