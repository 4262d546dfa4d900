import type { CheckState } from './check.js';
import type { ColumnsState } from './columns.js';
import type { FileState } from './file.js';
import type { PlanOptions, PlanState } from './plan.js';
import type { RunView } from './run.js';

/**
 * What the page and its server say to each other: types only, for both sides. Every request is JSON to a path under `/api`, every
 * response is JSON, and what changes without a request arrives as server-sent events of `GET /api/events`.
 *
 * | request                                | body → response                                                      |
 * | -------------------------------------- | -------------------------------------------------------------------- |
 * | `GET /api/state`                       | → `PageState`                                                        |
 * | `PUT /api/file?name=`                  | the bytes of the file → `PageState`                                  |
 * | `PUT /api/reading`                     | `Reading` → `PageState`                                              |
 * | `PUT /api/mapping`                     | `MappingChange` → `PageState`                                        |
 * | `GET /api/mapping.yaml`                | → the mapping file, as a download                                    |
 * | `POST /api/check`                      | → `PageState`; the check runs on, its progress arrives as events     |
 * | `GET /api/rows?…`                      | `RowsQuery` as the query → `RowsPage`                                |
 * | `GET /api/rows/next?…`               | `row`, `column`, `direction` (`1` or `-1`), `view` → `NextProblem`   |
 * | `GET /api/cell?row=&column=`           | → `CellText`                                                         |
 * | `POST /api/edits`                      | `Edit[]`, one undo step → `EditResult`                               |
 * | `POST /api/edits/undo`, `…/redo`       | → `EditResult`                                                       |
 * | `POST /api/fixes/preview`              | `FixRequest` → `FixPreview`                                          |
 * | `POST /api/fixes`                      | `FixRequest` → `EditResult`                                          |
 * | `PUT /api/excluded`                    | `ExcludedChange` → `EditResult`                                      |
 * | `PUT /api/org`                         | `OrgChange` → `PageState`                                            |
 * | `POST /api/plan`                       | `PlanOptions` → `PageState`; the plan arrives as events              |
 * | `GET /api/plan/rows?…`                 | `PlannedRowsQuery` as the query → `PlannedRowsPage`                  |
 * | `POST /api/run`                        | `{ org }`, the host name typed to confirm → `PageState`              |
 * | `POST /api/run/pause`                  | → `PageState`: no new rows; those in progress are finished           |
 * | `GET /api/runs`                        | → `ListedRunView[]`                                                  |
 * | `POST /api/runs/:run/plan`             | `{ action, options }` → `ActionPlan`                                 |
 * | `POST /api/runs/:run/actions`          | `ActionRequest` → `PageState`; becomes the current run               |
 * | `POST /api/runs/:run/correct`          | loads the failed rows of the run into Check → `PageState`            |
 * | `GET /runs/:run/report.html`           | → the report page; also `results.csv`, `failed.csv`, `edited.csv`    |
 * | `POST /api/close`                      | ends the server                                                      |
 *
 * A request that fails has a 4xx or 5xx status and an `ApiError`.
 */
export interface ApiError {
  readonly error: {
    /** `ERR_…`, as the command line has it. */
    readonly code: string;
    readonly message: string;
    readonly hint?: string | undefined;
  };
}

/** The server-sent events. Each event's `data` is one of these; the browser keeps the newest of each kind. */
export type PageEvent =
  | { readonly kind: 'state'; readonly state: PageState }
  | { readonly kind: 'check'; readonly check: CheckState }
  | { readonly kind: 'plan'; readonly plan: PlanState }
  | { readonly kind: 'run'; readonly run: RunView };

/** The steps, each with an address: `/file`, `/columns`, … */
export type StepName = 'file' | 'columns' | 'check' | 'plan' | 'run' | 'report' | 'runs';

/** All that the page shows, except for rows. Small: it is sent whole. */
export interface PageState {
  /** Grows with every change, so that an old response never replaces a newer one. */
  readonly revision: number;
  readonly version: string;
  readonly org: OrgState;
  /** Undefined before a file was chosen. */
  readonly file: FileState | undefined;
  readonly columns: ColumnsState | undefined;
  readonly check: CheckState | undefined;
  readonly plan: PlanState | undefined;
  /** As chosen last; undefined before the first plan. */
  readonly planOptions: PlanOptions | undefined;
  readonly run: RunView | undefined;
  /** Steps that can be opened now. */
  readonly openSteps: readonly StepName[];
  /** Things to know, such as that the file has changed on disk. */
  readonly notices: readonly Notice[];
}

export interface Notice {
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly hint?: string | undefined;
}

export interface OrgState {
  readonly kind: 'none' | 'sandbox' | 'org';
  /** Undefined without one. */
  readonly url: string | undefined;
  /** Where the credentials come from, in words: `the environment`, `typed for this session`. */
  readonly credentialsFrom: string | undefined;
  /** Why the org cannot be used now. */
  readonly problem: Notice | undefined;
}

export interface OrgChange {
  readonly url: string;
  /** Kept in memory, until the server ends. */
  readonly token: string;
  /** Whether the address is a domain of its own, and not one of Okta's. */
  readonly isCustomDomain?: boolean | undefined;
}
