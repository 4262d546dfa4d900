import { dirname } from 'node:path';

import { OktaImportError } from '../errors.js';
import { Journal } from '../journal/journal.js';
import type { RunDescription } from '../journal/journal-line.js';
import { assertUndamaged } from '../journal/reader.js';

import { toCsvOptions } from './csv-options.js';
import { rowsToDo, sendRows } from './import.js';
import { openInput, type Input, type InputSource } from './input.js';
import type { Job, JobContext } from './job.js';
import { openRunLinks } from './links.js';
import { findMergedRows } from './merge-rows.js';
import { fromSettings, resolveOptions, type ImportOptions } from './options.js';
import { assertNotUndone, assertSameOrg, openPastRun, type PastRunRequest } from './past-run.js';
import { prepareRows } from './prepare-rows.js';
import { hasMappingChanged, readMappingOf } from './read-mapping.js';
import { Resources } from './resources.js';
import { scanInput } from './scan-input.js';

export interface ResumeRequest
  extends PastRunRequest, Pick<ImportOptions, 'canary' | 'maxFailures' | 'concurrency'> {
  /** New location of the file; undefined if it was not moved. */
  readonly source: InputSource | undefined;
}

/** The run cannot be resumed. */
export class ResumeError extends OktaImportError {
  override readonly code = 'ERR_RESUME';
}

/**
 * Continues a run that stopped. Rows with an outcome are not sent again, rows in doubt are settled first, and the others are
 * sent. The report covers the whole run.
 */
export async function* resumeJob(request: ResumeRequest, context: JobContext): Job {
  const { signal } = context.cancellation;
  const resources = new Resources();
  try {
    const opened = await openPastRun(request, context, resources, {
      purpose: 'resume',
      allow: (folder) => assertNotUndone(folder, ResumeError),
    });
    const { folder, past, startedAtMs, locks } = opened;
    assertUndamaged(past, folder);
    const { description } = past;
    const options = {
      ...resolveOptions(fromSettings(description.settings, request)),
      dates: description.settings.dates,
    };
    const mappingFile = await readMappingOf(description);
    if (await hasMappingChanged(description)) {
      context.observer?.notice?.(
        `${description.settings.mapping} has changed since the run started. The run continues with the mapping that it started with.`,
      );
    }
    const source = request.source ?? { csv: pathOf(description) };
    const { isEdited, name } = description.file;
    const input = resources.add(await openInput(source, signal, isEdited === true ? name : undefined));
    const scan = await scanInput(input, toCsvOptions(options, mappingFile), context, description);
    if (input.sha256 !== description.file.sha256) throw changedFile(description, input);
    const org = resources.add(await request.connect());
    assertSameOrg(past, org.client);
    const startedAt = new Date(startedAtMs).toISOString();
    const { org: orgUrl, file } = description;
    await locks.takeImport({ org: orgUrl, file: { ...file, name: input.name } }, dirname(folder));
    const { client } = org;
    const { sync } = description.settings;
    if (sync !== undefined) {
      const { resumeSync } = await import('./resume-sync.js');
      return yield* resumeSync(
        { opened, sync, options, mappingFile, input, scan, org, maxFailures: request.maxFailures },
        context,
        resources,
      );
    }
    const { header, samples, found } = scan;
    const toPrepare = { header, samples, found, input, options, mappingFile, client };
    const prepared = await prepareRows(toPrepare, context);
    // Runs of earlier versions rejected all but the first row of a user.
    const merging =
      description.settings.mergesRows === true
        ? await findMergedRows(input, found, { checks: prepared.checks, options, signal })
        : undefined;
    const journal = resources.add(
      await Journal.reopen(folder, past, { at: startedAt, version: context.version }, locks.assertHeld),
    );
    const { runId } = description;
    const links = await openRunLinks(
      options,
      { client, runId, mappingFile, hasCreated: past.rowsSettled > 0 },
      context,
      resources,
    );
    const store = { runId, folder, journal, past, locks, hasReport: true, close: () => Promise.resolve() };
    const expectedRows = rowsToDo(options, scan.rows ?? 0);
    return yield* sendRows(
      {
        options,
        input,
        scan,
        prepared,
        merging,
        org,
        store,
        startedAtMs,
        links,
        expectedRows,
        retry: description.retry,
      },
      context,
    );
  } finally {
    await resources.close();
  }
}

function pathOf({ file }: RunDescription): string {
  if (file.path !== '') return file.path;
  throw new ResumeError(`The run read ${file.name}, which cannot be read again.`, {
    hint: 'Provide the same data with --file <path>, or with --file - on stdin.',
  });
}

function changedFile({ file }: RunDescription, input: Input): ResumeError {
  const { name, sizeBytes } = input.file;
  const size =
    sizeBytes === file.sizeBytes
      ? 'same size, different content'
      : `${file.sizeBytes} bytes then, ${sizeBytes} now`;
  return new ResumeError(`${name} is not the file that the run started with (${size}).`, {
    hint: 'Use --file with the original file, or import the new file as a separate run.',
  });
}
