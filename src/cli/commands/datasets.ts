import type { DatasetInfo } from '../../jobs/datasets.js';
import { plural } from '../../text.js';

import { defineCommand } from '../command.js';
import { logFlags, outputFlag, reportFlags } from '../flags.js';
import { alignColumns } from '../table.js';

export const datasetsCommand = defineCommand({
  name: 'datasets',
  group: 'After a run',
  description: 'List the data sets of sync',
  flags: {
    reports: reportFlags.reports,
    json: outputFlag.off('Print the data sets as JSON on stdout'),
    ...logFlags,
  },
  examples: [['Which data sets there are, and when each last ran', 'datasets']],
  handler: async ({ reports, json }, { stdout, terminal }) => {
    const { listDatasets } = await import('../../jobs/datasets.js');
    const datasets = await listDatasets(reports);
    const hasProblem = datasets.some((dataset) => 'problem' in dataset);
    if (json) stdout.write(`${JSON.stringify(datasets, undefined, 2)}\n`);
    else if (datasets.length === 0) {
      terminal.info(
        `There is no data set in ${reports}. The first run of sync --dataset <name> creates one.`,
      );
    } else {
      const rows = [['NAME', 'PEOPLE', 'ENDED (UTC)', 'LAST RUN', 'STATE'], ...datasets.map(toRow)];
      stdout.write(
        alignColumns(rows)
          .map((line) => `${line}\n`)
          .join(''),
      );
    }
    return hasProblem ? 1 : 0;
  },
});

function toRow(dataset: DatasetInfo): string[] {
  if ('problem' in dataset) return [dataset.name, '', '', '', dataset.problem];
  const { name, org, match, members, left, lastRun, openRun } = dataset;
  const state = openRun === null ? '' : `; run ${openRun} did not come to its end`;
  const people = left === 0 ? String(members) : `${members}, ${plural(left, 'leaver')}`;
  return [
    name,
    people,
    lastRun === null ? '' : lastRun.at.slice(0, 16).replace('T', ' '),
    lastRun === null ? '' : lastRun.runId,
    `${org}, by ${match}${state}`,
  ];
}
