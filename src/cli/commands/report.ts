import { defineCommand } from '../command.js';
import { logFlags, reportFlags } from '../flags.js';
import { runArgument } from '../positionals.js';

export const reportCommand = defineCommand({
  name: 'report',
  group: 'After a run',
  description: 'Rebuild the report page and files of a run from its journal',
  positional: runArgument,
  flags: { ...reportFlags, ...logFlags },
  examples: [
    ['Prints the path of the page; works while the run is going on', 'report 2026-11-24T02-00-00Z-people'],
  ],
  handler: async (argv, context) => {
    const { reportRun } = await import('../bodies/report.js');
    return reportRun({ run: argv.run, talk: argv, reports: argv.reports }, context);
  },
});
