import type { StepName } from '../api/state.js';
import { StepLink } from './parts/link.js';
import { STEPS } from './router.js';
import { texts } from './texts.js';

const ON_THE_WAY = STEPS.filter((step) => step !== 'runs');

/** The way from the file to the report. Steps that cannot be opened yet are no links. */
export function StepList({
  current,
  openSteps,
}: {
  readonly current: StepName;
  readonly openSteps: readonly StepName[];
}) {
  return (
    <nav class="steps" aria-label={texts.shell.steps}>
      <ol>
        {ON_THE_WAY.map((step, index) => {
          const content = (
            <>
              <span class="step-number" aria-hidden="true">
                {index + 1}
              </span>
              <span class="step-name">{texts.steps[step].name}</span>
            </>
          );
          return (
            <li key={step}>
              {openSteps.includes(step) ? (
                <StepLink step={step} class="step" isCurrent={step === current}>
                  {content}
                </StepLink>
              ) : (
                <span class="step step-closed">
                  {content}
                  <span class="unseen"> {texts.shell.notYet}</span>
                </span>
              )}
            </li>
          );
        })}
      </ol>
      <StepLink step="runs" class="step step-runs" isCurrent={current === 'runs'}>
        <span class="step-name">{texts.steps.runs.name}</span>
      </StepLink>
    </nav>
  );
}
