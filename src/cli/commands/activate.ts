import type { ActivationPlan } from '../../jobs/activate.js';
import type { LinksOptions } from '../../jobs/links.js';
import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { confirmActivation } from '../confirm.js';
import { loadOrg } from '../connect.js';
import { perMinuteOf } from '../flag-values.js';
import { logFlags, orgUrlFlags, rateFlag, rateFlags, reportFlags, rowFlag } from '../flags.js';
import { cancelRunOnInterrupt } from '../interrupt.js';
import { followUpNextSteps } from '../next-steps.js';
import { followUpPageSteps } from '../page-steps.js';
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
    links: rowFlag.text(
      'file',
      'Write activation links instead of sending emails: .csv, or .html pages to print',
    ),
    letter: rowFlag.text('file', 'With --links letters.html: Liquid template of the page'),
    'link-days': {
      ...rowFlag.number('n', 'With --links: how long the links of the org are valid'),
      default: 7,
    },
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
    [
      'A page to print for each person, with a QR code',
      'activate 2026-11-24T02-00-00Z-people --links letters.html',
    ],
  ],
  handler: async (argv, context) => {
    const [{ activateJob }, { runJob, connector }] = await Promise.all([
      import('../../jobs/activate.js'),
      import('../run-job.js'),
    ]);
    const perMinute = perMinuteOf(argv);
    const run = await existingRun(argv, 'activate', context);
    const org = await loadOrg(argv, scopes.activate, context);
    const { sendEmail, reports, concurrency } = argv;
    const connect = connector(org, loadRequestSettings(argv), context);
    const links = linksOf(argv);
    const confirm = argv.yes ? undefined : (plan: ActivationPlan) => confirmActivation(plan, context);
    const request = { run, reports, perMinute, sendEmail, links, concurrency, connect, confirm };
    return runJob((job) => activateJob(request, job), context, {
      output: argv,
      cancellation: cancelRunOnInterrupt(context, argv),
      nextSteps: followUpNextSteps,
      pageSteps: followUpPageSteps,
    });
  },
});

/** @throws {UsageError} */
function linksOf({
  links: file,
  letter,
  linkDays: validDays,
}: {
  readonly links: string | undefined;
  readonly letter: string | undefined;
  readonly linkDays: number;
}): LinksOptions | undefined {
  if (file === undefined) {
    if (letter !== undefined) throw new UsageError('--letter needs --links letters.html.');
    return undefined;
  }
  if (!/\.(?:csv|html?)$/i.test(file)) {
    throw new UsageError('--links takes a .csv file for a mail merge, or an .html file for pages to print.');
  }
  if (letter !== undefined && !/\.html?$/i.test(file)) {
    throw new UsageError('--letter needs --links letters.html.');
  }
  if (!(validDays > 0 && validDays <= 365)) {
    throw new UsageError('--link-days takes a number of days from 1 to 365.');
  }
  return { file, letter, validDays };
}
