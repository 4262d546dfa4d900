import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { logFlags, orgFlag, orgFlags, outputFlag, rateFlags } from '../flags.js';
import { scopes } from '../scopes.js';
import { UsageError } from '../usage-error.js';
import type { TemplateFormat } from '../write-template.js';

export const templateCommand = defineCommand({
  name: 'template',
  group: 'Import',
  description: 'Write an empty CSV file with every column that users can have',
  flags: {
    ...orgFlags,
    org: orgFlag.off('Include the custom attributes and user types of the org'),
    'user-type': orgFlag.text('name|id', 'User type (default: the default type); needs --org'),
    ...rateFlags,
    explain: outputFlag.off('Describe what each column accepts instead'),
    json: outputFlag.off('With --explain: print JSON'),
    mapping: outputFlag.off('Write a mapping file to fill in instead'),
    ...logFlags,
  },
  examples: [
    ['A file to fill in', 'template > people.csv'],
    ['What each attribute of the org accepts', 'template --explain --org'],
  ],
  handler: async (argv, context) => {
    const { writeTemplate } = await import('../write-template.js');
    const format = templateFormatOf(argv);
    const org = argv.org || argv.sandbox ? await loadOrg(argv, scopes.template, context) : undefined;
    const requests = loadRequestSettings(argv);
    return writeTemplate({ format, userType: argv.userType, org, requests }, context);
  },
});

/** @throws {UsageError} flags that cannot be combined. */
function templateFormatOf(argv: {
  readonly explain: boolean;
  readonly json: boolean;
  readonly mapping: boolean;
  readonly userType: string | undefined;
  readonly org: boolean;
  readonly sandbox: boolean;
}): TemplateFormat {
  const { explain, json, mapping, userType } = argv;
  if (explain && mapping) throw new UsageError('--explain and --mapping cannot be combined.');
  if (json && !explain) throw new UsageError('--json needs --explain.');
  if (userType !== undefined && !argv.org && !argv.sandbox) {
    throw new UsageError('--user-type needs --org.');
  }
  if (mapping) return 'mapping';
  if (!explain) return 'csv';
  return json ? 'explain-json' : 'explain';
}
