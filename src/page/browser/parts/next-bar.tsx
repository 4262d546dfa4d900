import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

import type { StepName } from '../../api/state.js';
import { usePage } from '../page-context.js';
import { texts } from '../texts.js';
import { StepLink } from './link.js';

/**
 * The way on and back, at the end of a screen; it stays visible while the screen scrolls.
 *
 * `<NextBar back="file" next="check" blockedBy="Decide about 2 columns." />`; `blockedBy` is shown while `next` cannot be opened. For a step
 * that does something, give a button in place of `next`: `<NextBar back="check"><Button kind="primary" …>Import</Button></NextBar>`.
 */
export function NextBar({
  back,
  next,
  blockedBy,
  children,
}: {
  readonly back?: StepName | undefined;
  readonly next?: StepName | undefined;
  readonly blockedBy?: string | undefined;
  readonly children?: ComponentChildren;
}) {
  const { store } = usePage();
  const id = useId();
  const isOpen = next !== undefined && store.state.value?.openSteps.includes(next) === true;
  return (
    <div class="next-bar">
      {back !== undefined && (
        <StepLink step={back} class="button-second">
          {texts.common.back}
        </StepLink>
      )}
      {children}
      {next !== undefined &&
        (isOpen ? (
          <StepLink step={next} class="button">
            {texts.common.next(texts.steps[next].name)}
          </StepLink>
        ) : (
          <>
            {/* Reachable, so that a screen reader gets to the reason. */}
            <button type="button" class="button" aria-disabled="true" aria-describedby={id}>
              {texts.common.next(texts.steps[next].name)}
            </button>
            <span id={id} class="soft">
              {blockedBy}
            </span>
          </>
        ))}
    </div>
  );
}
