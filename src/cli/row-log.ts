import { errorCodesOf, outcomeMessage } from '../report/result-fields.js';
import type { Terminal } from './terminal.js';
import type { RowOutcome } from '../rows/outcome.js';

/** Logs a row that failed or is invalid. Text output has no line per row: it lists the failures by cause at the end. */
export function logRow(terminal: Terminal, outcome: RowOutcome): void {
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
      errorCode: errorCodesOf(outcome),
      message: outcomeMessage(outcome),
      requestId: error?.requestId,
    },
    [],
  );
}
