import { countText, numberText } from './numbers.js';

const rows = (number: number): string => countText(number, 'row');
const cells = (number: number): string => countText(number, 'cell');

/** The step Check. */
export const checkTexts = {
  intro:
    'Every row is checked as an import would check it. Correct wrong cells here: the file itself is never changed.',
  reading: 'Reading and checking the rows',
  progress: (checked: number, all: number) =>
    checked === 0 ? rows(all) : `${numberText(checked)} of ${rows(all)}`,
  retry: 'Check again',
  empty: 'There are no rows below the header',
  emptyHint: 'In the step File, choose another sheet, header row or file.',
  done: (problems: number) =>
    problems === 0
      ? 'All rows were checked. No problems.'
      : `All rows were checked. ${rows(problems)} with problems.`,
  ready: (valid: number, all: number) =>
    valid === all
      ? all === 1
        ? 'The row has no problem.'
        : `None of the ${rows(all)} has a problem.`
      : `${numberText(valid)} of ${rows(all)} ${valid === 1 ? 'has' : 'have'} no problem.`,
  leftOut: (number: number) => `${rows(number)} ${number === 1 ? 'is' : 'are'} left out.`,
  online: 'The next step looks up which users exist in the org already.',
  offline:
    'Checked without the org. Its custom attributes, groups and existing users are checked in the next step.',
  show: 'Rows to show',
  filters: {
    attention: 'Needs attention',
    problems: 'Problems',
    warnings: 'Warnings',
    edited: 'Edited',
    excluded: 'Left out',
    all: 'All rows',
  },
  chip: (name: string, number: number) => `${name} ${numberText(number)}`,
  search: 'Search',
  searchPlaceholder: 'Search in all rows shown',
  onlyGroup: (title: string) => `Only: ${title}`,
  showAllKinds: 'Show all kinds',
  updateList: 'Update the list',
  listIsOld: 'Corrected rows stay in the list until it is updated.',
  undo: 'Undo',
  redo: 'Redo',
  replace: 'Find and replace',
  nextProblem: 'Next problem',
  toolbar: 'Edits',
  grid: 'Rows of the file',
  unnamed: (column: number) => `Column ${column}`,
  where: (place: string, file: string) => `${place} of ${file}`,
  importedFile: 'the file that was imported',
  marks: { problem: 'problem', warning: 'warning', edited: 'edited', excluded: 'left out' },
  noRows: {
    attention: 'No row needs attention.',
    problems: 'No row has a problem.',
    warnings: 'No row has a warning.',
    edited: 'No row was edited.',
    excluded: 'No row is left out.',
    all: 'There are no rows.',
  },
  notFound: 'No row matches.',
  loading: '…',
  keys: 'Arrow keys move. Enter edits a cell, Escape cancels. F8 goes to the next problem. Ctrl-Z undoes.',
  detail: {
    empty: '(empty)',
    secret: 'This cell may contain a secret, so it is not shown. You can enter it again.',
    fine: 'Nothing is wrong with this cell.',
    wholeRow: 'Whole row',
    failure: 'Failed in the earlier run',
    otherColumns: 'In other cells of this row',
    use: (text: string) => `Use “${text}”`,
    editOf: (column: string, place: string) => `${column}, ${place.toLowerCase()}`,
    exclude: 'Leave out this row',
    include: 'Include this row again',
    isExcluded: 'This row is left out: it is not imported.',
  },
  groups: {
    title: 'Problems by kind',
    none: 'a kind of problem that no row has anymore',
    more: (number: number) => `Show ${numberText(number)} more kinds`,
    rows,
    show: 'Show rows',
    showOf: (title: string) => `Show rows: ${title}`,
    fix: (label: string, number: number) => `${label} (${numberText(number)})`,
    exclude: (number: number) => (number === 1 ? 'Leave out 1 row' : `Leave out ${rows(number)}`),
    actionOf: (action: string, title: string) => `${action}: ${title}`,
  },
  fix: {
    cells: (number: number) => `${cells(number)} will be changed. You can undo this in one step.`,
    rows: (number: number) =>
      `${rows(number)} will be left out of the import. You can undo this in one step.`,
    nothing: 'Nothing would be changed.',
    examples: 'The first cells',
    before: 'Before',
    after: 'After',
    apply: (number: number) => `Change ${cells(number)}`,
    applyRows: (number: number) => `Leave out ${rows(number)}`,
    cancel: 'Cancel',
    done: (number: number) => `${cells(number)} changed.`,
    doneRows: (number: number) => `${rows(number)} left out.`,
  },
  replaceDialog: {
    title: 'Find and replace',
    column: 'Column',
    what: 'What to do',
    kinds: {
      replace: 'Replace text',
      trim: 'Remove leading, trailing and double spaces',
      'lower-case': 'lower case',
      'upper-case': 'UPPER CASE',
      'title-case': 'Title Case',
    },
    find: 'Find',
    replaceWith: 'Replace with',
    isWholeCell: 'Whole cell only',
    isCaseSensitive: 'Match case',
    preview: 'Preview',
  },
  edited: (place: string) => `${place} was changed and checked.`,
  undone: 'Undone.',
  redone: 'Redone.',
  noOther: 'There is no other problem in this list.',
  blocked: 'Wait until all rows are checked.',
};
