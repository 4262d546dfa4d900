import { resolve } from 'node:path';

import { pastPageSteps } from '../../jobs/page-steps.js';
import { defineCommand } from '../command.js';
import { logFlags, reportFlags } from '../flags.js';
import { existingRun, runArgument } from '../positionals.js';

export const reportCommand = defineCommand({
  name: 'report',
  group: 'After a run',
  description: 'Rebuild the report page and files of a run from its journal',
  positional: runArgument,
  flags: { ...reportFlags, ...logFlags },
  examples: [
    ['Prints the path of the page; also works during the run', 'report 2026-11-24T02-00-00Z-people'],
  ],
  handler: async (argv, context) => {
    const { reportJob } = await import('../../jobs/report.js');
    const { stdout, terminal, asTyped } = context;
    const run = await existingRun(argv, 'report', context);
    const { folder, page, state, summary, failedCsvProblem, damage } = await reportJob(
      { run, reports: argv.reports },
      { ...context, nextSteps: (past, runFolder) => pastPageSteps(past, resolve(runFolder)) },
    );
    if (argv.json) stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    else stdout.write(`${asTyped(page)}\n`);
    const exitCode = damage === undefined ? 0 : 1;
    if (damage !== undefined) terminal.warn(damage);
    if (argv.quiet) return exitCode;
    if (failedCsvProblem !== undefined) {
      terminal.info(`Cannot rebuild failed.csv: ${failedCsvProblem.replace(/\.$/, '')}.`);
    }
    if (state === 'running') terminal.info('The run is still in progress. The page shows its current state.');
    if (state === 'interrupted' && damage === undefined) {
      terminal.info(`The run was interrupted. To resume it, run:\n  okta-csv-import resume ${folder}`);
    }
    return exitCode;
  },
});
