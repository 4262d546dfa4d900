import type { ProfileValue } from '../okta/types.js';
import type { Leaver } from '../sync/leavers.js';
import { quoted } from '../text.js';

import { isRename } from './sync-counts.js';
import type { PlannedPerson } from './sync-pass.js';

/** One kind of change of a plan: how many people, and the first of them, each as one line. */
export interface PlanSection {
  readonly title: string;
  readonly people: number;
  readonly examples: readonly string[];
}

/** What a dry run of `sync` shows to people. */
export interface SyncPlanText {
  readonly sections: readonly PlanSection[];
  /** Why a run would stop before its first write. */
  readonly brakes: readonly string[];
}

const MAX_EXAMPLES = 20;

/** Collects the plan while its rows pass. */
export class PlanTextWriter {
  readonly #joiners = new Section('Joiners, to be created');
  readonly #renames = new Section('Renames: the same person with a new login or email');
  readonly #movers = new Section('Movers, to be changed');
  readonly #returners = new Section('Returners');
  readonly #kept = new Section('Edited in Okta and kept (--override-edits writes the values of the file)');
  readonly #waiting = new Section('Not created, because of the start or end date');
  readonly #leavers = new Section('Leavers');

  add(person: PlannedPerson): void {
    if (person.kind !== 'person') return;
    const { plan, operation } = person;
    const { login } = operation;
    if (plan.kind === 'create') {
      this.#joiners.add(plan.isStaged ? `${login} (staged until the start date)` : login);
    }
    if (plan.kind === 'waiting') this.#waiting.add(`${login}: ${plan.reason}`);
    if (plan.kind !== 'existing') return;
    const { changes, joins, leaves, lifecycle, kept, isReturner, user } = plan;
    const former = user.profile['login'];
    const what = [
      ...(lifecycle === undefined ? [] : [lifecycle]),
      ...changes.map(({ attribute, from, to }) => `${attribute}: ${shown(from)} → ${shown(to)}`),
      ...(joins.length > 0 ? [`joins ${joins.length} groups`] : []),
      ...(leaves.length > 0 ? [`leaves ${leaves.length} groups`] : []),
    ].join(', ');
    if (isReturner) this.#returners.add(`${former}: ${what || 'stays deactivated (--reactivate activates)'}`);
    else if (isRename(changes)) this.#renames.add(`${former}: ${what}`);
    else if (what !== '') this.#movers.add(`${former}: ${what}`);
    if (kept.length > 0) {
      const edits = kept.map(
        ({ attribute, inFile, inOkta }) => `${attribute}: ${shown(inOkta)}, in the file ${shown(inFile)}`,
      );
      this.#kept.add(`${former}: ${edits.join(', ')}`);
    }
  }

  addLeaver({ user, action, reason }: Leaver): void {
    const login = user === undefined ? 'a deleted user' : user.profile['login'];
    this.#leavers.add(action === undefined ? `${login}: ${reason}` : `${login}: ${action}`);
  }

  /** Sections with people, in the order in which they are read. */
  sections(): readonly PlanSection[] {
    return [
      this.#joiners,
      this.#movers,
      this.#renames,
      this.#returners,
      this.#leavers,
      this.#kept,
      this.#waiting,
    ].filter(({ people }) => people > 0);
  }
}

class Section implements PlanSection {
  readonly title: string;
  people = 0;
  readonly examples: string[] = [];

  constructor(title: string) {
    this.title = title;
  }

  add(example: string): void {
    this.people += 1;
    if (this.examples.length < MAX_EXAMPLES) this.examples.push(example);
  }
}

function shown(value: ProfileValue): string {
  if (value === null || value === '') return 'nothing';
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}
