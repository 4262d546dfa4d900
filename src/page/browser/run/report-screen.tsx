import { usePage } from '../page-context.js';
import { StepLink } from '../parts/link.js';
import { NextBar } from '../parts/next-bar.js';
import { Screen } from '../parts/screen.js';
import { Stats } from '../parts/stats.js';
import { texts } from '../texts.js';
import { runTexts as words } from '../texts/run.js';
import { countTiles } from '../texts/status.js';
import { Failures } from './failures.js';
import { Headline, NextSteps } from './run-end.js';

/** What came of the run, and what to do next. */
export function ReportScreen() {
  const { store } = usePage();
  const run = store.run.value;
  if (run?.result === undefined) return <Screen title={texts.steps.report.title}>{null}</Screen>;
  const { result, action, name, org, isSandbox, isWorkbook, runId, counts, leftOut, failures } = run;
  return (
    <Screen
      title={words.endedTitle[action](name)}
      intro={
        <bdi>
          {isSandbox ? words.intoSandbox : words.into(org)} · {words.folder(runId)}
        </bdi>
      }
    >
      <div class="stack">
        <Headline result={result} />
        <Stats stats={countTiles(counts, leftOut)} />
        <NextSteps run={run} result={result} />
        <Failures failures={failures} isWorkbook={isWorkbook} caption={words.failuresOf(result.failedRows)} />
      </div>
      <NextBar back="run">
        <StepLink step="runs" class="button-second">
          {words.allRuns}
        </StepLink>
      </NextBar>
    </Screen>
  );
}
