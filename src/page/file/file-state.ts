import { sampleEncodings } from '../../csv/encoding-samples.js';
import { previewFile, type FilePreview } from '../../csv/preview.js';
import type { Source } from '../../csv/source.js';
import { createColumnRecognizer } from '../../mapping/column-recognizer.js';
import { createHeaderMatcher } from '../../mapping/match-header.js';
import { secretColumns } from '../../mapping/secret-columns.js';
import { offlineMetadata } from '../../org/org-metadata.js';
import type { FileState, Reading } from '../api/file.js';
import type { OpenTable } from '../steps.js';

/** Shown in place of a value that may be a secret. */
export const MASKED = '••••••';

const MAX_SHOWN_COLUMNS = 40;
const MAX_SHOWN_CHARACTERS = 100;

const DELIMITER_LABELS: Readonly<Record<string, string>> = {
  ',': 'Comma',
  ';': 'Semicolon',
  '\t': 'Tab',
  '|': 'Vertical bar',
};

/** The part of the state that shows the file and what can be chosen. */
export type Looks = Pick<FileState, 'found' | 'choices' | 'head'>;

export const NOTHING_FOUND: Looks = {
  found: {
    kind: 'csv',
    isCompressed: false,
    encoding: undefined,
    delimiter: undefined,
    sheet: undefined,
    headerRow: 1,
    hiddenRows: 0,
  },
  choices: { sheets: [], encodings: [], delimiters: [] },
  head: [],
};

/**
 * Looks at the beginning of a file, whether it can be read as a table or not.
 *
 * @param table - undefined if it cannot: then it is shown as the reading says.
 */
export async function lookAt(
  source: Source,
  reading: Reading,
  table: Pick<OpenTable, 'found' | 'header'> | undefined,
  hiddenRows: number,
): Promise<Looks> {
  const headerLine = table?.found.headerLine ?? reading.headerRow;
  const delimiter = table?.found.delimiter ?? (reading.delimiter === 'tab' ? '\t' : reading.delimiter);
  const sheet = table?.found.sheet ?? reading.sheet;
  const encoding = table?.found.encoding ?? reading.encoding;
  const options = { sheet, encoding, delimiter, headerLine };
  // A sheet, encoding or delimiter that does not exist is what is wrong with the reading.
  const preview = await previewFile(source.read(), options).catch(() =>
    previewFile(source.read(), { sheet: undefined, encoding: undefined, delimiter: undefined, headerLine }),
  );
  const isText = preview.kind === 'csv';
  return {
    found: {
      kind: preview.kind,
      isCompressed: preview.isCompressed,
      encoding: isText ? encoding : undefined,
      delimiter: isText ? delimiter : undefined,
      sheet: isText ? undefined : sheet,
      headerRow: headerLine ?? 1,
      hiddenRows,
    },
    choices: {
      sheets: preview.sheets,
      encodings: isText ? await encodingsOf(source, encoding, table) : [],
      delimiters: preview.delimiters.map(({ delimiter: value, columns }) => ({
        value,
        label: DELIMITER_LABELS[value] ?? value,
        columns,
      })),
    },
    head: headOf(preview),
  };
}

async function encodingsOf(
  source: Source,
  encoding = 'utf-8',
  table: Pick<OpenTable, 'found' | 'header'> | undefined,
): Promise<FileState['choices']['encodings']> {
  const recognize = createColumnRecognizer({ attributes: offlineMetadata.attributes });
  const samples = await sampleEncodings(source.read(), {
    encoding,
    delimiter: table?.found.delimiter ?? ',',
    columns: table?.header.length ?? 0,
    isShown: (index) => recognize(table?.header[index] ?? '') === 'name',
  });
  return samples.map((sample) => ({ name: sample.encoding, sample: sample.cells.join(' · ') }));
}

/** Any of the lines may turn out to be the header, so a column is secret if any of its cells is the name of a secret. */
function headOf({ lines }: FilePreview): FileState['head'] {
  const { pathOf } = createHeaderMatcher({
    attributes: new Map(Object.entries(offlineMetadata.attributes)),
    isOrgSchema: false,
  });
  const cut = lines.map(({ cells }) => cells.slice(0, MAX_SHOWN_COLUMNS));
  const namesOfSecrets = cut.map((cells) => secretColumns(cells, new Map(), pathOf));
  const secret = new Set(namesOfSecrets.flatMap((columns) => [...columns]));
  return lines.map(({ line, cells }, at) => ({
    row: line,
    cells: (cut[at] ?? []).map((cell, index) =>
      cell !== '' && secret.has(index) && namesOfSecrets[at]?.has(index) !== true ? MASKED : shorten(cell),
    ),
    moreCells: Math.max(0, cells.length - MAX_SHOWN_COLUMNS),
  }));
}

export function shorten(text: string): string {
  return text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS)}…`;
}
