import type { RemindRequest } from '../../jobs/remind.js';
import { loadRequestSettings } from '../../settings/requests.js';
import { followUpNextSteps, inShell } from '../../jobs/next-steps.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { confirmReminders } from '../confirm-reminders.js';
import { durationOf, perMinuteOf } from '../flag-values.js';
import { logFlags, orgUrlFlags, rateFlag, rateFlags, reportFlags, rowFlag } from '../flags.js';
import { cancelRunOnInterrupt } from '../interrupt.js';
import { cohortArgs, cohortOf, datasetFlag, runOrDatasetArgument } from '../positionals.js';
import { showReminders } from '../reminder-list.js';
import { scopes } from '../scopes.js';

export const remindCommand = defineCommand({
  name: 'remind',
  group: 'After a run',
  description: 'Send the activation email again to people who have not signed in yet',
  positional: runOrDatasetArgument,
  flags: {
    dataset: datasetFlag,
    after: {
      ...rowFlag.text('time', 'Minimum time since people were invited, such as 3d or 12h'),
      default: '3d',
    },
    every: { ...rowFlag.text('time', 'Minimum time since the last reminder'), default: '3d' },
    'dry-run': rowFlag.off('Only list the people who would be reminded'),
    yes: rowFlag.off('Do not ask for confirmation'),
    ...orgUrlFlags,
    'per-minute': rateFlag.number('n', 'Maximum emails per minute, to spare the mail gateway'),
    ...rateFlags,
    ...reportFlags,
    ...logFlags,
  },
  examples: [
    ['Who has not come in after three days?', 'remind last --dry-run'],
    [
      'Every morning, for the people of the nightly file',
      'remind --dataset staff --after 3d --every 7d --quiet',
    ],
  ],
  handler: async (argv, context) => {
    const [{ planReminders, remindJob }, { runJob, connector, readingContext }] = await Promise.all([
      import('../../jobs/remind.js'),
      import('../run-job.js'),
    ]);
    const afterMs = durationOf('--after', argv.after);
    const everyMs = durationOf('--every', argv.every);
    const perMinute = perMinuteOf(argv);
    const cohort = await cohortOf(argv, 'remind', context);
    const org = await loadOrg(argv, argv.dryRun ? scopes.verify : scopes.activate, context);
    const request: RemindRequest = {
      ...cohort,
      reports: argv.reports,
      afterMs,
      everyMs,
      perMinute,
      concurrency: argv.concurrency,
      connect: connector(org, loadRequestSettings(argv), context),
      confirm: (plan) => confirmReminders(plan, argv, context),
    };
    const cancellation = cancelRunOnInterrupt(context, argv);
    if (argv.dryRun) {
      const plan = await planReminders(request, readingContext(context, cancellation));
      return showReminders(plan, argv, context);
    }
    return runJob((job) => remindJob(request, job), context, {
      output: argv,
      cancellation,
      nextSteps: followUpNextSteps,
      pageSteps: ({ summary }) =>
        summary.stoppedBecause === null
          ? []
          : [`To remind the others, run: ${inShell('remind', ...cohortArgs(argv))}`],
    });
  },
});
