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
  /** How many bytes have been read so far; undefined when the reading is finished. */
  readonly readBytes: number | undefined;
  /** Rows below the header; undefined while the file is read, and if it cannot be. */
  readonly rows: number | undefined;
  /** Named columns; undefined like `rows`. */
  readonly columns: number | undefined;
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
      /** Undefined for more than a thousand, or unknown. */
      readonly rows: number | undefined;
      readonly columns: number;
      readonly isHidden: boolean;
    }[];
    /** The first is the one in use. A sample is empty if no cell may be shown. Only one if all of them read the file alike. */
    readonly encodings: readonly { readonly name: string; readonly sample: string }[];
    readonly delimiters: readonly {
      readonly value: string;
      readonly label: string;
      readonly columns: number;
    }[];
  };
  /** The first lines of the file or sheet, header row included, to choose the header row from; secret cells masked, long ones cut. */
  readonly head: readonly {
    readonly row: number;
    readonly cells: readonly string[];
    /** Cells that are not sent, as a file can have thousands of columns. */
    readonly moreCells: number;
  }[];
  /** What was assumed when the file was read, and what may be wrong with it. */
  readonly notices: readonly Notice[];
  /** Whether the file on disk is no longer the one that was read. */
  readonly hasChanged: boolean;
  /** Undefined if the file can be read. */
  readonly problem: Notice | undefined;
}
