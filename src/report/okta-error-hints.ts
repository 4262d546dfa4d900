import { LOOKUP_FAILED } from '../rows/outcome.js';

interface OktaErrorHint {
  /** Matches every code that begins with it if it ends in `_`. */
  readonly code: string;
  /** Matches the message, where one code has several meanings. */
  readonly pattern?: RegExp;
  /** For an import. */
  readonly hint: string;
  /** For a sync, whose next run retries failed rows. */
  readonly ofSync?: string;
  /** For a command on the users of a run, where there are no rows to change; null for none. */
  readonly ofUsers?: string | null;
}

/** What to do about errors whose message does not say it. */
export const OKTA_ERROR_HINTS: readonly OktaErrorHint[] = [
  {
    code: 'E0000001',
    pattern: /\balready\b/,
    hint: 'Delete the row or change its login. To skip or update existing users, use --if-exists.',
    ofSync: 'Change the value in the row, or in Okta. The next run of the data set retries the row.',
    ofUsers: 'Another user has the value now. Change it in Okta, then run the same command again.',
  },
  {
    code: 'E0000001',
    pattern: /password/i,
    hint: "Choose a password that meets the org's password policy (Security > Authenticators > Password), or leave the cell empty so that the user chooses one.",
    ofUsers: null,
  },
  {
    code: 'E0000006',
    hint: 'Grant the admin whose credentials are used permission for this user or group, or delete the row.',
    ofUsers: 'Grant the admin whose credentials are used permission for this user.',
  },
  {
    code: 'E0000007',
    hint: "Check the row's groups and user type: one of them was deleted during the run.",
    ofUsers: 'The user or one of its groups was deleted during the run.',
  },
  {
    code: 'E0000014',
    hint: "Choose credentials that meet the policies of the org and of the user's groups, then import failed.csv: it finishes the users.",
    ofSync:
      "Choose credentials that meet the policies of the org and of the user's groups, and delete the user in Okta: the next run of the data set creates it again.",
    ofUsers: null,
  },
  {
    code: 'E0000023',
    hint: 'Change the user in the directory or HR system that manages it.',
  },
  {
    code: 'E0000038',
    hint: "Check the user's status in Directory > People. Suspended and deactivated users cannot be changed this way.",
  },
  {
    code: 'E0000060',
    hint: 'Remove the group Everyone and app groups from the row. Users cannot be added to them manually.',
    ofUsers: null,
  },
  {
    code: 'E0000077',
    hint: 'Ignore the column (--ignore-columns), or make the attribute writable in Directory > Profile Editor.',
    ofUsers: 'Make the attribute writable in Directory > Profile Editor.',
  },
  {
    code: 'E0000078',
    hint: 'Ignore the column (--ignore-columns). The attribute cannot be changed.',
    ofUsers: null,
  },
  {
    code: 'E0000080',
    hint: "Choose a password that meets the org's password policy (Security > Authenticators > Password).",
  },
  { code: 'E0000093', hint: 'List at most 20 groups in the row, and add the others later.', ofUsers: null },
  { code: 'E0000107', hint: "Check the user's status in Directory > People." },
  {
    code: 'E0000112',
    hint: 'Wait a few minutes, then import failed.csv.',
    ofSync: 'The next run of the data set retries the row.',
    ofUsers: 'Wait a few minutes, then run the same command again.',
  },
  {
    code: 'E0000179',
    hint: 'Make the required attribute that comes from another system optional in Directory > Profile Editor, or create users in that system.',
  },
  {
    code: 'ERR_PERSON_MISSING',
    hint: 'Import both rows again with --if-exists update.',
    ofSync: 'The next run of the data set retries the row.',
    ofUsers: null,
  },
  {
    code: 'ERR_OKTA_CONNECTION',
    hint: 'Import failed.csv when the network and the org are available again.',
    ofSync: 'The next run of the data set retries the row.',
    ofUsers: 'Run the same command again when the network and the org are available.',
  },
  {
    code: LOOKUP_FAILED,
    hint: 'Import failed.csv when the org responds again. You do not need to change it.',
    ofSync: 'The next run of the data set retries the row. You do not need to change the file.',
    ofUsers: null,
  },
  {
    code: 'HTTP_',
    hint: 'Check the proxies on the way to Okta, one of which responded instead of Okta. Then import failed.csv.',
    ofSync:
      'Check the proxies on the way to Okta, one of which responded instead of Okta. The next run of the data set retries the row.',
    ofUsers:
      'Check the proxies on the way to Okta, one of which responded instead of Okta. Then run the same command again.',
  },
];

/**
 * @param command - whose failure it is.
 * @returns undefined if the message itself says what to do.
 */
export function oktaErrorHint(code: string, message: string, command: string): string | undefined {
  const found = OKTA_ERROR_HINTS.find(
    (entry) =>
      (entry.code.endsWith('_') ? code.startsWith(entry.code) : entry.code === code) &&
      (entry.pattern?.test(message) ?? true),
  );
  return found && hintFor(found, command);
}

/** What to do about an error in a row or user of a command. */
export function hintFor(
  { hint, ofSync = hint, ofUsers = hint }: OktaErrorHint,
  command: string,
): string | undefined {
  if (command === 'sync') return ofSync;
  return command === 'import' || command === 'validate' ? hint : (ofUsers ?? undefined);
}
