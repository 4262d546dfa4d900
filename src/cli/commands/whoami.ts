import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { inspectOrg } from '../connect.js';
import { logFlags, orgFlags, outputFlag, rateFlags } from '../flags.js';
import { scopes } from '../scopes.js';

export const whoamiCommand = defineCommand({
  name: 'whoami',
  group: 'The org',
  description: 'Show the org, the sign-in, its permissions, and the source of each setting',
  flags: {
    ...orgFlags,
    ...rateFlags,
    json: outputFlag.off('Print JSON'),
    ...logFlags,
  },
  examples: [['The first thing to run when something is wrong', 'whoami']],
  handler: async (argv, context) => {
    const { inspectSignIn } = await import('../inspect-sign-in.js');
    const inspected = await inspectOrg(argv, scopes.whoami, context);
    return inspectSignIn({ ...inspected, requests: loadRequestSettings(argv), json: argv.json }, context);
  },
});
