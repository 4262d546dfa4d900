import type { Notice } from './state.js';

/** How to read the file; what is not given is detected. */
export interface Reading {
  readonly sheet?: string | undefined;
  readonly encoding?: string | undefined;
  /** One character, or `tab`. */
  readonly delimiter?: string | undefined;
  readonly headerRow?: number | undefined;
  readonly hiddenRows?: 'include' | 'skip' | undefined;
}

export interface FileState {
  readonly name: string;
  /** As `ui` was given it; undefined for a file that was dropped. */
  readonly path: string | undefined;
  readonly sizeBytes: number;
  /** Rows below the header; undefined while they are counted. */
  readonly rows: number | undefined;
  readonly reading: Reading;
  /** What was detected or chosen. */
  readonly found: {
    readonly kind: 'csv' | 'workbook';
    readonly isCompressed: boolean;
    readonly encoding: string | undefined;
    readonly delimiter: string | undefined;
    readonly sheet: string | undefined;
    readonly headerRow: number;
    readonly hiddenRows: number;
  };
  /** What can be chosen, each with what it gives. */
  readonly choices: {
    readonly sheets: readonly {
      readonly name: string;
      readonly rows: number | undefined;
      readonly isHidden: boolean;
    }[];
    readonly encodings: readonly { readonly name: string; readonly sample: string }[];
    readonly delimiters: readonly {
      readonly value: string;
      readonly label: string;
      readonly columns: number;
    }[];
  };
  /** The first lines of the file or sheet, header row included, to choose the header row from. */
  readonly head: readonly { readonly row: number; readonly cells: readonly string[] }[];
  /** Undefined if the file can be read. */
  readonly problem: Notice | undefined;
}
