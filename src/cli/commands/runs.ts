import { defineCommand } from '../command.js';
import { logFlags, outputFlag, reportFlags } from '../flags.js';
import { alignColumns } from '../table.js';
import { UsageError } from '../usage-error.js';

/** Of a run ID with the longest file name. */
const MAX_ID_WIDTH = 81;

export const runsCommand = defineCommand({
  name: 'runs',
  group: 'After a run',
  description: 'List runs, newest first: what each did and what can be done next',
  flags: {
    reports: reportFlags.reports,
    limit: outputFlag.number('n', 'List only the newest N runs'),
    json: outputFlag.off('Print the runs as JSON on stdout'),
    ...logFlags,
  },
  examples: [
    ['The last ten', 'runs --limit 10'],
    ['Wherever a run is named, the beginning of its ID or "last" will do', 'report last'],
  ],
  handler: async ({ reports, limit, json }, { stdout, terminal, asTyped }) => {
    if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
      throw new UsageError('--limit takes a whole number above 0.');
    }
    const [{ listRuns }, { RUN_TABLE_HEADING, runJson, runTableRow }] = await Promise.all([
      import('../../jobs/list-runs.js'),
      import('../run-list.js'),
    ]);
    const runs = [];
    for await (const run of listRuns(reports, limit)) runs.push(run);
    if (json) {
      stdout.write(
        `${JSON.stringify(
          runs.map((run) => runJson(run, asTyped)),
          undefined,
          2,
        )}\n`,
      );
    } else if (runs.length === 0) {
      terminal.info(`There is no run in ${reports}.`);
    } else {
      const rows = [RUN_TABLE_HEADING, ...runs.map(runTableRow)];
      for (const line of alignColumns(rows, { maxWidth: MAX_ID_WIDTH })) stdout.write(`${line}\n`);
    }
    return runs.some((run) => 'problem' in run) ? 1 : 0;
  },
});
