import type { RunAction, RunFile } from '../../api/run.js';
import { countText, durationText, numberText } from './numbers.js';

/** Of a run in progress, and of its end. */
export const runTexts = {
  title: {
    import: (name: string) => `Importing ${name}`,
    resume: (name: string) => `Importing the remaining rows of ${name}`,
    undo: (name: string) => `Undoing ${name}`,
    verify: (name: string) => `Comparing ${name} with the org`,
    activate: (name: string) => `Activating the users of ${name}`,
    remind: (name: string) => `Reminding the users of ${name}`,
  } satisfies Record<RunAction, (name: string) => string>,
  endedTitle: {
    import: (name: string) => `Import of ${name}`,
    resume: (name: string) => `Import of ${name}`,
    undo: (name: string) => `Undo of ${name}`,
    verify: (name: string) => `Comparison of ${name} with the org`,
    activate: (name: string) => `Activation of the users of ${name}`,
    remind: (name: string) => `Reminder to the users of ${name}`,
  } satisfies Record<RunAction, (name: string) => string>,
  into: (org: string) => `Org: ${org}`,
  intoSandbox: 'Sandbox org: nothing reaches Okta, and no email is sent',
  stays: 'You can close this tab: the run goes on as long as the program does.',
  progress: 'Progress',
  done: (done: number, rows: number | undefined) =>
    rows === undefined ? countText(done, 'row') : `${numberText(done)} of ${countText(rows, 'row')}`,
  reading: 'Reading the file and the org …',
  rate: 'Rows per minute',
  left: 'Time left',
  leftText: (ms: number) => `about ${durationText(ms)}`,
  unknown: 'unknown',
  requests: 'Requests',
  rateLimited: (count: number) => `${numberText(count)} limited by the org`,
  pause: 'Pause',
  pausing: 'Pausing: requests in flight are finished …',
  failures: 'Failures so far',
  failedRows: 'Failed rows',
  differences: 'Differences',
  failuresOf: (count: number) => `Failed rows (${numberText(count)})`,
  newest: (shown: number) => `The newest ${numberText(shown)}; the report has all of them.`,
  columns: { login: 'User', message: 'What happened' },
  warnings: (count: number) => countText(count, 'note'),
  announce: {
    progress: (percent: number) => `${percent} percent done.`,
    wait: (text: string) => text,
    ended: (headline: string) => `The run has ended. ${headline}`,
  },
  next: 'Next steps',
  report: 'Open the report',
  reportNote: 'Every row with its outcome, in a new tab.',
  correct: 'Correct failed rows',
  correctNote: (rows: number) =>
    `${countText(rows, 'row')} did not succeed. Correct ${rows === 1 ? 'it' : 'them'} in Check; the columns keep their mapping.`,
  files: 'Files of the run',
  file: {
    'results.csv': 'Outcome of every row',
    'failed.csv': 'Failed rows, to be corrected',
    'failed.xlsx': 'Failed rows, to be corrected (Excel)',
    'edited.csv': 'Rows as edited on this page',
    'links.csv': 'One-time activation links: anyone who has one can use it',
    'letters.html': 'Letters to print, each with a one-time activation link',
  } satisfies Record<RunFile, string>,
  allRuns: 'All runs',
  toReport: 'Next: Report',
  folder: (runId: string) => `Run ${runId}`,
};

/** What can be done with a run. */
export const actionTexts: Readonly<
  Record<
    RunAction,
    {
      readonly label: string;
      readonly note: string;
      readonly title: string;
      /** @param org - its host name, or that it is the sandbox org. */
      readonly start: (org: string) => string;
    }
  >
> = {
  import: { label: 'Import', note: '', title: 'Import?', start: (org) => `Import into ${org}` },
  resume: {
    label: 'Resume',
    note: 'Sends the remaining rows. Nothing is sent twice.',
    title: 'Resume this run?',
    start: (org) => `Resume in ${org}`,
  },
  undo: {
    label: 'Undo',
    note: 'Deletes the users that it created, and restores those that it updated.',
    title: 'Undo this run?',
    start: (org) => `Undo in ${org}`,
  },
  verify: {
    label: 'Verify',
    note: 'Compares the users in the org with their state after the run.',
    title: 'Compare this run with the org?',
    start: () => 'Compare',
  },
  activate: {
    label: 'Activate',
    note: 'Activates the staged users of the run.',
    title: 'Activate the staged users?',
    start: (org) => `Activate in ${org}`,
  },
  remind: {
    label: 'Remind',
    note: 'Sends the activation email again to people who were invited at least three days ago and have not signed in yet.',
    title: 'Send reminders?',
    start: (org) => `Send from ${org}`,
  },
};

export const actionDialogTexts = {
  loading: 'Looking at the run and the org …',
  force: (users: number) =>
    `Also undo ${users === 1 ? 'the user who was' : `the ${numberText(users)} users who were`} changed since the run`,
  forceHelp: 'Changes that were made in Okta since the run are lost.',
  links: 'How people get their activation link',
  linksChoices: {
    mail: { label: 'Okta emails it', help: 'To everyone without a password.' },
    csv: {
      label: 'Write links to a CSV file',
      help: 'For a mail merge. Okta sends no email. The file is in the folder of the run.',
    },
    html: {
      label: 'Write letters to print',
      help: 'One page for each person, with a QR code. Okta sends no email. The file is in the folder of the run.',
    },
  },
  perMinute: 'Maximum emails per minute',
  perMinuteLinks: 'Maximum activations per minute',
  perMinuteHelp: 'To spare the mail gateway. Leave it empty to send as fast as the org allows.',
  nothing: 'There is nothing to do.',
  org: 'Org',
  sandbox: 'This is the sandbox org of this page: nothing reaches Okta, and no email is sent.',
  theSandbox: 'the sandbox org',
  run: 'Run',
  type: (org: string) => `Type ${org} to confirm`,
  command: 'The same on the command line',
};

export const runsTexts = {
  intro: 'Runs from this page and from the command line, newest first.',
  loading: 'Reading the runs …',
  reload: 'Read again',
  none: 'No runs yet',
  noneHint: 'They appear here after the first import.',
  started: 'Started',
  what: 'Run',
  result: 'Result',
  actions: 'Actions',
  report: 'Report',
  noActions: 'none',
  otherOrg: (org: string) => `Another org: ${org}`,
  otherSandbox: (org: string) => `Another sandbox org: ${org}`,
  busy: 'A run is in progress. Wait until it has ended, or pause it.',
  state: {
    running: 'In progress',
    ended: 'Ended',
    interrupted: 'Interrupted',
    unfinished: 'Not finished',
    unreadable: 'Cannot be read',
    undone: 'Undone',
  },
  /** With counts: `Ended, 3 failed` */
  endedWith: (failures: string) => `Ended, ${failures}`,
  actionOf: (label: string, run: string) => `${label}: ${run}`,
};
