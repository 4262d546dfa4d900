import { useCallback, useEffect, useState } from 'preact/hooks';

import type { ListedRunView, RunAction } from '../../api/run.js';
import { usePage } from '../page-context.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { Empty } from '../parts/empty.js';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { Progress } from '../parts/progress.js';
import { Screen } from '../parts/screen.js';
import type { RequestError } from '../request-error.js';
import { ActionDialog } from '../run/action-dialog.js';
import { reportUrl } from '../run/run-end.js';
import { useCorrection } from '../run/use-correction.js';
import { texts } from '../texts.js';
import { actionTexts, runsTexts as words, runTexts } from '../texts/run.js';
import { countsLine } from '../texts/status.js';
import { toRequestError } from '../use-action.js';
import { runBadge } from './run-badge.js';

/** The runs of the reports folder, and what can be done with each. */
export function RunsScreen() {
  const { api, store } = usePage();
  const [runs, setRuns] = useState<readonly ListedRunView[]>();
  const [error, setError] = useState<RequestError>();
  const [chosen, setChosen] = useState<{ readonly runId: string; readonly action: RunAction }>();
  const load = useCallback(() => {
    setError(undefined);
    api.listRuns().then(setRuns, (thrown: unknown) => setError(toRequestError(thrown)));
  }, []);
  const { status } = store.run.value ?? {};
  // Another org, or the end of a run, changes what can be done.
  useEffect(load, [store.state.value?.org.url, status === 'ended']);
  const isBusy = status === 'running' || status === 'pausing';
  return (
    <Screen
      title={texts.steps.runs.title}
      intro={words.intro}
      actions={<Button onClick={load}>{words.reload}</Button>}
    >
      <div class="stack">
        <ErrorNotice error={error} />
        {isBusy && <Notice severity="info" message={words.busy} />}
        {runs === undefined && error === undefined && (
          <Progress label={words.loading} value={undefined} max={undefined} />
        )}
        {runs?.length === 0 && <Empty title={words.none}>{words.noneHint}</Empty>}
        {runs !== undefined && runs.length > 0 && (
          <div class="runs">
            <DataTable
              caption={texts.steps.runs.title}
              isCaptionHidden
              rows={runs}
              keyOf={({ runId }) => runId}
              columns={[
                { head: words.what, isRowHead: true, cell: (run) => <What run={run} /> },
                { head: words.result, cell: (run) => <Result run={run} /> },
                {
                  head: words.actions,
                  cell: (run) => (
                    <Actions
                      run={run}
                      isBusy={isBusy}
                      onChoose={(action) => setChosen({ runId: run.runId, action })}
                    />
                  ),
                },
              ]}
            />
          </div>
        )}
      </div>
      {chosen !== undefined && <ActionDialog {...chosen} onClose={() => setChosen(undefined)} />}
    </Screen>
  );
}

function What({ run: { file, command, startedAt, runId } }: { readonly run: ListedRunView }) {
  return (
    <div class="run-what">
      <bdi>{file ?? runId}</bdi>
      <span class="soft">
        {command}
        {startedAt !== '' && (
          <>
            {' · '}
            <time dateTime={startedAt}>{new Date(startedAt).toLocaleString()}</time>
          </>
        )}
      </span>
      <span class="soft run-id">{runId}</span>
    </div>
  );
}

function Result({ run }: { readonly run: ListedRunView }) {
  const { counts, leftOut, problem } = run;
  const { tone, label } = runBadge(run);
  return (
    <div class="run-what">
      <span>
        <Badge tone={tone}>{label}</Badge>
      </span>
      <span>{countsLine(counts, leftOut)}</span>
      {problem !== undefined && (
        <span class="soft" dir="auto">
          {problem}
        </span>
      )}
    </div>
  );
}

function Actions({
  run,
  isBusy,
  onChoose,
}: {
  readonly run: ListedRunView;
  readonly isBusy: boolean;
  readonly onChoose: (action: RunAction) => void;
}) {
  const { runId, actions, canCorrect, hasReport, isThisOrg, isSandbox, org } = run;
  const correct = useCorrection(runId);
  const nameOf = (label: string): string => words.actionOf(label, runId);
  return (
    <div class="stack-tight">
      <div class="button-row run-actions">
        {actions.map((action) => (
          <Button
            key={action}
            disabled={isBusy}
            aria-label={nameOf(actionTexts[action].label)}
            aria-haspopup="dialog"
            title={actionTexts[action].note}
            onClick={() => onChoose(action)}
          >
            {actionTexts[action].label}
          </Button>
        ))}
        {canCorrect && (
          <Button
            disabled={isBusy}
            isBusy={correct.isBusy}
            aria-label={nameOf(runTexts.correct)}
            onClick={correct.start}
          >
            {runTexts.correct}
          </Button>
        )}
        {hasReport && (
          <a
            class="button-plain"
            href={reportUrl(runId)}
            target="_blank"
            rel="noopener"
            aria-label={nameOf(words.report)}
          >
            {words.report}
          </a>
        )}
      </div>
      {!isThisOrg && org !== undefined && (
        <span class="soft">{isSandbox ? words.otherSandbox(org) : words.otherOrg(org)}</span>
      )}
      <ErrorNotice error={correct.error} />
    </div>
  );
}
