import type { FinishedRun, RunObserver } from '../jobs/run-observer.js';
import { errorCodesOf, outcomeMessage } from '../report/results-columns.js';
import type { RowOutcome } from '../rows/outcome.js';
import { lineLabelOf } from '../rows/place.js';
import { escapeControlCharacters } from '../text.js';

import type { CommandContext } from './command-context.js';
import { previewText } from './preview-table.js';
import { Progress } from './progress.js';
import { summaryText, warningsText } from './summary-text.js';
import type { Terminal, TerminalStream } from './terminal.js';

/** What is shown, and where. */
export interface OutputFlags {
  /** The summary as JSON on stdout. */
  readonly json: boolean;
  readonly quiet: boolean;
  readonly progress: boolean;
  /** The values of the first rows of a dry run; undefined for only at a terminal. */
  readonly preview?: boolean | undefined;
}

/**
 * Shows a run at the terminal, and logs it.
 *
 * @param nextSteps - what can be done now: sentences that may end in a command.
 */
export function terminalObserver(
  { terminal, stdout, clock, asTyped }: CommandContext,
  { json, quiet, progress, preview: wantsPreview }: OutputFlags,
  nextSteps: (run: FinishedRun) => readonly string[],
): RunObserver {
  const now = (): number => clock.now();
  let shown: Progress | undefined;
  const clearProgress = (): void => {
    shown?.clear();
    shown = undefined;
  };
  return {
    started({ command, runId, folder, file, sha256, rows, org, isResumed }) {
      clearProgress();
      const fields = {
        command,
        runId,
        folder: folder && asTyped(folder),
        file,
        sha256,
        records: rows,
        org,
        isResumed,
      };
      terminal.log('run.started', fields, []);
    },
    ...(progress &&
      !quiet && {
        progress: (state) => (shown ??= new Progress({ terminal, now })).show(state),
      }),
    ...(terminal.isEnabled('row.failed') && {
      rows: (outcomes) => outcomes.forEach((outcome) => logRow(terminal, outcome)),
    }),
    preview(preview) {
      if (!(wantsPreview ?? (!quiet && !json && isShownToPeople(terminal, stdout)))) return;
      clearProgress();
      const text = previewText(preview, widthOf(stdout));
      // With --json, stdout takes nothing else.
      if (json) terminal.info(text.trimEnd());
      else stdout.write(text);
    },
    notice(message) {
      if (!quiet) terminal.info(escapeControlCharacters(message));
    },
    warning({ row, message }) {
      // Warnings about rows are listed by cause when the run has ended.
      if (row === undefined) terminal.warn(message);
    },
    finished(run) {
      clearProgress();
      const { summary } = run;
      if (json) stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
      const { command, runId, file, org, counts, sync, requests, durationMs, exitCode, stoppedBecause } =
        summary;
      const folder = run.folder ?? '';
      const next = nextSteps(run);
      terminal.log(
        'run.ended',
        {
          command,
          runId,
          folder: asTyped(folder),
          file: file.name,
          sha256: file.sha256,
          org,
          counts,
          sync,
          requests,
          durationMs,
          exitCode,
          stoppedBecause,
          next,
        },
        summaryText(summary, { ...run, folder, next, colorize: terminal.colorize }),
        exitCode === 0 ? 'info' : 'error',
      );
      if (!terminal.isQuiet || exitCode !== 0) return;
      // The summary is not printed, but what may be wrong with the data must not get lost.
      const title = `Warnings about ${escapeControlCharacters(file.name)}`;
      const lines = warningsText(run.warnings, title, {
        lineLabel: lineLabelOf(file),
        colorize: terminal.colorize,
      });
      if (lines.length > 0) terminal.warn(lines.join('\n'));
    },
  };
}

function isShownToPeople(terminal: Terminal, stdout: TerminalStream): boolean {
  return terminal.isTerminal && !terminal.isJson && stdout.isTTY === true;
}

function widthOf({ isTTY, columns }: TerminalStream): number | undefined {
  return isTTY === true ? columns : undefined;
}

/** Logs a row that failed or is invalid. Text output has no line per row: it lists the failures by cause at the end. */
function logRow(terminal: Terminal, outcome: RowOutcome): void {
  if (outcome.status !== 'failed' && outcome.status !== 'invalid') return;
  const { row, line, login, status } = outcome;
  const requestId = status === 'failed' ? outcome.error.requestId : undefined;
  const [errorCode, message] = [errorCodesOf(outcome), outcomeMessage(outcome)];
  terminal.log('row.failed', { row, line, login, status, errorCode, message, requestId }, []);
}
