import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import { loadOrg } from '../connect.js';
import { logFlags, orgFlags, outputFlag, rateFlags, userFlag } from '../flags.js';
import { scopes } from '../scopes.js';
import { UsageError } from '../usage-error.js';

export const listCommand = defineCommand({
  name: 'list',
  group: 'The org',
  description: 'List users of the org',
  flags: {
    q: userFlag.text('text', 'Beginning of a first name, last name or email address'),
    search: {
      ...userFlag.text('expression', 'Okta search expression over any attribute'),
      conflicts: ['filter', 'q'],
    },
    filter: {
      ...userFlag.text(
        'expression',
        'Okta filter expression over status, lastUpdated, id and a few attributes',
      ),
      conflicts: ['q'],
    },
    limit: userFlag.number('n', 'Maximum number of users to list'),
    ...orgFlags,
    ...rateFlags,
    format: outputFlag.choice('format', 'Output format', ['table', 'csv', 'json', 'ndjson']),
    columns: outputFlag.list('names', 'Attributes, id, status, created and so on, such as login,city,status'),
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
