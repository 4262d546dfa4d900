import type { RowOutcome } from '../rows/outcome.js';
import type { Problem } from '../rows/problem.js';

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
    case 'leaver':
    case 'would-suspend':
    case 'would-deactivate':
      return outcome.reason;
    case 'suspended':
    case 'deactivated':
      return outcome.reason ?? '';
    case 'invalid':
      return messagesOf(outcome.problems).join(' ');
    case 'updated':
      return withKept(
        [
          ...outcome.changes.map(({ attribute }) => attribute),
          ...(outcome.joined.length + (outcome.left?.length ?? 0) > 0 ? ['groups'] : []),
          ...(outcome.lifecycle === undefined ? [] : ['status']),
        ].join(', '),
        outcome.keptEdits,
      );
    case 'unchanged':
    case 'exists':
      return outcome.mergedInto === undefined
        ? withKept('', outcome.keptEdits)
        : `Merged into ${outcome.mergedIntoPlace ?? `row ${outcome.mergedInto}`} of the same user.`;
    case 'would-update':
      return outcome.changed.join(', ');
    default:
      return '';
  }
}

/** Parts of a message that may differ between problems of a kind. */
const QUOTED = /"[^"]*"/g;
const MAX_VALUES = 5;

/** One message per kind of problem; of several that differ only in a quoted value, the first, with their number. */
function messagesOf(problems: readonly Problem[]): readonly string[] {
  const kinds = new Map<string, string[]>();
  for (const problem of problems) {
    const text = problemText(problem);
    const kind = `${problem.code} ${text.replaceAll(QUOTED, '""')}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), text]);
  }
  return [...kinds.values()].map(([first = '', ...others]) => {
    if (others.length === 0) return first;
    const values = others.map((text) => text.match(QUOTED)?.[0] ?? '').filter((value) => value !== '');
    const listed = values.slice(0, MAX_VALUES).join(', ');
    const more = values.length > MAX_VALUES ? ', …' : '';
    return `${first} (The same for ${others.length} more${listed === '' ? '' : `: ${listed}${more}`}.)`;
  });
}

/** With the attributes that were edited in Okta and kept: `title; kept: department`. */
function withKept(text: string, keptEdits: readonly string[] = []): string {
  if (keptEdits.length === 0) return text;
  return `${text === '' ? '' : `${text}; `}kept: ${keptEdits.join(', ')}`;
}

/** The message of a problem, after the name of its column unless it begins with that name. */
export function problemText({ column, message }: Problem): string {
  return column === undefined || message.startsWith(`${column} `) ? message : `${column}: ${message}`;
}

function requestIdOf(outcome: RowOutcome): string | undefined {
  if (outcome.status === 'created' || outcome.status === 'updated') return outcome.requestId;
  return outcome.status === 'failed' ? outcome.error.requestId : undefined;
}
