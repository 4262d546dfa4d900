import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { dialectFlags, logFlags, orgFlag, orgFlags, outputFlag, rateFlags } from '../flags.js';
import { orgArgs } from '../flag-values.js';
import { fileArgument } from '../positionals.js';
import { scopes } from '../scopes.js';

export const mappingCommand = defineCommand({
  name: 'mapping',
  group: 'Import',
  description: 'Write a commented mapping file for a CSV file, to edit by hand',
  positional: fileArgument,
  flags: {
    ...dialectFlags,
    ...orgFlags,
    org: orgFlag.off('Include the custom attributes of the org'),
    ...rateFlags,
    output: { ...outputFlag.text('file', 'File to write (default: stdout)'), alias: 'o' },
    ...logFlags,
  },
  examples: [
    ['Write a mapping, edit it, then import with it', 'mapping people.csv --output people.yaml'],
    ['', 'import people.csv --mapping people.yaml'],
  ],
  handler: async (argv, context) => {
    const { draftMappingFile } = await import('../draft-mapping-file.js');
    const org = argv.org || argv.sandbox ? await loadOrg(argv, scopes.mapping, context) : undefined;
    const usedOrgArgs = [...orgArgs(argv), ...(argv.org && !argv.sandbox ? ['--org'] : [])];
    return draftMappingFile(
      { ...argv, org, orgArgs: usedOrgArgs, requests: loadRequestSettings(argv) },
      context,
    );
  },
});
