import { followUpPageSteps, importPageSteps } from '../../jobs/page-steps.js';
import type { FinishedRun } from '../../jobs/run-observer.js';
import { syncPageSteps } from '../../jobs/sync-steps.js';

import type { PageSession } from '../session.js';

/** What to do after a run, for readers of its report. */
export function stepsAfter(run: FinishedRun, { org, context }: PageSession): readonly string[] {
  const { command } = run.summary;
  const repeated = { options: run.options, orgArgs: org.orgArgs, reports: context.reports };
  switch (command) {
    case 'import':
      return importPageSteps(run, repeated);
    case 'validate':
      return ['Nothing was sent, because some rows are invalid.'];
    case 'sync':
      return syncPageSteps(run, repeated);
    default:
      return followUpPageSteps(run);
  }
}
