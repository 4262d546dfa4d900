import { useState } from 'preact/hooks';

import type { RunAction, RunFile, RunResultView, RunView } from '../../api/run.js';
import { Button } from '../parts/button.js';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { actionTexts, runTexts as words } from '../texts/run.js';
import { ActionDialog } from './action-dialog.js';
import { useCorrection } from './use-correction.js';

/** How a run has ended, in a sentence. */
export function Headline({ result }: { readonly result: RunResultView }) {
  const { headline, stoppedBecause, hint, exitCode } = result;
  const severity = exitCode === 0 ? 'info' : exitCode === 1 || exitCode === 130 ? 'warning' : 'error';
  return (
    <Notice severity={severity} message={headline} hint={hint}>
      {stoppedBecause !== undefined && <p dir="auto">{stoppedBecause}</p>}
    </Notice>
  );
}

/** What can be done with a run that has ended. */
export function NextSteps({ run, result }: { readonly run: RunView; readonly result: RunResultView }) {
  const { runId } = run;
  const correct = useCorrection(runId);
  const [action, setAction] = useState<RunAction>();
  const { actions, canCorrect, failedRows, files, hasReport, links } = result;
  if (runId === '') return null;
  return (
    <section class="card stack" aria-labelledby="what-next">
      <h2 id="what-next">{words.next}</h2>
      <ErrorNotice error={correct.error} />
      <ul class="next-steps">
        {hasReport && (
          <li>
            <a class="button-second" href={reportUrl(runId)} target="_blank" rel="noopener">
              {words.report}
            </a>
            <span class="soft">{words.reportNote}</span>
          </li>
        )}
        {links !== undefined && (
          <li>
            <a class="button-second" href={fileUrl(links.runId, links.file)} download>
              {links.file}
            </a>
            <span class="soft">{words.file[links.file]}</span>
          </li>
        )}
        {canCorrect && (
          <li>
            <Button isBusy={correct.isBusy} onClick={correct.start}>
              {words.correct}
            </Button>
            <span class="soft">{words.correctNote(failedRows)}</span>
          </li>
        )}
        {actions.map((each) => (
          <li key={each}>
            <Button aria-haspopup="dialog" onClick={() => setAction(each)}>
              {actionTexts[each].label}
            </Button>
            <span class="soft">{actionTexts[each].note}</span>
          </li>
        ))}
      </ul>
      {files.length > 0 && (
        <>
          <h3>{words.files}</h3>
          <ul class="run-files">
            {files.map((file) => (
              <li key={file}>
                <a href={fileUrl(runId, file)} download>
                  {file}
                </a>
                <span class="soft">{words.file[file]}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {action !== undefined && (
        <ActionDialog runId={runId} action={action} onClose={() => setAction(undefined)} />
      )}
    </section>
  );
}

function fileUrl(runId: string, file: RunFile): string {
  return `/runs/${encodeURIComponent(runId)}/${file}`;
}

export function reportUrl(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}/report.html`;
}
