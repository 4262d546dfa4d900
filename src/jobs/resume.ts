import { dirname } from 'node:path';

import { OktaImportError } from '../errors.js';
import { Journal } from '../journal/journal.js';
import type { RunDescription } from '../journal/journal-line.js';
import { takeLock } from '../journal/lock.js';
import { importLockPaths } from '../journal/lock-paths.js';
import { wasUndone } from '../journal/run-folder.js';

import { rowsToDo, sendRows } from './import.js';
import { openInput, type Input, type InputSource } from './input.js';
import type { Job, JobContext } from './job.js';
import { fromSettings, resolveOptions, type ImportOptions } from './options.js';
import { assertSameOrg, openPastRun, type PastRunRequest } from './past-run.js';
import { prepareRows, readMapping } from './prepare-rows.js';
import { Resources } from './resources.js';
import { scanInput } from './scan-input.js';

export interface ResumeRequest
  extends PastRunRequest, Pick<ImportOptions, 'canary' | 'maxFailures' | 'concurrency'> {
  /** Where the file is now; undefined for where it was. */
  readonly source: InputSource | undefined;
}

/** The run cannot be resumed as things are. */
export class ResumeError extends OktaImportError {
  override readonly code = 'ERR_RESUME';
}

/**
 * Goes on with a run that stopped. Rows that have an outcome are left alone, rows in doubt are settled first, the rest is
 * sent; the reports are those of one run.
 */
export async function* resumeJob(request: ResumeRequest, context: JobContext): Job {
  const { signal } = context.cancellation;
  const resources = new Resources();
  try {
    const { folder, past, startedAtMs } = await openPastRun(request, context, resources, assertNotUndone);
    const { description } = past;
    const options = resolveOptions(fromSettings(description.settings, request));
    const mappingFile = await readMapping(options.mapping);
    const source = request.source ?? { csv: pathOf(description) };
    const input = resources.add(await openInput(source, signal));
    const scan = await scanInput(input, options, context, description);
    if (input.sha256 !== description.file.sha256) throw changedFile(description, input);
    const org = resources.add(await request.connect());
    assertSameOrg(past, org.client);
    const startedAt = new Date(startedAtMs).toISOString();
    for (const path of await importLockPaths(org.client.orgUrl, description.file.sha256, dirname(folder))) {
      const lock = await takeLock(
        path,
        `${input.name} for ${org.client.orgUrl}`,
        description.runId,
        startedAt,
      );
      resources.onClose(() => lock.release());
    }
    const prepared = await prepareRows({
      header: scan.header,
      isOpenEnded: input.isOpenEnded,
      options,
      mappingFile,
      client: org.client,
      signal,
      observer: context.observer,
    });
    const journal = resources.add(
      await Journal.reopen(folder, past.bytes, { at: startedAt, version: context.version }),
    );
    const { runId } = description;
    const store = { runId, folder, journal, past, hasReport: true, close: () => Promise.resolve() };
    const expectedRows = rowsToDo(options, scan.records ?? 0);
    return yield* sendRows(
      { options, input, scan, prepared, org, store, startedAtMs, expectedRows },
      context,
    );
  } finally {
    await resources.close();
  }
}

async function assertNotUndone(folder: string): Promise<void> {
  if (!(await wasUndone(folder))) return;
  throw new ResumeError(`The run in ${folder} was undone.`, { hint: 'Import the file anew instead.' });
}

function pathOf({ file }: RunDescription): string {
  if (file.path !== '') return file.path;
  throw new ResumeError(`The run read ${file.name}, which is gone.`, {
    hint: 'Give the same data again: --file <path>, or --file - to read standard input.',
  });
}

function changedFile({ file }: RunDescription, input: Input): ResumeError {
  const { name, sizeBytes } = input.file;
  const size =
    sizeBytes === file.sizeBytes
      ? 'the same size, other content'
      : `${file.sizeBytes} bytes then, ${sizeBytes} now`;
  return new ResumeError(`${name} is not the file that the run began with (${size}).`, {
    hint: 'Give the file as it was with --file, or import the new one as a run of its own.',
  });
}
