import type { RowOutcome } from '../rows/outcome.js';

/** The header of `results.csv`. */
export const RESULT_COLUMNS = [
  'row',
  'line',
  'login',
  'status',
  'oktaId',
  'userStatus',
  'attempts',
  'durationMs',
  'errorCode',
  'message',
  'requestId',
] as const;

/** A row's fields in `results.csv`. */
export function resultFields(outcome: RowOutcome): readonly string[] {
  const { row, line, login, status, attempts, durationMs } = outcome;
  const user = outcome.status === 'failed' ? outcome.written : outcome;
  const oktaId = user !== undefined && 'oktaId' in user ? user.oktaId : '';
  const userStatus = user !== undefined && 'userStatus' in user ? user.userStatus : '';
  return [
    String(row),
    line === 0 ? '' : String(line),
    login ?? '',
    status,
    oktaId,
    userStatus,
    String(attempts),
    String(durationMs),
    errorCodesOf(outcome),
    outcomeMessage(outcome),
    requestIdOf(outcome) ?? '',
  ];
}

/** Codes of a row that is invalid or failed, separated by spaces; else empty. */
export function errorCodesOf(outcome: RowOutcome): string {
  if (outcome.status === 'failed') return outcome.error.errorCode;
  if (outcome.status === 'invalid') return [...new Set(outcome.problems.map(({ code }) => code))].join(' ');
  return '';
}

/** What happened to a row, in one line. */
export function outcomeMessage(outcome: RowOutcome): string {
  switch (outcome.status) {
    case 'failed':
      return outcome.error.message;
    case 'not-attempted':
    case 'kept':
      return outcome.reason;
    case 'invalid':
      return outcome.problems
        .map(({ column, message }) => (column === undefined ? message : `${column}: ${message}`))
        .join(' ');
    case 'updated':
      return changedNames(outcome).join(', ');
    case 'would-update':
      return outcome.changed.join(', ');
    default:
      return '';
  }
}

/** Names of the attributes that an update changed. */
function changedNames({
  changes,
  joined,
}: Pick<Extract<RowOutcome, { status: 'updated' }>, 'changes' | 'joined'>): string[] {
  return [...changes.map(({ attribute }) => attribute), ...(joined.length > 0 ? ['groups'] : [])];
}

function requestIdOf(outcome: RowOutcome): string | undefined {
  if (outcome.status === 'created' || outcome.status === 'updated') return outcome.requestId;
  return outcome.status === 'failed' ? outcome.error.requestId : undefined;
}
