import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { logFlags, orgUrlFlags, outputFlag, rateFlags, reportFlags } from '../flags.js';
import { cancelOnInterrupt } from '../interrupt.js';
import { cohortOf, datasetFlag, runOrDatasetArgument } from '../positionals.js';
import { scopes } from '../scopes.js';

export const statusCommand = defineCommand({
  name: 'status',
  group: 'After a run',
  description: 'Count the people of a run by how far they have come: invited, active, …',
  positional: runOrDatasetArgument,
  flags: {
    dataset: datasetFlag,
    ...orgUrlFlags,
    ...rateFlags,
    by: outputFlag.text('attribute|group', 'Count by the values of an attribute, or by group'),
    format: outputFlag.choice('format', 'Output format', ['table', 'csv', 'json']),
    reports: reportFlags.reports,
    quiet: reportFlags.quiet,
    ...logFlags,
  },
  examples: [
    ['How many have signed in?', 'status last'],
    ['By department, for a spreadsheet', 'status last --by department --format csv > status.csv'],
  ],
  handler: async (argv, context) => {
    const [{ readStatus }, { connector, readingContext }, { formatStatus, statusText }] = await Promise.all([
      import('../../jobs/status.js'),
      import('../run-job.js'),
      import('../status-table.js'),
    ]);
    const { reports, by, format } = argv;
    const cohort = await cohortOf(argv, 'status', context);
    const org = await loadOrg(argv, scopes.status(argv), context);
    const connect = connector(org, loadRequestSettings(argv), context);
    const { stdout, terminal } = context;
    const status = await readStatus(
      { ...cohort, reports, by, connect },
      readingContext(context, cancelOnInterrupt(context)),
    );
    stdout.write(formatStatus(status, format));
    terminal.info(statusText(status));
    return 0;
  },
});
