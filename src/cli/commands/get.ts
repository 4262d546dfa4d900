import type { User } from '../../okta/types.js';
import { exitCodeOf } from '../../rows/exit-code.js';
import type { Org } from '../../settings/load.js';
import { loadRequestSettings, type RequestSettings } from '../../settings/requests.js';
import { escapeControlCharacters } from '../../text.js';

import { defineCommand } from '../command.js';
import type { CommandContext } from '../command-context.js';
import { loadOrg, openOrg } from '../connect.js';
import { cancelOnInterrupt } from '../interrupt.js';
import { logFlags, orgFlags, outputFlag, rateFlags } from '../flags.js';
import { scopes } from '../scopes.js';
import { fitTable } from '../table.js';
import { UsageError } from '../usage-error.js';

export const getCommand = defineCommand({
  name: 'get',
  group: 'The org',
  description: 'Print one user',
  positional: {
    name: 'user',
    label: 'the user',
    describe: 'Okta ID, login, login short name, or me',
  },
  flags: {
    ...orgFlags,
    ...rateFlags,
    format: outputFlag.choice('format', 'Output format', ['json', 'yaml', 'table']),
    ...logFlags,
  },
  examples: [
    ['', 'get ada@example.com'],
    ['The owner of the token', 'get me --format table'],
  ],
  handler: async (argv, context) => {
    if (argv.user.trim() === '') {
      throw new UsageError('get needs a user: an Okta ID, a login, a login short name, or me.');
    }
    const org = await loadOrg(argv, scopes.read, context);
    return getUser({ ...argv, org, requests: loadRequestSettings(argv) }, context);
  },
});

export type GetFormat = 'json' | 'yaml' | 'table';

export interface GetFlags {
  /** Okta ID, login, login short name, or `me`. */
  readonly user: string;
  readonly format: GetFormat;
  readonly org: Org;
  readonly requests: RequestSettings;
}

/** Prints one user. @returns the exit code: 1 if there is no such user. */
export async function getUser(flags: GetFlags, context: CommandContext): Promise<number> {
  const org = await openOrg(flags.org, flags.requests, context);
  const cancellation = cancelOnInterrupt(context);
  try {
    const user = await org.client.findUser(flags.user, { signal: cancellation.signal });
    if (user === undefined) {
      context.terminal.warn(
        `There is no user "${escapeControlCharacters(flags.user)}" in the org. Use an Okta ID, a full login, me, or the part of a login before the @ if only one user has it.`,
      );
      return 1;
    }
    context.stdout.write(await FORMATS[flags.format](user));
    return exitCodeOf(cancellation.reason);
  } finally {
    await org.close();
  }
}

const FORMATS: Record<GetFormat, (user: User) => string | Promise<string>> = {
  json: (user) => `${JSON.stringify(user, undefined, 2)}\n`,
  async yaml(user) {
    const { stringify } = await import('yaml');
    return stringify(user);
  },
  table: (user) => fitTable(factsOf(user), { width: 80 }),
};

/** Names and values of the user, then of the profile, without links and empty values. */
function factsOf({ profile, ...user }: User): readonly (readonly string[])[] {
  const facts = [...Object.entries(user), ...Object.entries(profile)];
  return facts.flatMap(([name, value]: [string, unknown]) => {
    if (value === null || value === undefined || value === '' || name.startsWith('_')) return [];
    if (Array.isArray(value)) return [[name, value.join('; ')]];
    return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
  });
}
