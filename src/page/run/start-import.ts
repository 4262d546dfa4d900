import { constants } from 'node:fs';
import { chmod, copyFile, link } from 'node:fs/promises';
import { join } from 'node:path';

import { importJob } from '../../jobs/import.js';

import { PageRequestError, StepNotReadyError } from '../page-error.js';
import type { PageSession } from '../session.js';
import type { PlannedImport } from '../steps.js';

import { assertConfirmed, assertIdle } from './confirm.js';
import { PageRun } from './page-run.js';

/** Imports what was planned. @throws {StepNotReadyError | PageRequestError} */
export function startImport(session: PageSession, confirmedOrg: unknown): void {
  assertIdle(session);
  const { plan } = session;
  const planned = plan?.planned;
  if (plan === undefined || planned === undefined) {
    throw new StepNotReadyError('There is no current plan.', {
      hint: 'Open the step Plan, and import when the plan is ready.',
    });
  }
  assertConfirmed(planned.orgUrl, confirmedOrg);
  plan.take();
  const { options, path, name, isEdited, sha256, orgUrl, connect, retried, isWorkbook, leftOut } = planned;
  const { reports } = session.context;
  let isStarted = false;
  const run = new PageRun(session, {
    action: 'import',
    name,
    orgUrl,
    connect,
    isWorkbook,
    leftOut,
    onStarted: ({ command, folder }) => {
      if (command !== 'import' || folder === undefined) return;
      isStarted = true;
      plan.markUsed();
      void keepEdited(planned, folder);
    },
    work: {
      kind: 'job',
      start: (context, connectOrg) =>
        importJob(
          {
            ...options,
            source: { csv: path },
            editedFrom: isEdited ? name : undefined,
            retried,
            store: { kind: 'run', reports, runId: undefined },
            connect: connectOrg,
            confirm: (found) => {
              // Both were shown in the plan.
              if (found.sha256 !== sha256 || found.orgUrl !== orgUrl) throw new FileChangedError(name);
              return Promise.resolve(true);
            },
          },
          context,
        ),
    },
  });
  void run.ended.then(async () => {
    if (!isStarted) await plan.release().catch(() => {});
  });
  session.replaceRun(run);
}

class FileChangedError extends PageRequestError {
  constructor(name: string) {
    super(`${name} has changed since it was planned. Nothing was sent.`, {
      status: 409,
      hint: 'Open the file again, check its rows, and plan once more.',
    });
  }
}

/** The rows as they were sent, beside the report. The run itself reads the file that was planned. */
async function keepEdited({ path, isEdited }: PlannedImport, folder: string): Promise<void> {
  if (!isEdited) return;
  const copy = join(folder, 'edited.csv');
  try {
    await link(path, copy);
  } catch {
    // The file system has no hard links. Without the copy, the run is complete as well.
    await copyFile(path, copy, constants.COPYFILE_EXCL)
      .then(() => chmod(copy, 0o600))
      .catch(() => {});
  }
}
