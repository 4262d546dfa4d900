import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { logFlags, number, on, orgUrlFlags, rateFlags, reportFlags } from '../flags.js';
import { existingRun, runArgument } from '../positionals.js';
import { scopes } from '../scopes.js';
import { UsageError } from '../usage-error.js';

export const activateCommand = defineCommand({
  name: 'activate',
  group: 'After a run',
  description: 'Activate the users that a run created STAGED (--no-activate)',
  positional: runArgument,
  flags: {
    'send-email': on({ group: 'Row handling', describe: 'Do not send activation emails' }),
    ...orgUrlFlags,
    'per-minute': number({
      group: 'Rate limits and timeouts',
      value: 'n',
      describe: 'Maximum activations per minute, to spare the mail gateway',
    }),
    ...rateFlags,
    ...reportFlags,
    ...logFlags,
  },
  examples: [
    ['Import now, send the emails later', 'import people.csv --no-activate'],
    ['', 'activate 2026-11-24T02-00-00Z-people --per-minute 100'],
  ],
  handler: async (argv, context) => {
    const { activateRun } = await import('../bodies/activate.js');
    const flags = {
      perMinute: perMinuteOf(argv),
      sendEmail: argv.sendEmail,
      run: await existingRun(argv),
      org: await loadOrg(argv, scopes.activate, context),
      requests: loadRequestSettings(argv),
      talk: argv,
      reports: argv.reports,
    };
    return activateRun(flags, context);
  },
});

/** @throws {UsageError} */
function perMinuteOf({ perMinute }: { readonly perMinute: number | undefined }): number | undefined {
  if (perMinute === undefined || (perMinute > 0 && perMinute <= 100_000)) return perMinute;
  throw new UsageError('--per-minute takes a number above 0, at most 100000.');
}
