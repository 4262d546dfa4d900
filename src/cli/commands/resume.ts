import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { orgArgs, stopFlagsOf } from '../flag-values.js';
import { logFlags, orgUrlFlags, rateFlags, reportFlags, stopFlags, text } from '../flags.js';
import { existingRun, runArgument } from '../positionals.js';
import { scopes } from '../scopes.js';

export const resumeCommand = defineCommand({
  name: 'resume',
  group: 'After a run',
  description: 'Continue a run that stopped early',
  positional: runArgument,
  flags: {
    file: text({ group: 'Input file', value: 'file', describe: 'New path of the file, if it was moved' }),
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
    const { resumeRun } = await import('../bodies/resume.js');
    const flags = {
      run: await existingRun(argv),
      file: argv.file,
      org: await loadOrg(argv, scopes.resume, context),
      requests: loadRequestSettings(argv),
      brakes: stopFlagsOf(argv),
      talk: argv,
      reports: argv.reports,
      orgArgs: orgArgs(argv),
    };
    return resumeRun(flags, context);
  },
});
