import { parseMaxFailures } from '../engine/stop-conditions.js';
import type { SyncSettings } from '../journal/journal-line.js';
import type { PastRun } from '../journal/reader.js';
import { UserReader } from '../org/user-reader.js';
import type { Dataset } from '../sync/dataset.js';
import { MembershipPlan } from '../sync/membership-plan.js';
import { OrgUsers } from '../sync/org-users.js';
import { OtherDatasets } from '../sync/other-datasets.js';
import { listOf, quoted } from '../text.js';

import type { Input, InputScan } from './input.js';
import type { JobContext, OpenOrg } from './job.js';
import type { RowMerging } from './merge-rows.js';
import type { ResolvedOptions } from './options.js';
import type { PreparedRows } from './prepare-rows.js';
import type { Resources } from './resources.js';
import { workFolderOf } from './run-store.js';
import { type ResolvedSyncOptions, SyncOptionError } from './sync-options.js';
import { type PassContext, planPeople, SeenPeople } from './sync-pass.js';
import { type CountedPlan, countPlan } from './sync-plan.js';
import type { SyncRequest } from './sync.js';

/** What both passes of a sync need. */
export interface SyncInput {
  readonly request: Pick<SyncRequest, 'maxFailures' | 'canary' | 'reports' | 'runId'>;
  readonly sync: Pick<ResolvedSyncOptions, 'limits' | 'accept'>;
  readonly options: ResolvedOptions;
  readonly input: Input;
  readonly scan: InputScan;
  readonly org: OpenOrg;
  readonly dataset: Dataset;
  /** Of the data set. */
  readonly path: string;
  readonly settings: SyncSettings;
  /** Undefined if rows of the file are never merged. */
  readonly merging: RowMerging | undefined;
  /** What an earlier process of the run left. */
  readonly past: PastRun | undefined;
}

/** A sync whose first pass is over. */
export interface PlannedSync {
  readonly plan: CountedPlan;
  readonly settings: SyncSettings;
  readonly users: OrgUsers;
  readonly memberships: MembershipPlan;
  readonly others: OtherDatasets;
  readonly seen: SeenPeople;
}

/** The first pass: reads the org, plans every row, and counts. */
export async function planSync(
  ready: SyncInput,
  { checks, metadata }: PreparedRows,
  context: JobContext,
  resources: Resources,
): Promise<PlannedSync> {
  const { options, input, scan, org, dataset, settings, sync } = ready;
  const { signal } = context.cancellation;
  const { client } = org;
  assertColumns(checks, ready);
  const rows = scan.rows ?? 0;
  const folder = workFolderOf({ folder: undefined });
  const { match } = settings;
  const reader = new UserReader({ client, clock: context.clock });
  const users = resources.add(await OrgUsers.load({ client, reader, match, rows, dataset, folder }, signal));
  const memberships = await MembershipPlan.load({ client, rows }, settings.managedGroups, signal);
  const seen = new SeenPeople(dataset, match);
  const others = await OtherDatasets.read(ready.request.reports, {
    name: settings.dataset,
    org: client.orgUrl,
  });
  const pass: PassContext = {
    checks,
    options,
    groupResolver: metadata.groupResolver,
    cancellation: context.cancellation,
    people: { dataset, users, memberships, settings, others },
    seen,
    merging: ready.merging,
  };
  const { batches } = await input.read({ found: scan.found }, signal);
  const plan = await countPlan(planPeople(batches, pass), {
    dataset,
    users,
    settings,
    others,
    seen,
    limits: sync.limits,
    rowsLastTime: dataset.header.rows,
    isResumed: ready.past !== undefined,
    maxBadRows: (total) => parseMaxFailures(ready.request.maxFailures ?? MAX_BAD_ROWS, total).rows,
    signal,
  });
  noticeOutsiders(plan, settings, context);
  if (plan.hidden.size > 0) {
    context.observer?.notice?.(
      `Okta hides ${listOf([...plan.hidden])} from these credentials, so edits in Okta cannot be detected. ${
        settings.overrideEdits
          ? 'With --override-edits, the values of the file are written once, and again when they change.'
          : 'Changes in the file are still written.'
      }`,
    );
  }
  const actsOnLeavers = plan.leaversHeld === undefined;
  if (others.unreadable !== undefined && plan.leavers.length > 0) {
    context.observer?.warning?.({
      message: `The state of data set ${quoted(others.unreadable)} cannot be read, so its people are unknown: no leaver is acted on in this run. Run sync for that data set with --rebuild-state, or move its file away.`,
    });
  }
  if (!actsOnLeavers && plan.leavers.length > 0) context.observer?.warning?.({ message: plan.leaversHeld });
  return { plan, settings: { ...settings, actsOnLeavers }, users, memberships, others, seen };
}

/** Refuses a file without columns that would change everybody. @throws {SyncOptionError} */
function assertColumns(
  { columnOf, hasGroups, dates }: PreparedRows['checks'],
  { settings: { match, managedGroups }, options, dataset, sync, past }: SyncInput,
): void {
  if (match !== 'login' && columnOf(match) === undefined) {
    throw new SyncOptionError(`No column feeds ${match}, by which people are matched (--match).`, {
      hint: 'Choose another attribute, or map a column to it.',
    });
  }
  if (managedGroups.length > 0 && !hasGroups && options.groups.length === 0) {
    throw new SyncOptionError('No column contains groups, so everyone would leave the --managed-groups.', {
      hint: 'Check the file. Map a column to groups, or run without --managed-groups.',
    });
  }
  if (past !== undefined || sync.accept.has('columns')) return;
  const missing = dataset.header.dates?.filter((field) => !dates.includes(field)) ?? [];
  if (missing.length === 0) return;
  throw new SyncOptionError(
    `The file no longer has ${listOf(missing)} dates: ${listOf(missing.map((field) => WITHOUT_DATES[field]))}.`,
    { hint: 'Check the file. If it is right, run the same command with --accept columns' },
  );
}

const WITHOUT_DATES = {
  start: 'people who start later would be activated',
  end: 'people whose last day has passed would come back',
} as const;

function noticeOutsiders(
  { outsiders }: CountedPlan,
  { dataset }: SyncSettings,
  { observer }: JobContext,
): void {
  if (outsiders === 0) return;
  const [who, do_, they] =
    outsiders === 1
      ? ['1 user of the file was', 'does', 'It is']
      : [`${outsiders} users of the file were`, 'do', 'They are'];
  observer?.notice?.(
    `${who} in Okta before and ${do_} not belong to data set ${quoted(dataset)}. ${they} updated, but never treated as ${outsiders === 1 ? 'a leaver' : 'leavers'}. To manage ${outsiders === 1 ? 'it' : 'them'} as well, run once with --adopt-existing.`,
  );
}

/** With more rows with problems than this, and no `--max-failures`, no leaver is acted on. */
const MAX_BAD_ROWS = '10%';
