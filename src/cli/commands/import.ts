import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { orgArgs, rowFlagsOf, stopFlagsOf } from '../flag-values.js';
import { off, orgFlags, rateFlags, reportFlags, logFlags, rowFlags, stopFlags } from '../flags.js';
import { fileArgument } from '../positionals.js';
import { scopes } from '../scopes.js';

import { checkOrgFlag, validate } from './validate.js';

export const importCommand = defineCommand({
  name: 'import',
  group: 'Import',
  description: 'Create a user for every row of a CSV file',
  positional: fileArgument,
  flags: {
    ...rowFlags,
    'all-or-nothing': off({ group: 'Stop conditions', describe: 'Send nothing unless every row is valid' }),
    ...stopFlags,
    ...orgFlags,
    org: checkOrgFlag,
    'dry-run': off({ group: 'Row handling', describe: 'Only check the rows, as validate does' }),
    ...rateFlags,
    yes: off({ group: 'Row handling', describe: 'Do not ask for confirmation' }),
    ...reportFlags,
    ...logFlags,
  },
  examples: [
    ['Try it without an org', 'import people.csv --sandbox'],
    ['A pilot batch, then all rows, stopping early if something is wrong', 'import people.csv --only 1-5'],
    ['', 'import people.csv --canary 10 --max-failures 5%'],
    ['Every night, from a full export', 'import people.csv --if-exists update --quiet'],
    ['Import now, activate later (see activate)', 'import people.csv --group "New hires" --no-activate'],
  ],
  handler: async (argv, context) => {
    if (argv.dryRun) return validate(argv, context);
    const { importFile } = await import('../bodies/import.js');
    const flags = {
      file: argv.file,
      rows: rowFlagsOf(argv),
      org: await loadOrg(argv, scopes.import(argv), context),
      requests: loadRequestSettings(argv),
      brakes: stopFlagsOf(argv),
      allOrNothing: argv.allOrNothing,
      yes: argv.yes,
      talk: argv,
      reports: argv.reports,
      orgArgs: orgArgs(argv),
      runId: argv.runId,
    };
    return importFile(flags, context);
  },
});
