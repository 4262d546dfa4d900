import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { logFlags, orgUrlFlags, rateFlags, reportFlags } from '../flags.js';
import { existingRun, runArgument } from '../positionals.js';
import { scopes } from '../scopes.js';

export const verifyCommand = defineCommand({
  name: 'verify',
  group: 'After a run',
  description: 'Compare the org with what a run created and updated',
  positional: runArgument,
  flags: { ...orgUrlFlags, ...rateFlags, ...reportFlags, ...logFlags },
  examples: [['Are all users still as the run left them?', 'verify 2026-11-24T02-00-00Z-people']],
  handler: async (argv, context) => {
    const { verifyRun } = await import('../bodies/verify.js');
    const flags = {
      run: await existingRun(argv),
      org: await loadOrg(argv, scopes.verify, context),
      requests: loadRequestSettings(argv),
      talk: argv,
      reports: argv.reports,
    };
    return verifyRun(flags, context);
  },
});
