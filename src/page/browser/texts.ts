import { columnsTexts } from './texts/columns.js';
import { fileTexts } from './texts/file.js';
import { checkTexts } from './texts/check.js';

/** Everything that the page says, in one place, ready for translation. Sentences with numbers are functions, for the plurals. */
export const texts = {
  common: {
    dismiss: 'Dismiss',
    close: 'Close',
    back: 'Back',
    next: (step: string) => `Next: ${step}`,
    copy: 'Copy',
    copyOf: (what: string) => `Copy: ${what}`,
    copied: 'Copied to the clipboard.',
    selected: 'Selected. Press Ctrl-C to copy.',
  },
  shell: {
    product: 'okta-csv-import',
    skip: 'Skip to content',
    steps: 'Steps',
    notYet: '(not open yet)',
    close: 'Quit',
    quitDuringRun: {
      title: 'Quit during the run?',
      text: 'Requests in flight are finished, then the program ends. The remaining rows can be imported later: open the page again and choose Resume in Runs. To leave the run going, just close this tab.',
      quit: 'Pause and quit',
      stay: 'Stay',
    },
    closedTitle: 'The program has ended',
    closed: 'You can close this tab. To start again, run okta-csv-import ui.',
    documentTitle: (step: string, file: string | undefined) =>
      [step, file, 'okta-csv-import'].filter((part) => part !== undefined).join(' · '),
  },
  connection: {
    connecting: 'Connecting to the program …',
    lost: {
      message: 'The program is not running.',
      hint: 'What was imported and its reports are kept; edits in Check only as long as the program runs. Start the program again with "okta-csv-import ui" and open the address that it prints.',
    },
    stale: {
      message: 'The program was restarted after this page was opened.',
      hint: 'Open the new address that it printed.',
    },
    unexpected: (status: number) => `The program responded with status ${status}.`,
  },
  steps: {
    file: { name: 'File', title: 'Choose a file', notOpen: () => '' },
    columns: {
      name: 'Columns',
      title: 'What the columns mean',
      notOpen: () => 'To see columns, first choose a file.',
    },
    check: {
      name: 'Check',
      title: 'Check the rows',
      notOpen: (step: string) => `The rows cannot be checked yet. First finish this step: ${step}.`,
    },
    plan: {
      name: 'Plan',
      title: 'What would happen',
      notOpen: (step: string) => `There is nothing to plan yet. First finish this step: ${step}.`,
    },
    run: { name: 'Run', title: 'Run', notOpen: () => 'No run has been started from this page yet.' },
    report: { name: 'Report', title: 'Report', notOpen: () => 'There is no report yet: no run has ended.' },
    runs: { name: 'Runs', title: 'Earlier runs', notOpen: () => 'The list of runs is not available yet.' },
  },
  check: checkTexts,
  org: {
    title: 'Okta org',
    none: 'No org',
    sandbox: 'Sandbox org',
    about: {
      none: 'No org is set. Rows are checked without one, but importing needs an org.',
      sandbox:
        'This is a sandbox org inside the program. Nothing reaches Okta, and its data is lost when the program ends.',
      org: 'Users are imported into this org.',
    },
    address: 'Address',
    credentials: 'Credentials from',
    noCredentials: 'none',
    formTitle: 'Use another org for this session',
    token: 'API token',
    tokenNote: 'Kept in memory until the program ends. It is never written to a file.',
    customDomain: 'This address is a custom domain, not one of Okta’s',
    use: 'Use this org',
    changed: 'This org is used from now on.',
  },
  file: fileTexts,
  columns: columnsTexts,
};
