export interface RunView {
  readonly runId: string;
  /** `import`, `resume`, `undo`, `verify`, `activate`, `remind`. */
  readonly action: RunAction;
  readonly org: string;
  readonly status: 'running' | 'pausing' | 'ended';
  readonly rows: number | undefined;
  readonly doneRows: number;
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
  readonly hasReport: boolean;
  readonly failedRows: number;
  readonly canResume: boolean;
  readonly canUndo: boolean;
}

export type RunAction = 'import' | 'resume' | 'undo' | 'verify' | 'activate' | 'remind';

export interface ListedRunView {
  readonly runId: string;
  readonly command: string;
  readonly state: string;
  readonly startedAt: string;
  readonly file: string | undefined;
  readonly org: string | undefined;
  readonly isThisOrg: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly actions: readonly RunAction[];
  readonly hasReport: boolean;
}

/** What an action would do, and what it cannot take back. */
export interface ActionPlan {
  readonly action: RunAction;
  readonly title: string;
  readonly lines: readonly string[];
  /** The command line that does the same. */
  readonly command: string;
}

export interface ActionRequest {
  readonly action: RunAction;
  /** The host name of the org, typed to confirm; not needed for `verify`. */
  readonly org?: string | undefined;
}
