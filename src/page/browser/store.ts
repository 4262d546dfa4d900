import { batch, signal, type Signal } from '@preact/signals';

import type { CheckState } from '../api/check.js';
import type { PlanState } from '../api/plan.js';
import type { RunView } from '../api/run.js';
import type { PageEvent, PageState } from '../api/state.js';

/** `lost`: the program does not respond. `stale`: it does, but this page's cookie is of an earlier one. `closed`: ended with the button. */
export type Connection = 'connecting' | 'open' | 'lost' | 'stale' | 'closed';

/** What the page knows, as signals: what reads one is drawn again when it changes. */
export interface Store {
  readonly state: Signal<PageState | undefined>;
  readonly check: Signal<CheckState | undefined>;
  readonly plan: Signal<PlanState | undefined>;
  readonly run: Signal<RunView | undefined>;
  readonly connection: Signal<Connection>;
  /** Takes a state over, unless a newer one is known. */
  accept(state: PageState): void;
  /** Takes over the state of a program that may be another one than before. */
  restart(state: PageState): void;
  acceptEvent(event: PageEvent): void;
}

export function createStore(): Store {
  const state = signal<PageState | undefined>(undefined);
  const check = signal<CheckState | undefined>(undefined);
  const plan = signal<PlanState | undefined>(undefined);
  const run = signal<RunView | undefined>(undefined);
  const connection = signal<Connection>('connecting');

  const restart = (next: PageState): void =>
    batch(() => {
      state.value = next;
      check.value = next.check;
      plan.value = next.plan;
      run.value = next.run;
    });
  const accept = (next: PageState): void => {
    if (state.value === undefined || next.revision >= state.value.revision) restart(next);
  };
  return {
    state,
    check,
    plan,
    run,
    connection,
    accept,
    restart,
    acceptEvent(event) {
      switch (event.kind) {
        case 'state':
          accept(event.state);
          break;
        case 'check':
          check.value = event.check;
          break;
        case 'plan':
          plan.value = event.plan;
          break;
        case 'run':
          run.value = event.run;
          break;
        default:
          event satisfies never;
      }
    },
  };
}
