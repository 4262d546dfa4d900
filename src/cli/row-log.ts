import { messageOf } from '../report/csv-files.js';
import type { Terminal } from './terminal.js';
import type { Outcome } from '../rows/outcome.js';

/** Tells logs of a bad row; on a terminal the rows are told at the end, by their causes. */
export function logRow(terminal: Terminal, outcome: Outcome): void {
  if (outcome.status !== 'failed' && outcome.status !== 'invalid') return;
  if (!terminal.isEnabled('row.failed')) return;
  const { row, line, login, status } = outcome;
  const error = status === 'failed' ? outcome.error : undefined;
  terminal.log(
    'row.failed',
    {
      row,
      line,
      login,
      status,
      errorCode: error?.errorCode ?? codesOf(outcome),
      message: messageOf(outcome),
      requestId: error?.requestId,
    },
    [],
  );
}

function codesOf(outcome: Outcome): string | undefined {
  return outcome.status === 'invalid' ? outcome.problems.map(({ code }) => code).join(' ') : undefined;
}
