import { isEmpty } from '../engine/profile-diff.js';
import { brakeReasons, type Brake, type BrakeLimits, type BrakeReason } from '../sync/brakes.js';
import { findLeavers, type Leaver, type LeaversContext } from '../sync/leavers.js';
import type { KeptEdit } from '../sync/merge.js';

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
  /** Attributes of which the org returns no value, although values were written. */
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
  const missing = new MissingValues();
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
    missing.add(plan.kept);
    matched += 1;
    if (plan.origin === 'matched') outsiders += 1;
    if (plan.lifecycle === 'suspend') ended += 1;
    const attributes = movedAttributes(plan);
    if (attributes.length > 0) changed += 1;
    for (const name of attributes) changesByAttribute.set(name, (changesByAttribute.get(name) ?? 0) + 1);
  }
  seen.complete();
  const hidden = missing.hidden((attribute) => context.users.shows(attribute));
  counts.keptEdits -= missing.peopleWithOnly(hidden);
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

/** Values that the file has and the org does not return: emptied in Okta, or hidden from these credentials. */
class MissingValues {
  /** Number of people for each set of missing attributes. */
  readonly #people = new Map<string, { readonly attributes: readonly string[]; people: number }>();

  add(kept: readonly KeptEdit[]): void {
    if (kept.length === 0 || !kept.every(({ inOkta }) => isEmpty(inOkta))) return;
    const attributes = kept.map(({ attribute }) => attribute);
    const same = this.#people.get(attributes.join());
    if (same === undefined) this.#people.set(attributes.join(), { attributes, people: 1 });
    else same.people += 1;
  }

  /** A value missing for one user may have been emptied by an admin; an attribute missing for all users is hidden. */
  hidden(isShown: (attribute: string) => boolean): ReadonlySet<string> {
    const counts = new Map<string, number>();
    for (const { attributes, people } of this.#people.values()) {
      for (const name of attributes) counts.set(name, (counts.get(name) ?? 0) + people);
    }
    return new Set([...counts].flatMap(([name, people]) => (people > 1 && !isShown(name) ? [name] : [])));
  }

  peopleWithOnly(hidden: ReadonlySet<string>): number {
    let count = 0;
    for (const { attributes, people } of this.#people.values()) {
      if (attributes.every((name) => hidden.has(name))) count += people;
    }
    return count;
  }
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
