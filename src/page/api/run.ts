export interface RunView {
  /** Empty until the run has a folder. */
  readonly runId: string;
  /** `import`, `resume`, `undo`, `verify`, `activate`, `remind`. */
  readonly action: RunAction;
  /** Name of the file, or of the run that the action is about. */
  readonly name: string;
  /** Host name. */
  readonly org: string;
  /** Whether it is the sandbox org of this page, which sends no emails. */
  readonly isSandbox: boolean;
  /** Whether the lines of its rows are sheet rows. */
  readonly isWorkbook: boolean;
  readonly status: 'running' | 'pausing' | 'ended';
  /** Excludes the rows that were left out. */
  readonly rows: number | undefined;
  readonly doneRows: number;
  /** Rows of the file that were left out; they are among those of `not-attempted`. */
  readonly leftOut: number;
  /** By status, such as `created`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly rowsPerMinute: number;
  readonly timeLeftMs: number | undefined;
  /** What all requests wait for, in words: `rate limit, 12 s`. */
  readonly wait: string | undefined;
  readonly requests: { readonly sent: number; readonly rateLimited: number };
  /** The newest first, at most 100; all of them are in the report. */
  readonly failures: readonly {
    readonly row: number;
    readonly line: number;
    readonly login: string;
    readonly message: string;
  }[];
  readonly warnings: readonly string[];
  /** Once it has ended. */
  readonly result: RunResultView | undefined;
}

export interface RunResultView {
  readonly exitCode: number;
  /** One sentence: `60 of 60 rows were imported.` */
  readonly headline: string;
  readonly stoppedBecause: string | undefined;
  /** What to do about it. */
  readonly hint: string | undefined;
  readonly hasReport: boolean;
  readonly failedRows: number;
  /** What can be done with the run now; the most pressing first. */
  readonly actions: readonly RunAction[];
  /** Whether its failed rows can be loaded into Check. */
  readonly canCorrect: boolean;
  readonly files: readonly RunFile[];
  /** The file with the links of an activation. */
  readonly links: LinksFile | undefined;
}

/** A file in the folder of the run whose users were activated. */
export interface LinksFile {
  readonly runId: string;
  readonly file: Extract<RunFile, 'links.csv' | 'letters.html'>;
}

export type RunAction = 'import' | 'resume' | 'undo' | 'verify' | 'activate' | 'remind';

/** Files of a run that can be downloaded. */
export type RunFile =
  | 'results.csv'
  | 'failed.csv'
  | 'failed.xlsx'
  | 'edited.csv'
  | 'links.csv'
  | 'letters.html';

export interface ListedRunView {
  readonly runId: string;
  /** As typed, such as `sync --dry-run`; empty for a run whose journal cannot be read. */
  readonly command: string;
  readonly state: 'running' | 'ended' | 'interrupted' | 'unfinished' | 'unreadable';
  /** ISO 8601; empty if unknown. */
  readonly startedAt: string;
  readonly file: string | undefined;
  /** Host name. */
  readonly org: string | undefined;
  /** Whether it was a sandbox org, here or in another process. */
  readonly isSandbox: boolean;
  readonly isThisOrg: boolean;
  readonly counts: Readonly<Record<string, number>>;
  /** Rows of the file that were left out; they are among those of `not-attempted`. */
  readonly leftOut: number;
  readonly isUndone: boolean;
  /** Why it stopped early, or cannot be read. */
  readonly problem: string | undefined;
  /** Empty for a run of another org. */
  readonly actions: readonly RunAction[];
  readonly canCorrect: boolean;
  readonly hasReport: boolean;
  readonly files: readonly RunFile[];
}

/** What an action would do, and what it cannot take back. */
export interface ActionPlan {
  readonly action: RunAction;
  /** The run that it is about: for an interrupted undo, the run that is undone. */
  readonly runId: string;
  /** Host name of the org, to be confirmed. */
  readonly org: string;
  readonly lines: readonly string[];
  /** Users whom an undo leaves alone, unless it is forced, because they were changed since the run. */
  readonly changedUsers: number;
  /** False if there is nothing to do. */
  readonly hasWork: boolean;
  /** The command line that does the same; undefined for the sandbox of this page, which no other process reaches. */
  readonly command: string | undefined;
}

/** Options that are flags on the command line. */
export interface ActionOptions {
  /** Of an undo: also users who were changed since the run. */
  readonly force?: boolean | undefined;
  /** Of an activation or a reminder: maximum emails per minute. */
  readonly perMinute?: number | undefined;
  /** Of an activation: writes links, or letters to print, to a file instead of having Okta send emails. */
  readonly links?: 'csv' | 'html' | undefined;
}

export interface ActionRequest {
  readonly action: RunAction;
  /** The host name of the org, typed to confirm; not needed for `verify`. */
  readonly org?: string | undefined;
  readonly options?: ActionOptions | undefined;
}
