import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { logFlags, orgUrlFlags, rateFlag, rateFlags, reportFlags, rowFlag } from '../flags.js';
import { cancelRunOnInterrupt } from '../interrupt.js';
import { followUpNextSteps } from '../next-steps.js';
import { existingRun, runArgument } from '../positionals.js';
import { scopes } from '../scopes.js';
import { UsageError } from '../usage-error.js';

export const activateCommand = defineCommand({
  name: 'activate',
  group: 'After a run',
  description: 'Activate the users that a run created STAGED (--no-activate)',
  positional: runArgument,
  flags: {
    'send-email': rowFlag.on('Do not send activation emails'),
    ...orgUrlFlags,
    'per-minute': rateFlag.number('n', 'Maximum activations per minute, to spare the mail gateway'),
    ...rateFlags,
    ...reportFlags,
    ...logFlags,
  },
  examples: [
    ['Import now, send the emails later', 'import people.csv --no-activate'],
    ['', 'activate 2026-11-24T02-00-00Z-people --per-minute 100'],
  ],
  handler: async (argv, context) => {
    const [{ activateJob }, { runJob, connector }] = await Promise.all([
      import('../../jobs/activate.js'),
      import('../run-job.js'),
    ]);
    const perMinute = perMinuteOf(argv);
    const run = await existingRun(argv);
    const org = await loadOrg(argv, scopes.activate, context);
    const { sendEmail, reports, concurrency } = argv;
    const connect = connector(org, loadRequestSettings(argv), context);
    const request = { run, reports, perMinute, sendEmail, concurrency, connect };
    return runJob((job) => activateJob(request, job), context, {
      output: argv,
      cancellation: cancelRunOnInterrupt(context, argv),
      nextSteps: followUpNextSteps,
    });
  },
});

/** @throws {UsageError} */
function perMinuteOf({ perMinute }: { readonly perMinute: number | undefined }): number | undefined {
  if (perMinute === undefined || (perMinute > 0 && perMinute <= 100_000)) return perMinute;
  throw new UsageError('--per-minute takes a number above 0, at most 100000.');
}
