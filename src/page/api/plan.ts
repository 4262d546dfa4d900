import type { Notice } from './state.js';

/** What the command line has flags for. */
export interface PlanOptions {
  readonly ifExists: 'fail' | 'skip' | 'update';
  readonly activate: boolean;
  readonly groups: readonly string[];
  readonly createGroups: boolean;
  readonly clearEmpty: boolean;
  readonly changePassword: boolean;
  readonly canary: number | undefined;
  /** Such as `20` or `5%`. */
  readonly maxFailures: string | undefined;
  readonly allOrNothing: boolean;
}

export interface PlanState {
  readonly status: 'running' | 'ready' | 'failed' | 'outdated';
  readonly options: PlanOptions;
  readonly checkedRows: number;
  /** By status: `would-create`, `would-update`, `unchanged`, `exists`, `invalid`, `not-attempted`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly groupsToCreate: readonly string[];
  /** Emails that Okta would send to new users, and the domains that most of them go to. */
  readonly mails: {
    readonly count: number;
    readonly domains: readonly { readonly domain: string; readonly count: number }[];
  };
  readonly requests: number | undefined;
  /** At this org's limit; undefined while unknown. */
  readonly minutes: number | undefined;
  /** Does what the page will do. */
  readonly command: string;
  readonly warnings: readonly string[];
  readonly problem: Notice | undefined;
}

export interface PlannedRowsPage {
  readonly total: number;
  readonly rows: readonly PlannedRow[];
}

export interface PlannedRow {
  readonly row: number;
  readonly line: number;
  readonly login: string;
  readonly status: string;
  /** In words: `would be created`. */
  readonly label: string;
  /** Of updates. */
  readonly changes: readonly { readonly attribute: string; readonly from: string; readonly to: string }[];
  readonly message: string | undefined;
  readonly isExcluded: boolean;
}
