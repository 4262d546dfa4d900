import type { CsvOptions, DetectedFormat } from '../csv/csv-table.js';
import type { RunDescription } from '../journal/journal-line.js';
import { createColumnRecognizer } from '../mapping/column-recognizer.js';
import type { MappingFile } from '../mapping/mapping-file.js';
import { offlineMetadata } from '../org/org-metadata.js';

import type { ImportOptions } from './options.js';
import type { RunObserver } from './run-observer.js';

/** How to read the file of a job. The org's own attributes are not known yet. */
export function toCsvOptions(
  {
    encoding,
    delimiter,
    sheet,
    headerRow,
    ignoreColumns,
  }: Pick<ImportOptions, 'encoding' | 'delimiter' | 'sheet' | 'headerRow' | 'ignoreColumns'>,
  mappingFile?: MappingFile | undefined,
): CsvOptions {
  const { attributes } = offlineMetadata;
  const recognize = createColumnRecognizer({ mappingFile, ignoreColumns, attributes });
  return { encoding, delimiter, sheet, headerRow, recognize };
}

/** Says what was assumed about a file, and what is wrong with it. */
export function reportFormat(
  { notices, warnings = [] }: Pick<DetectedFormat, 'notices' | 'warnings'>,
  observer: RunObserver | undefined,
): void {
  for (const notice of notices) observer?.notice?.(notice);
  for (const message of warnings) observer?.warning?.({ message });
}

/** How an earlier process of a run read its file, so that it is read alike. */
export function foundEarlier({
  file: { encoding, delimiter, sheet, headerLine, joinedHeader, guessedOnLine },
  settings: { sheet: givenSheet, encoding: given },
}: Pick<RunDescription, 'file' | 'settings'>): NonNullable<CsvOptions['found']> {
  // Journals of earlier versions do not say that an encoding was a guess.
  const isOldGuess = headerLine === undefined && given === undefined && !encoding.startsWith('utf-');
  return {
    encoding,
    delimiter,
    headerLine,
    joinedHeader,
    guessedOnLine: guessedOnLine ?? (isOldGuess ? 1 : undefined),
    sheet: sheet ?? givenSheet,
    notices: [],
  };
}
