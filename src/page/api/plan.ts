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
  /** `outdated`: the rows, the org or the users in the org have changed since. */
  readonly status: 'running' | 'ready' | 'failed' | 'outdated';
  readonly options: PlanOptions;
  /** Rows of the file, unticked ones included; undefined while unknown. */
  readonly rows: number | undefined;
  readonly checkedRows: number;
  /** By status: `would-create`, `would-update`, `unchanged`, `exists`, `invalid`, `not-attempted`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly groupsToCreate: readonly string[];
  /** Emails that Okta would send to new users, and the domains that most of them go to. */
  readonly mails: {
    readonly count: number;
    readonly domains: readonly { readonly domain: string; readonly count: number }[];
  };
  /** Users who would be staged until their start date. */
  readonly startLater: number;
  /** Writes that the import would send; undefined while unknown. */
  readonly requests: number | undefined;
  /** At this org's limit; undefined while unknown. */
  readonly minutes: number | undefined;
  /** What the plan waits for, in words: `rate limit, 12 s`. */
  readonly wait: string | undefined;
  /** Does what the page will do. Undefined if so many separate rows are left out that no shell takes it. */
  readonly command: string | undefined;
  readonly warnings: readonly string[];
  readonly problem: Notice | undefined;
}

export interface PlannedRowsQuery {
  /** One of the keys of `PlanState.counts`; undefined for all rows. */
  readonly status?: string | undefined;
  /** In the login, the name or the message, in any case. */
  readonly search?: string | undefined;
  readonly offset: number;
  /** At most 500. */
  readonly limit: number;
}

export interface PlannedRowsPage {
  readonly total: number;
  readonly rows: readonly PlannedRow[];
}

export interface PlannedRow {
  readonly row: number;
  readonly line: number;
  readonly login: string;
  /** Empty if unknown. */
  readonly name: string;
  readonly status: string;
  /** In words: `would be created`. */
  readonly label: string;
  /** Of updates; secret values are masked. */
  readonly changes: readonly { readonly attribute: string; readonly from: string; readonly to: string }[];
  readonly message: string | undefined;
  readonly isExcluded: boolean;
}
