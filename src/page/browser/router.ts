import { computed, signal, type ReadonlySignal } from '@preact/signals';

import type { PageState, StepName } from '../api/state.js';

/** In the order of the way; `runs` is beside it. */
export const STEPS = [
  'file',
  'columns',
  'check',
  'plan',
  'run',
  'report',
  'runs',
] as const satisfies StepName[];

export interface Router {
  /** As the address says; undefined for `/` and addresses that are none. */
  readonly wanted: ReadonlySignal<StepName | undefined>;
  go(step: StepName): void;
}

/** Reads and changes the address. Steps that follow each other are one "back" apart. */
export function createRouter(window: Window): Router {
  const path = signal(window.location.pathname);
  window.addEventListener('popstate', () => {
    path.value = window.location.pathname;
  });
  return {
    wanted: computed(() => toStep(path.value)),
    go(step) {
      if (toStep(path.peek()) === step) return;
      window.history.pushState(null, '', `/${step}`);
      path.value = `/${step}`;
    },
  };
}

function toStep(path: string): StepName | undefined {
  return STEPS.find((step) => path === `/${step}`);
}

/**
 * The step to show. One that cannot be opened yet leads to the last step before it that can.
 *
 * @returns `missing` is the step that was wanted.
 */
export function stepToShow(
  wanted: StepName | undefined,
  { openSteps, run }: Pick<PageState, 'openSteps' | 'run'>,
): { readonly step: StepName; readonly missing: StepName | undefined } {
  if (wanted === undefined) {
    // Also one that has just ended: the reader wants to know how.
    return { step: run === undefined ? 'file' : 'run', missing: undefined };
  }
  if (openSteps.includes(wanted)) return { step: wanted, missing: undefined };
  const before = STEPS.slice(0, STEPS.indexOf(wanted)).filter((step) => openSteps.includes(step));
  return { step: before.at(-1) ?? 'file', missing: wanted };
}
