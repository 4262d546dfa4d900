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
    'dry-run': rowFlag.off('Only print how many would be activated, and how many emails would be sent'),
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
    ['How many emails would that be?', 'activate last --dry-run'],
    ['A page to print for each person, with a QR code', 'activate last --links letters.html'],
    ['The new people of the nightly file', 'activate --dataset staff --links letters.html'],
  ],
  handler: async (argv, context) => {
    const [{ activateJob, planActivationOf }, { runJob, connector, readingContext }, { showActivationPlan }] =
      await Promise.all([
        import('../../jobs/activate.js'),
        import('../run-job.js'),
        import('../dry-run-plan.js'),
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
    const needed = argv.dryRun ? scopes.verify : links === undefined ? scopes.activate : scopes.links;
    const org = await loadOrg(argv, needed, context);
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
    const cancellation = cancelRunOnInterrupt(context, argv);
    if (argv.dryRun) {
      const plan = await planActivationOf(request, readingContext(context, cancellation));
      return showActivationPlan(plan, argv, context);
    }
    return runJob((job) => activateJob(request, job), context, {
      output: argv,
      cancellation,
      nextSteps: followUpNextSteps,
      pageSteps: followUpPageSteps,
    });
  },
});
