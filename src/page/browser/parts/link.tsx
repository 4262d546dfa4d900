import type { ComponentChildren } from 'preact';

import type { StepName } from '../../api/state.js';
import { usePage } from '../page-context.js';

/** A link to a step. */
export function StepLink({
  step,
  children,
  class: className,
  isCurrent = false,
}: {
  readonly step: StepName;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly isCurrent?: boolean;
}) {
  const { router } = usePage();
  return (
    <a
      href={`/${step}`}
      class={className}
      aria-current={isCurrent ? 'step' : undefined}
      onClick={(event) => {
        // Opening it in another tab is the browser's matter.
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        router.go(step);
      }}
    >
      {children}
    </a>
  );
}
