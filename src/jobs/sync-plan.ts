import { brakeReasons, type Brake, type BrakeLimits, type BrakeReason } from '../sync/brakes.js';
import { findLeavers, type Leaver, type LeaversContext } from '../sync/leavers.js';

import type { SyncCounts } from '../report/summary.js';

import { movedAttributes, countPerson, noSyncCounts } from './sync-counts.js';
import type { PlannedPerson, SeenPeople } from './sync-pass.js';

/** What one run would do, counted before its first write. */
export interface CountedPlan {
  readonly counts: SyncCounts;
  readonly leavers: readonly Leaver[];
  readonly reasons: readonly BrakeReason[];
  /** Users of the file who were in Okta before and do not belong to the data set. */
  readonly outsiders: number;
  /** Attributes that the org hides, so that edits in Okta cannot be detected. */
  readonly hidden: ReadonlySet<string>;
  /** Why no leaver is acted on, as a sentence; undefined when leavers are. */
  readonly leaversHeld: string | undefined;
}

export interface CountContext extends LeaversContext {
  readonly seen: SeenPeople;
  readonly limits: BrakeLimits;
  readonly rowsLastTime: number;
  /** More rows with problems than this: no leaver is acted on. */
  readonly maxBadRows: (rows: number) => number;
  /** Whether an earlier process of the run has decided already whether leavers are acted on. */
  readonly isResumed: boolean;
  readonly signal: AbortSignal;
}

/** Counts what the rows of the first pass come to. */
export async function countPlan(
  people: AsyncIterable<PlannedPerson>,
  context: CountContext,
): Promise<CountedPlan> {
  const { dataset, limits, settings, seen, rowsLastTime, signal } = context;
  const counts = noSyncCounts(settings.dataset);
  const hidden = new Set<string>();
  const changesByAttribute = new Map<string, number>();
  let rows = 0;
  let badRows = 0;
  let matched = 0;
  let changed = 0;
  let ended = 0;
  let outsiders = 0;
  for await (const person of people) {
    rows += 1;
    if (person.kind === 'decided') {
      if (person.item.outcome.status === 'invalid') badRows += 1;
      continue;
    }
    const { plan } = person;
    countPerson(counts, plan);
    if (plan.kind !== 'existing') continue;
    for (const name of plan.hidden) hidden.add(name);
    matched += 1;
    if (plan.origin === 'matched') outsiders += 1;
    if (plan.lifecycle === 'suspend') ended += 1;
    // What is hidden is no mistake of the file, which did not change it.
    const attributes = movedAttributes(plan).filter((name) => !plan.hidden.includes(name));
    if (attributes.length > 0) changed += 1;
    for (const name of attributes) changesByAttribute.set(name, (changesByAttribute.get(name) ?? 0) + 1);
  }
  seen.complete();
  const leaversHeld = heldLeavers(badRows, rows, context);
  const leaversSettings = { ...settings, actsOnLeavers: leaversHeld === undefined };
  const leavers = await findLeavers(
    { ...context, settings: leaversSettings },
    (member) => seen.has(member),
    signal,
  );
  counts.leavers += leavers.length;
  const members = dataset.members().filter(({ left }) => left === undefined).length;
  const reasons = brakeReasons(
    {
      rows,
      rowsLastTime,
      members,
      leavers: leavers.filter(({ action }) => action).length,
      ended,
      matched,
      changed,
      changesByAttribute,
    },
    limits,
  );
  return { counts, leavers, reasons, outsiders, hidden, leaversHeld };
}

/** Whether the plan deactivates people of a data set that has never deactivated anyone. */
export function isFirstDeactivation({
  plan: { leavers },
  dataset,
}: Pick<CountContext, 'dataset'> & { readonly plan: Pick<CountedPlan, 'leavers'> }): boolean {
  return !dataset.header.hasDeactivated && leavers.some(({ action }) => action === 'deactivate');
}

/** Without the brakes that this run may pass. */
export function standingReasons(
  { reasons }: Pick<CountedPlan, 'reasons'>,
  accept: ReadonlySet<Brake>,
): readonly BrakeReason[] {
  return reasons.filter(({ brake }) => !accept.has(brake));
}

function heldLeavers(badRows: number, rows: number, context: CountContext): string | undefined {
  const { seen, settings, maxBadRows, isResumed } = context;
  if (!settings.actsOnLeavers) return 'The run that is resumed leaves leavers alone.';
  // Users whom the run has created by now could look like other people's.
  if (isResumed) return undefined;
  if (settings.rebuildState) return 'The state was rebuilt: no leaver is acted on in this run.';
  if (badRows > maxBadRows(rows)) {
    return `${badRows} of ${rows} rows have problems: no leaver is acted on in this run.`;
  }
  if (seen.unknownRows === 0) return undefined;
  return `${seen.unknownRows} of ${rows} rows have no readable ${settings.match}, so anybody who is missing may be one of them: no leaver is acted on in this run.`;
}
