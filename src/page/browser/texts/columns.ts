import { countText, numberText } from './numbers.js';

const columnsText = (columns: number): string => countText(columns, 'column');
const listText = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);

/** The step Columns. */
export const columnsTexts = {
  intro:
    'Each column feeds an attribute in Okta, or is ignored. Check what was recognized, and decide what to do with the rest.',
  missing: (labels: readonly string[]) => `No column feeds ${listText(labels)}.`,
  missingHint: 'Okta requires these values for every new user. Choose their columns below.',
  undecided: (columns: number) =>
    `${columnsText(columns)} ${columns === 1 ? 'is' : 'are'} not recognized. Choose what ${columns === 1 ? 'it feeds' : 'each feeds'}, or ignore ${columns === 1 ? 'it' : 'them'}.`,
  ignoreAll: (columns: number) => `Ignore ${columns === 1 ? 'it' : `all ${numberText(columns)}`}`,
  ignoredAll: (columns: number) => `${columnsText(columns)} ignored.`,
  baseOnly: 'Without an org, only Okta’s base attributes are listed.',
  show: 'Columns to show',
  filters: {
    all: (columns: number) => `All (${numberText(columns)})`,
    undecided: (columns: number) => `To decide (${numberText(columns)})`,
    used: (columns: number) => `Used (${numberText(columns)})`,
    ignored: (columns: number) => `Ignored (${numberText(columns)})`,
  },
  search: 'Find a column',
  none: 'No columns found',
  noneNote: 'Show all columns, or search for something else.',
  page: (from: number, to: number, of: number) =>
    `Columns ${numberText(from)} to ${numberText(to)} of ${numberText(of)}`,
  previous: 'Previous',
  next: 'Next columns',
  save: 'Save mapping',
  load: 'Load mapping',
  reset: 'Start over',
  resetTitle: 'Start over?',
  resetText: 'Your choices are replaced by what the names of the columns suggest.',
  keep: 'Keep my choices',
  loaded: (name: string) => `The mapping ${name} was loaded.`,
  tooLarge: (name: string) => ({
    message: `${name} is too large for a mapping file.`,
    hint: 'Choose a YAML file written by “Save mapping” or the command “mapping”. To import another file, go to the step File.',
  }),
  loadedFrom: (name: string) => `Loaded from ${name}.`,
  losesComments: '“Save mapping” writes a new file without the comments in this one.',
  wasReset: 'The columns are recognized by their names again.',
  position: (position: number) => `Column ${position}`,
  feeds: (column: string) => `What ${column} feeds`,
  noValues: 'No values in the first rows',
  sentAs: 'sent as',
  notSent: 'not sent',
  confidence: {
    certain: 'recognized',
    likely: 'please check',
    none: 'to decide',
    chosen: 'chosen',
  },
  ignored: 'ignored',
  alsoFeeds: (labels: readonly string[]) => `Also feeds ${listText(labels)}.`,
  dateNotes: {
    start: 'People whose first day is still to come are created staged, without an email.',
    end: 'People whose last day has passed are left out.',
  },
  changed: (column: string, use: string) => `${column}: ${use}.`,
  use: {
    undecided: '',
    ignore: 'Ignore this column',
    fullName: 'First and last name, split',
    fixed: (labels: readonly string[]) => `Used by the mapping for ${listText(labels)}`,
  },
  placeholder: 'Choose an attribute',
  noMatch: 'No attribute has this name.',
  suggested: 'suggested',
  required: 'required',
  custom: 'custom',
  options: 'Options',
  split: 'Separators between values',
  splitHelp: 'Write a space between them, such as: ; ,   If empty, values are separated by a semicolon.',
  date: 'Date format',
  dateHelp:
    'If empty, dates are sent as they are. With a format such as dd.MM.yyyy, they are sent as 2026-03-01.',
  dateFound: (format: string) => `The dates in this column look like ${format}.`,
  phone: 'Country of phone numbers',
  phoneHelp:
    'Two letters, such as DE. Numbers without + belong to this country; all are sent in the international form.',
  values: 'Replace values',
  valuesHelp: 'One per line: the value of the cell, an equals sign, and the value to send instead.',
  valuesExample: 'Germany = DE',
  valuesWrong: (line: string) => `This line has no equals sign: ${line}`,
  apply: 'Apply',
  applied: (column: string) => `The options of ${column} are applied.`,
  fixedTitle: 'Also in this mapping',
  fixedNote: 'The page shows these, but cannot change them. Map a column to the attribute to replace one.',
  blockedUndecided: (columns: number) => `Decide what to do with ${columnsText(columns)} first.`,
  blockedProblems: 'Correct the problems above first.',
};
