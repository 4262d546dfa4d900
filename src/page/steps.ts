import type { DetectedFormat } from '../csv/csv-table.js';
import type { OpenOrg } from '../jobs/job.js';
import type { ImportOptions } from '../jobs/options.js';
import type { MappingFile } from '../mapping/mapping-file.js';

import type { CheckState } from './api/check.js';
import type { ColumnsState } from './api/columns.js';
import type { FileState, Reading } from './api/file.js';
import type { PlannedRowsPage, PlannedRowsQuery, PlanState } from './api/plan.js';
import type { RunView } from './api/run.js';

/** The step File: a file that can be read. */
export interface FileStep {
  readonly state: FileState;
  /** Undefined if it cannot be read as it is; `state.problem` says why. */
  readonly table: OpenTable | undefined;
  close(): Promise<void>;
}

/** The table in the file, read as the person chose. */
export interface OpenTable {
  /** Of the bytes: the file that was named, or the copy of the one that was dropped. */
  readonly path: string;
  /** For people. */
  readonly name: string;
  /** Of the bytes that were read: a file that was named can change meanwhile. */
  readonly sha256?: string | undefined;
  /** Pass it to `readCsv`, or to `input.read`, to read the same again. */
  readonly found: DetectedFormat;
  /** As chosen; the options of jobs. */
  readonly reading: Reading;
  readonly header: readonly string[];
  /** The index of each column in the file, which may have empty ones between them. */
  readonly columns: readonly number[];
  /** Cells of the first rows. */
  readonly samples: readonly (readonly string[])[];
}

/** The step Columns. */
export interface ColumnsStep {
  readonly state: ColumnsState;
  /** Undefined while a column is undecided, or for a mapping that has problems. */
  readonly mappingFile: MappingFile | undefined;
  close(): Promise<void>;
}

/** The step Check: the rows with their edits. */
export interface CheckStep {
  readonly state: CheckState;
  /** Whether any cell is not as in the file. */
  readonly hasEdits: boolean;
  /** Rows that the person unticked, numbered from 1. */
  readonly excludedRows: readonly number[];
  /** Grows with every edit, and when leaving out a row affects others. Plans of an earlier version no longer hold. */
  readonly version: number;
  /** Resolves when all changes so far are made. */
  settled(): Promise<void>;
  /**
   * Writes the rows as edited, as CSV in UTF-8 with a header, for its owner only. Rows keep their numbers. The version has grown if a row was
   * edited meanwhile.
   */
  writeCsv(path: string): Promise<void>;
  close(): Promise<void>;
}

/** The step Plan: a dry run. */
export interface PlanStep {
  readonly state: PlanState;
  rows(query: PlannedRowsQuery): PlannedRowsPage;
  /** What was planned; undefined unless the plan is ready. */
  readonly planned: PlannedImport | undefined;
  /** A run reads the files of the plan from now on. */
  take(): void;
  /** The run has not started: it will never read them again. */
  release(): Promise<void>;
  /** A run has started: the plan no longer holds. */
  markUsed(): void;
  close(): Promise<void>;
}

/** An import that was planned. */
export interface PlannedImport {
  readonly options: ImportOptions;
  /** Of the file that is read. */
  readonly path: string;
  readonly name: string;
  /** Whether the file is a copy with edits. */
  readonly isEdited: boolean;
  /** Folder of the run whose failed rows it has. */
  readonly retried: string | undefined;
  /** Whether it was made from a workbook. */
  readonly isWorkbook: boolean;
  /** Number of rows that were unticked. */
  readonly leftOut: number;
  /** Of the file, when it was planned. */
  readonly sha256: string;
  readonly orgUrl: string;
  readonly connect: () => Promise<OpenOrg>;
}

export interface RunStep {
  readonly view: RunView;
  /** Resolves when the run has ended, with its exit code. */
  readonly ended: Promise<number>;
  /** No new rows; those in progress are finished. */
  pause(): void;
}
