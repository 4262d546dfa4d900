import type { ImportRequest } from '../../jobs/import.js';
import { loadRequestSettings } from '../../settings/requests.js';
import { importNextSteps, validateNextSteps } from '../../jobs/next-steps.js';
import { importPageSteps, validatePageSteps } from '../../jobs/page-steps.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { askAboutHiddenRows, canAskAbout, confirmImport } from '../confirm.js';
import { orgArgs, rateArgs, reportsArgs, toImportOptions, toStopOptions } from '../flag-values.js';
import {
  logFlags,
  orgFlags,
  previewFlag,
  rateFlags,
  reportFlags,
  rowFlag,
  rowFlags,
  stopFlag,
  stopFlags,
} from '../flags.js';
import { cancelRunOnInterrupt } from '../interrupt.js';
import { fileArgument } from '../positionals.js';
import { scopes } from '../scopes.js';
import { withAssignedColumns, type FileCommand } from '../unassigned-columns.js';
import { UsageError } from '../usage-error.js';

import { checkOrgFlag, validate } from './validate.js';

export const importCommand = defineCommand({
  name: 'import',
  group: 'Import',
  description: 'Create a user for every row of a CSV file',
  positional: fileArgument,
  flags: {
    ...rowFlags,
    'all-or-nothing': stopFlag.off('Send nothing unless every row is valid'),
    ...stopFlags,
    ...orgFlags,
    org: checkOrgFlag,
    'dry-run': rowFlag.off('Only check the rows, as validate does'),
    preview: previewFlag,
    ...rateFlags,
    yes: rowFlag.off('Do not ask for confirmation'),
    ...reportFlags,
    ...logFlags,
  },
  examples: [
    ['Try it without an org', 'import people.csv --sandbox'],
    ['A pilot batch, then all rows, stopping early if something is wrong', 'import people.csv --only 1-5'],
    ['', 'import people.csv --canary 10 --max-failures 5%'],
    ['Every night, from a full export', 'import people.csv --if-exists update --quiet'],
    ['No emails, but a page to print for each person', 'import people.csv --links letters.html'],
    ['Import now, activate later (see activate)', 'import people.csv --group "New hires" --no-activate'],
  ],
  handler: async (argv, context) => {
    if (argv.dryRun) return validate(argv, context);
    if (argv.preview) throw new UsageError('--preview needs --dry-run.');
    const [{ importJob }, { runJob, connector, inputOf }] = await Promise.all([
      import('../../jobs/import.js'),
      import('../run-job.js'),
    ]);
    const options = { ...toImportOptions(argv), ...toStopOptions(argv) };
    const org = await loadOrg(argv, scopes.import(argv), context);
    const { file, reports, runId } = argv;
    const cancellation = cancelRunOnInterrupt(context, argv);
    const otherArgs = [...orgArgs(argv), ...rateArgs(argv), ...reportsArgs(context.asTyped(argv.reports))];
    const command: FileCommand = {
      verb: 'import',
      file,
      options,
      orgArgs: orgArgs(argv),
      mayAsk: !argv.yes,
      cancellation,
    };
    return withAssignedColumns(command, context, (assigned) => {
      const request: ImportRequest = {
        ...assigned,
        source: inputOf(file, context),
        store: { kind: 'run', reports, runId },
        connect: connector(org, loadRequestSettings(argv), context),
        confirm:
          org.kind === 'sandbox' || argv.yes
            ? undefined
            : (plan) => confirmImport({ file, options: assigned, otherArgs }, plan, context),
        askAboutHiddenRows:
          canAskAbout(file, context) && !argv.yes
            ? (question) => askAboutHiddenRows(question, context)
            : undefined,
      };
      const repeated = { options: assigned, orgArgs: orgArgs(argv), reports };
      return runJob((job) => importJob(request, job), context, {
        output: argv,
        cancellation,
        nextSteps: (run) => (run.isGate ? validateNextSteps(run) : importNextSteps(run, repeated)),
        pageSteps: (run) =>
          run.isGate ? validatePageSteps(run, { file, ...repeated }) : importPageSteps(run, repeated),
      });
    });
  },
});
