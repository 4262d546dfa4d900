import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { logFlags, off, orgUrlFlags, rateFlags, reportFlags } from '../flags.js';
import { existingRun, runArgument } from '../positionals.js';
import { scopes } from '../scopes.js';

export const undoCommand = defineCommand({
  name: 'undo',
  group: 'After a run',
  description: 'Undo a run, after showing the plan: users it created are deleted for good',
  positional: runArgument,
  flags: {
    yes: off({ group: 'Row handling', describe: 'Do not ask for confirmation' }),
    force: off({
      group: 'Row handling',
      describe: 'Also undo users and values that were changed since; by default these stay',
    }),
    ...orgUrlFlags,
    ...rateFlags,
    ...reportFlags,
    ...logFlags,
  },
  examples: [['Show what would be undone, and ask', 'undo 2026-11-24T02-00-00Z-people']],
  handler: async (argv, context) => {
    const { undoRun } = await import('../bodies/undo.js');
    const flags = {
      run: await existingRun(argv),
      yes: argv.yes,
      force: argv.force,
      org: await loadOrg(argv, scopes.undo, context),
      requests: loadRequestSettings(argv),
      talk: argv,
      reports: argv.reports,
    };
    return undoRun(flags, context);
  },
});
