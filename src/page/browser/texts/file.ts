import { countText, numberText } from './numbers.js';

const rowsText = (rows: number): string => countText(rows, 'row');
const columnsText = (columns: number): string => countText(columns, 'column');

/** The step File. */
export const fileTexts = {
  intro:
    'A CSV file or an Excel workbook with one row for each person. The file stays on this machine, and it is never changed.',
  dropTitle: 'Drop a file here',
  dropNote: 'CSV (also .gz) or Excel (.xlsx)',
  choose: 'Choose a file',
  chooseAnother: 'Choose another file',
  readAgain: 'Read again',
  reading: (name: string) => `Reading ${name}`,
  readSoFar: (read: string, of: string) => `${read} of ${of}`,
  severalFiles: {
    message: 'These are several files.',
    hint: 'Drop one file. To import several files, import one after the other.',
  },
  unreadable: {
    message: 'The browser cannot read this.',
    hint: 'Choose a file, not a folder. If it is open in another program, close it there, and choose it again.',
  },
  sending: 'Copying the file …',
  size: (bytes: number) => {
    if (bytes < 1000) return `${numberText(bytes)} bytes`;
    const units = ['kB', 'MB', 'GB'];
    const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
    const value = bytes / 1000 ** power;
    return `${value.toLocaleString('en', { maximumSignificantDigits: value < 100 ? 2 : 3 })} ${units[power - 1] ?? ''}`;
  },
  table: (rows: number, columns: number) => `${rowsText(rows)}, ${columnsText(columns)}`,
  copy: 'read from a copy that was made when it was chosen',
  compressed: 'compressed with gzip',
  done: (rows: number, columns: number) => `The file was read: ${rowsText(rows)}, ${columnsText(columns)}.`,
  howRead: 'How it is read',
  detectAgain: 'Detect everything again',
  sheet: 'Sheet',
  sheetChoice: (name: string, rows: number | undefined, columns: number, isHidden: boolean) => {
    const size = rows === undefined ? 'more than 1,000 rows' : rowsText(rows);
    return `${name} (${size}, ${columnsText(columns)}${isHidden ? ', hidden' : ''})`;
  },
  sheetHelp: 'The numbers of rows include the header.',
  encoding: 'Encoding',
  encodingChoice: (name: string, sample: string) => (sample === '' ? name : `${name}: ${sample}`),
  encodingHelp: 'Choose the one in which the names look right.',
  encodingAlike: 'The file has ASCII characters only, so the encoding makes no difference.',
  delimiter: 'Delimiter',
  delimiterChoice: (label: string, columns: number) => `${label} (${columnsText(columns)})`,
  headerRow: 'Header row',
  headerRowHelp: 'The row with the names of the columns. Rows above it are skipped.',
  hiddenRows: (rows: number) => `${rowsText(rows)} hidden in the workbook`,
  hiddenSkip: 'Leave hidden rows out',
  hiddenInclude: 'Import hidden rows as well',
  undecided: 'Not decided yet',
  head: 'The first rows',
  headNote: 'Values of columns that look like passwords are masked.',
  row: 'Row',
  isHeader: 'Header',
  useAsHeader: 'Use as header',
  useRowAsHeader: (row: number) => `Use as header: row ${row}`,
  moreCells: (cells: number) => `and ${numberText(cells)} more`,
  needsFile: 'Choose a file first.',
  needsReading: 'The file is still being read.',
  needsTable: 'The file cannot be read yet: see above.',
  needsAnswer: 'First choose what happens to the hidden rows.',
  changed: (name: string) => `${name} has changed on disk.`,
};
