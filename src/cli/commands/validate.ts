import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand, type ArgumentsOf } from '../command.js';
import type { CommandContext } from '../command-context.js';
import { loadOrg } from '../connect.js';
import { rowFlagsOf } from '../flag-values.js';
import { logFlags, off, orgFlags, rateFlags, reportFlags, rowFlags } from '../flags.js';
import { fileArgument } from '../positionals.js';
import { scopes } from '../scopes.js';

export const checkOrgFlag = off({
  group: 'Okta org',
  describe: 'Dry run: also check against the attributes, groups, types and users of the org',
});

const flags = { ...rowFlags, ...orgFlags, org: checkOrgFlag, ...rateFlags, ...reportFlags, ...logFlags };

export const validateCommand = defineCommand({
  name: 'validate',
  group: 'Import',
  description: 'Check every row without changing the org (dry run)',
  positional: fileArgument,
  flags,
  examples: [
    ['Offline: needs no org and no token', 'validate people.csv'],
    ['Against the org, ending in a plan', 'validate people.csv --org'],
    ['What a nightly run would change', 'validate people.csv --org --if-exists update'],
  ],
  handler: validate,
});

/** Also what `import --dry-run` does. @returns the exit code. */
export async function validate(
  argv: ArgumentsOf<typeof flags, 'file'>,
  context: CommandContext,
): Promise<number> {
  const { validateFile } = await import('../bodies/validate.js');
  const needsOrg = argv.org || argv.sandbox;
  const validateFlags = {
    file: argv.file,
    rows: rowFlagsOf(argv),
    org: needsOrg ? await loadOrg(argv, scopes.validate, context) : undefined,
    requests: loadRequestSettings(argv),
    talk: argv,
    reports: argv.reports,
    runId: argv.runId,
  };
  return validateFile(validateFlags, context);
}
