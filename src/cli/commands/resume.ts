import { setFlagsFromString } from 'node:v8';

import type { ResumeRequest } from '../../jobs/resume.js';
import type { FinishedRun } from '../../jobs/run-observer.js';
import { loadRequestSettings } from '../../settings/requests.js';
import { importNextSteps, type RepeatedArgs } from '../../jobs/next-steps.js';
import { importPageSteps } from '../../jobs/page-steps.js';
import { syncNextSteps, syncPageSteps } from '../../jobs/sync-steps.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { orgArgs, toStopOptions } from '../flag-values.js';
import { fileFlag, logFlags, orgUrlFlags, rateFlags, reportFlags, stopFlags } from '../flags.js';
import { cancelRunOnInterrupt } from '../interrupt.js';
import { existingRun, runArgument } from '../positionals.js';
import { scopes } from '../scopes.js';

export const resumeCommand = defineCommand({
  name: 'resume',
  group: 'After a run',
  description: 'Continue a run that stopped early',
  positional: runArgument,
  flags: {
    file: fileFlag.text('file', 'New path of the file, if it was moved'),
    ...stopFlags,
    ...orgUrlFlags,
    ...rateFlags,
    ...reportFlags,
    ...logFlags,
  },
  examples: [
    ['By run ID or run folder', 'resume 2026-11-24T02-00-00Z-people'],
    ['The file was moved', 'resume 2026-11-24T02-00-00Z-people --file old/people.csv'],
  ],
  handler: async (argv, context) => {
    const [{ resumeJob }, { runJob, connector, inputOf }] = await Promise.all([
      import('../../jobs/resume.js'),
      import('../run-job.js'),
    ]);
    const run = await existingRun(argv, 'resume', context);
    const org = await loadOrg(argv, scopes.resume, context);
    const { file, reports, concurrency } = argv;
    const stop = toStopOptions(argv);
    const request: ResumeRequest = {
      ...stop,
      concurrency,
      run,
      reports,
      source: file === undefined ? undefined : inputOf(file, context),
      connect: connector(org, loadRequestSettings(argv), context),
    };
    const repeated = ({ options }: FinishedRun): RepeatedArgs => ({
      options: { ...options, ...stop },
      orgArgs: orgArgs(argv),
      reports,
    });
    // The journal of a long run is read in one go, and V8 would answer with a young generation that is kept: 30 MB, for no gain.
    setFlagsFromString('--semi-space-growth-factor=1');
    try {
      return await runJob((job) => resumeJob(request, job), context, {
        output: argv,
        cancellation: cancelRunOnInterrupt(context, argv),
        nextSteps: (run) => (isSync(run) ? syncNextSteps : importNextSteps)(run, repeated(run)),
        pageSteps: (run) => (isSync(run) ? syncPageSteps : importPageSteps)(run, repeated(run)),
      });
    } finally {
      setFlagsFromString('--semi-space-growth-factor=2');
    }
  },
});

function isSync({ summary }: FinishedRun): boolean {
  return summary.command === 'sync';
}
