import type { ValidateRequest } from '../../jobs/validate.js';
import { loadRequestSettings } from '../../settings/requests.js';
import { validateNextSteps } from '../../jobs/next-steps.js';
import { validatePageSteps } from '../../jobs/page-steps.js';

import { defineCommand, type ArgumentsOf } from '../command.js';
import type { CommandContext } from '../command-context.js';
import { loadOrg } from '../connect.js';
import { orgArgs, toImportOptions } from '../flag-values.js';
import { logFlags, orgFlag, orgFlags, previewFlag, rateFlags, reportFlags, rowFlags } from '../flags.js';
import { cancelOnInterrupt } from '../interrupt.js';
import { fileArgument } from '../positionals.js';
import { scopes } from '../scopes.js';
import { withAssignedColumns, type FileCommand } from '../unassigned-columns.js';

export const checkOrgFlag = orgFlag.off(
  'Dry run: also check against the attributes, groups, types and users of the org',
);

const flags = {
  ...rowFlags,
  ...orgFlags,
  org: checkOrgFlag,
  ...rateFlags,
  preview: previewFlag,
  ...reportFlags,
  ...logFlags,
};

export const validateCommand = defineCommand({
  name: 'validate',
  group: 'Import',
  description: 'Check every row without changing the org (dry run)',
  positional: fileArgument,
  flags,
  examples: [
    ['Offline: needs no org and no token', 'validate people.csv'],
    ['Against the org, ending in a plan', 'validate people.csv --org'],
    ['What a nightly run would change', 'validate people.csv --org --if-exists update --preview'],
  ],
  handler: validate,
});

/** Also what `import --dry-run` does. @returns the exit code. */
export async function validate(
  argv: ArgumentsOf<typeof flags, 'file'>,
  context: CommandContext,
): Promise<number> {
  const [{ validateJob }, { runJob, connector, inputOf }] = await Promise.all([
    import('../../jobs/validate.js'),
    import('../run-job.js'),
  ]);
  const options = toImportOptions(argv);
  const needsOrg = argv.org || argv.sandbox;
  const org = needsOrg ? await loadOrg(argv, scopes.validate, context) : undefined;
  const requests = loadRequestSettings(argv);
  const { file, reports, runId } = argv;
  const cancellation = cancelOnInterrupt(context);
  const command: FileCommand = {
    verb: 'validate',
    file,
    options,
    orgArgs: [...orgArgs(argv), ...(argv.org && !argv.sandbox ? ['--org'] : [])],
    mayAsk: true,
    cancellation,
  };
  return withAssignedColumns(command, context, (assigned) => {
    const request: ValidateRequest = {
      ...assigned,
      source: inputOf(file, context),
      store: { kind: 'run', reports, runId },
      connect: org && connector(org, requests, context),
    };
    return runJob((job) => validateJob(request, job), context, {
      output: argv,
      cancellation,
      nextSteps: validateNextSteps,
      pageSteps: (run) =>
        validatePageSteps(run, { file, options: assigned, orgArgs: orgArgs(argv), reports }),
    });
  });
}
