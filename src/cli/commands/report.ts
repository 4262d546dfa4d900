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
    const { reportJob } = await import('../../jobs/report.js');
    const { stdout, terminal } = context;
    const { folder, page, state, summary, failedCsvProblem } = await reportJob(argv, context);
    if (argv.json) stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    else stdout.write(`${page}\n`);
    if (argv.quiet) return 0;
    if (failedCsvProblem !== undefined) {
      terminal.info(`failed.csv cannot be made again: ${failedCsvProblem.replace(/\.$/, '')}.`);
    }
    if (state === 'running') terminal.info('The run is still going on: the page shows it as it stands now.');
    if (state === 'interrupted') {
      terminal.info(`The run broke off. To go on: okta-csv-import resume ${folder}`);
    }
    return 0;
  },
});
