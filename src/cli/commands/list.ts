import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { choice, logFlags, number, orgFlags, rateFlags, text } from '../flags.js';
import { scopes } from '../scopes.js';
import { UsageError } from '../usage-error.js';

export const listCommand = defineCommand({
  name: 'list',
  group: 'The org',
  description: 'List users of the org',
  flags: {
    q: text({
      group: 'User selection',
      value: 'text',
      describe: 'Beginning of a first name, last name or email address',
    }),
    search: text({
      group: 'User selection',
      value: 'expression',
      conflicts: ['filter', 'q'],
      describe: 'Okta search expression over any attribute',
    }),
    filter: text({
      group: 'User selection',
      value: 'expression',
      conflicts: ['q'],
      describe: 'Okta filter expression over status, lastUpdated, id and a few attributes',
    }),
    limit: number({ group: 'User selection', value: 'n', describe: 'Maximum number of users to list' }),
    ...orgFlags,
    ...rateFlags,
    format: choice(['table', 'csv', 'json', 'ndjson'], {
      group: 'Output and logging',
      value: 'format',
      default: 'table',
      describe: 'Output format',
    }),
    columns: text({
      group: 'Output and logging',
      value: 'names',
      describe: 'Attributes, id, status, created and so on, such as login,city,status',
    }),
    ...logFlags,
  },
  examples: [
    ['', `list --search 'profile.department eq "Sales"'`],
    ['A file to edit and import with --if-exists update', 'list --format csv > people.csv'],
    ['Who is not active yet?', `list --filter 'status eq "STAGED"' --columns login,created`],
  ],
  handler: async (argv, context) => {
    const { listUsers } = await import('../list-users.js');
    if (argv.limit !== undefined && !(Number.isInteger(argv.limit) && argv.limit > 0)) {
      throw new UsageError('--limit takes a whole number above 0.');
    }
    const columns = argv.columns === undefined ? undefined : namesIn(argv.columns);
    const org = await loadOrg(argv, scopes.read, context);
    return listUsers({ ...argv, columns, org, requests: loadRequestSettings(argv) }, context);
  },
});

/** @throws {UsageError} there are none. */
function namesIn(columns: string): readonly string[] {
  const names = columns
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new UsageError('--columns takes names, such as login,city,status.');
  return names;
}
