import { countText, numberText } from './numbers.js';

export const planTexts = {
  intro: 'Nothing has been sent yet. This is what an import would do with every row.',
  checking: 'Waiting until all rows are checked …',
  running: 'Checking every row against the org …',
  checked: (checked: number, rows: number | undefined) =>
    rows === undefined ? countText(checked, 'row') : `${numberText(checked)} of ${countText(rows, 'row')}`,
  ready: (rows: number) => `The plan is ready: ${countText(rows, 'row')}.`,
  outdated: {
    message: 'Something has changed since this plan was made.',
    hint: 'Make the plan again to see what an import would do now.',
  },
  again: 'Plan again',
  tiles: {
    mails: 'Activation emails',
    groups: 'New groups',
    time: 'Estimated time',
    unknown: 'unknown',
    short: 'under 1 min',
    minutes: (minutes: number) => `${numberText(minutes)} min`,
    requests: (requests: number, isLimited: boolean) =>
      `${countText(requests, 'write')}${isLimited ? ' at this org’s rate limit' : ''}`,
    mailsInSandbox: 'The sandbox org sends none.',
    domains: (domains: readonly { readonly domain: string; readonly count: number }[]) =>
      domains
        .slice(0, 3)
        .map(({ domain, count }) => `${numberText(count)} to ${domain}`)
        .join(', '),
    startLater: (users: number) => `${countText(users, 'user')} staged until the start date`,
  },
  warnings: (count: number) => `${countText(count, 'warning')} (these do not block rows)`,
  options: {
    title: 'How to import',
    existing: 'If a user already exists',
    existingChoices: {
      fail: { label: 'Report the row as failed', help: 'The user is left alone.' },
      skip: { label: 'Skip the row', help: 'The user is left alone, and the row counts as done.' },
      update: {
        label: 'Update the user',
        help: 'Values that differ are written. The table shows old and new.',
      },
    },
    clearEmpty: 'Empty cells clear the value in Okta',
    clearEmptyHelp: 'Otherwise an empty cell leaves the value as it is.',
    newUsers: 'New users',
    newUsersChoices: {
      active: {
        label: 'Activate them now',
        help: 'Okta emails an activation link to everyone without a password.',
        helpInSandbox:
          'Okta would email an activation link to everyone without a password. The sandbox org sends no email.',
      },
      staged: { label: 'Create them staged', help: 'No emails. Activate them later under Runs.' },
    },
    changePassword: 'Require a new password at the first sign-in',
    changePasswordHelp: 'Only for users whose row has a password.',
    groups: 'Add everyone to these groups',
    groupsHelp: 'Names or IDs, separated by commas. They are added to the groups from a column.',
    createGroups: 'Create groups that do not exist',
    createGroupsHelp: 'Otherwise their rows are invalid.',
    safety: 'Safety',
    canary: 'Send a few rows first',
    canaryHelp: 'The others follow only if all of these succeed.',
    canaryRows: 'Rows to send first',
    maxFailures: 'Stop when too many rows fail',
    maxFailuresHelp: 'A number of rows such as 20, or a share such as 5%.',
    maxFailuresRows: 'Maximum number of failed rows',
    allOrNothing: 'Send nothing unless every row is valid',
    allOrNothingHelp: 'Otherwise valid rows are sent, and the others are reported.',
  },
  rows: {
    title: 'Rows',
    show: 'Show rows',
    all: (count: number) => `All ${numberText(count)}`,
    filter: (label: string, count: number) => `${label} ${numberText(count)}`,
    search: 'Find rows by login, name or message',
    include: 'Import',
    includeRow: (place: string, login: string) => `Import ${place.toLowerCase()}, ${login}`,
    person: 'User',
    status: 'Plan',
    details: 'Details',
    more: 'Show more rows',
    none: 'No rows match.',
    unticked: 'Unticked: this row is left out.',
    empty: '(empty)',
    change: (from: string, to: string) => `${from} becomes ${to}`,
  },
  command: 'The same on the command line',
  noCommand: 'Too many separate rows are left out for a command line. Only this page can import the others.',
  import: (rows: number) => `Import ${countText(rows, 'row')} …`,
  nothing: 'Nothing to import',
  confirm: {
    title: (rows: number) => `Import ${countText(rows, 'row')}?`,
    into: 'Into the org',
    sandbox: 'This is the sandbox org of this page: nothing reaches Okta.',
    users: (creates: number, updates: number) =>
      [
        ...(creates > 0 ? [`${countText(creates, 'user')} will be created.`] : []),
        ...(updates > 0 ? [`${countText(updates, 'user')} will be updated.`] : []),
      ].join(' '),
    mails: (count: number) => `Okta will send ${countText(count, 'activation email')}.`,
    mailsInSandbox: (count: number) =>
      `Okta would send ${countText(count, 'activation email')}. The sandbox org sends none.`,
    groups: (count: number) => `${countText(count, 'group')} will be created.`,
    left: (count: number) =>
      `${countText(count, 'row')} with problems will not be sent. They are in the report.`,
    start: (org: string) => `Import into ${org}`,
    startInSandbox: 'Import into the sandbox org',
  },
};
