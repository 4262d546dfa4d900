import { useEffect, useRef } from 'preact/hooks';

import type { RunView } from '../../api/run.js';
import { usePage } from '../page-context.js';
import { Button } from '../parts/button.js';
import { FoldedList } from '../parts/folded-list.js';
import { Icon } from '../parts/icon.js';
import { StepLink } from '../parts/link.js';
import { NextBar } from '../parts/next-bar.js';
import { ErrorNotice } from '../parts/notice.js';
import { Progress } from '../parts/progress.js';
import { Screen } from '../parts/screen.js';
import { Stats } from '../parts/stats.js';
import { texts } from '../texts.js';
import { runTexts as words } from '../texts/run.js';
import { numberText } from '../texts/numbers.js';
import { countTiles } from '../texts/status.js';
import { useAction } from '../use-action.js';
import { Failures } from './failures.js';
import { Headline, NextSteps } from './run-end.js';

/** A run while it goes on, and how it has ended. */
export function RunScreen() {
  const { store } = usePage();
  const run = store.run.value;
  useAnnouncements(run);
  if (run === undefined) return <Screen title={texts.steps.run.title}>{null}</Screen>;
  const { action, name, org, result, status } = run;
  const title = (result === undefined ? words.title : words.endedTitle)[action](name);
  return (
    <Screen
      title={title}
      intro={
        <>
          <bdi>{run.isSandbox ? words.intoSandbox : words.into(org)}</bdi>
          {result === undefined && ` · ${words.stays}`}
        </>
      }
    >
      <div class="stack">
        {result !== undefined && <Headline result={result} />}
        {result === undefined && <InProgress run={run} />}
        {(status !== 'ended' || action !== 'verify') && <Numbers run={run} />}
        <Failures
          isWorkbook={run.isWorkbook}
          failures={run.failures}
          isEnded={result !== undefined}
          caption={
            action === 'verify' ? words.differences : result === undefined ? words.failures : words.failedRows
          }
        />
        <FoldedList title={words.warnings(run.warnings.length)} lines={run.warnings} />
        {result !== undefined && !result.hasReport && <NextSteps run={run} result={result} />}
      </div>
      {result !== undefined && (
        <NextBar
          back={result.hasReport || action !== 'import' ? undefined : 'plan'}
          next={result.hasReport ? 'report' : undefined}
        >
          <StepLink step="runs" class="button-second">
            {words.allRuns}
          </StepLink>
        </NextBar>
      )}
    </Screen>
  );
}

function InProgress({ run }: { readonly run: RunView }) {
  const { api } = usePage();
  const pause = useAction();
  const isStarting = run.doneRows === 0 && run.rows === undefined;
  return (
    <>
      <div class="card stack">
        <Progress
          label={isStarting ? words.reading : words.progress}
          value={isStarting ? undefined : run.doneRows}
          max={run.rows}
        >
          {!isStarting && words.done(run.doneRows, run.rows)}
        </Progress>
        <div class="button-row">
          <Button
            isBusy={run.status === 'pausing' || pause.isBusy}
            onClick={() => void pause.run(api.pauseRun)}
          >
            {run.status !== 'pausing' && <Icon name="pause" />}
            {run.status === 'pausing' ? words.pausing : words.pause}
          </Button>
        </div>
        <ErrorNotice error={pause.error} />
      </div>
      {run.wait !== undefined && <WaitLine text={run.wait} />}
    </>
  );
}

/** Changes every second: announced once, not at each change. */
function WaitLine({ text }: { readonly text: string }) {
  return (
    <p class="wait-line">
      <Icon name="info" />
      <span>{text}</span>
    </p>
  );
}

function Numbers({ run }: { readonly run: RunView }) {
  const { counts, leftOut, rowsPerMinute, timeLeftMs, requests, status } = run;
  const isRunning = status !== 'ended';
  return (
    <Stats
      stats={[
        ...countTiles(counts, leftOut),
        ...(isRunning
          ? [
              { label: words.rate, value: numberText(Math.round(rowsPerMinute)) },
              {
                label: words.left,
                value: timeLeftMs === undefined ? words.unknown : words.leftText(timeLeftMs),
              },
            ]
          : []),
        {
          label: words.requests,
          value: numberText(requests.sent),
          note: requests.rateLimited > 0 ? words.rateLimited(requests.rateLimited) : undefined,
        },
      ]}
    />
  );
}

/** Every quarter, when a wait begins, and the end: more would talk over everything else. */
function useAnnouncements(run: RunView | undefined): void {
  const page = usePage();
  const said = useRef({ quarter: 0, isWaiting: false, isEnded: run?.status === 'ended' });
  useEffect(() => {
    if (run === undefined) return;
    const { quarter, isWaiting, isEnded } = said.current;
    const now = run.rows === undefined || run.rows === 0 ? 0 : Math.floor((run.doneRows / run.rows) * 4);
    const waits = run.wait !== undefined;
    said.current = { quarter: now, isWaiting: waits, isEnded: run.status === 'ended' };
    if (run.result !== undefined) {
      if (!isEnded) page.announce(words.announce.ended(run.result.headline));
    } else if (waits && !isWaiting) page.announce(words.announce.wait(run.wait ?? ''));
    else if (now > quarter) page.announce(words.announce.progress(now * 25));
  }, [run]);
}
