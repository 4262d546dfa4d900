import type { ActivateRequest } from '../../jobs/activate.js';
import { loadRequestSettings } from '../../settings/requests.js';
import { followUpNextSteps } from '../../jobs/next-steps.js';
import { followUpPageSteps } from '../../jobs/page-steps.js';

import { defineCommand } from '../command.js';
import { confirmActivation } from '../confirm-activation.js';
import { loadOrg } from '../connect.js';
import { perMinuteOf, toLinkOptions } from '../flag-values.js';
import {
  linksFlags,
  logFlags,
  orgUrlFlags,
  rateFlag,
  rateFlags,
  reportFlags,
  rowFlag,
  userFlag,
} from '../flags.js';
import { cancelRunOnInterrupt } from '../interrupt.js';
import { cohortOf, datasetFlag, runOrDatasetArgument } from '../positionals.js';
import { scopes } from '../scopes.js';
import { UsageError } from '../usage-error.js';

export const activateCommand = defineCommand({
  name: 'activate',
  group: 'After a run',
  description: 'Activate the users that a run created STAGED (--no-activate)',
  positional: runOrDatasetArgument,
  flags: {
    dataset: datasetFlag,
    due: userFlag.off('Only people whose start date has come; for a daily job'),
    early: userFlag.off('Also people whose start date has not come'),
    'send-email': rowFlag.on('Do not send activation emails'),
    ...linksFlags,
    links: rowFlag.text(
      'file',
      'Write activation links instead of sending emails: .csv, or .html pages to print',
    ),
    yes: rowFlag.off('Do not ask for confirmation'),
    ...orgUrlFlags,
    'per-minute': rateFlag.number('n', 'Maximum activations per minute, to spare the mail gateway'),
    ...rateFlags,
    ...reportFlags,
    ...logFlags,
  },
  examples: [
    ['Import now, send the emails later', 'import people.csv --no-activate'],
    ['', 'activate 2026-11-24T02-00-00Z-people --per-minute 100'],
    ['Every day: the people whose start date has come', 'activate last --due'],
    ['A page to print for each person, with a QR code', 'activate last --links letters.html'],
    ['The new people of the nightly file', 'activate --dataset staff --links letters.html'],
  ],
  handler: async (argv, context) => {
    const [{ activateJob }, { runJob, connector }] = await Promise.all([
      import('../../jobs/activate.js'),
      import('../run-job.js'),
    ]);
    const perMinute = perMinuteOf(argv);
    const { links: linksFile, letter, linkDays: validDays } = toLinkOptions(argv);
    const links = linksFile === undefined ? undefined : { file: linksFile, letter, validDays };
    if (argv.due && argv.early) throw new UsageError('Use either --due or --early.');
    if (argv.due && argv.dataset !== undefined) {
      throw new UsageError(
        '--due is for runs of import. For a data set, leave it out: people who wait for their start date are left alone anyway.',
      );
    }
    const cohort = await cohortOf(argv, 'activate', context);
    const org = await loadOrg(argv, links === undefined ? scopes.activate : scopes.links, context);
    const { sendEmail, reports, concurrency, early, due } = argv;
    const request: ActivateRequest = {
      ...cohort,
      reports,
      early,
      due,
      perMinute,
      sendEmail,
      links,
      concurrency,
      connect: connector(org, loadRequestSettings(argv), context),
      confirm: (plan) => confirmActivation(plan, argv, context),
    };
    return runJob((job) => activateJob(request, job), context, {
      output: argv,
      cancellation: cancelRunOnInterrupt(context, argv),
      nextSteps: followUpNextSteps,
      pageSteps: followUpPageSteps,
    });
  },
});
